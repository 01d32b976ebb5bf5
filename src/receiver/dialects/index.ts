import { collate } from "./collate.ts";
import { dataMeshManager } from "./data-mesh-manager.ts";
import { datahub } from "./datahub.ts";
import type { Dialect, DialectName } from "./dialect.ts";

const base = { patchResponse: "auto", uniqueUserNames: true, uniqueGroupNames: true } as const;

export const dialects: Record<DialectName, Dialect> = {
  /** RFC 7643 and 7644 to the letter; a deviant form is refused. */
  strict: { ...base, name: "strict", lenient: false, patchResponse: "200", uniqueGroupNames: false },
  /** Every form that Entra and Okta are known to send does what they mean by it. */
  lenient: { ...base, name: "lenient", lenient: true },
  /** As lenient, with the answers that Microsoft's tutorial and collection ask for. */
  microsoft: { ...base, name: "microsoft", lenient: true, patchResponse: "204" },
  datahub: {
    ...base,
    name: "datahub",
    lenient: true,
    uniqueUserNames: false,
    uniqueGroupNames: false,
    product: datahub,
  },
  "data-mesh-manager": { ...base, name: "data-mesh-manager", lenient: true, product: dataMeshManager },
  collate: { ...base, name: "collate", lenient: true, product: collate },
};
