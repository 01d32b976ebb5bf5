import { toDesiredState } from "../desired/desired-state.ts";
import type { DesiredApplication } from "../desired/model.ts";
import { specSchema } from "../spec/schema.ts";

/**
 * What the least that a spec can say of an application asks for: the product's presets, every default, and nobody in it. A new
 * application is compared with it, so that whoever approves it reads all that it asks for beyond. Names, endpoint and token are its own.
 */
export function startingPoint(application: DesiredApplication): DesiredApplication {
  const { name, product, scimUrl, token, protect, at } = application;
  const least = {
    product,
    endpoint: scimUrl,
    token: { secret: token.secret },
    ...(application.idp === "entra"
      ? { entra: { displayName: application.displayName } }
      : { okta: { assignments: [] } }),
  };
  const spec = specSchema.parse({ version: 1, environment: "new", applications: { [name]: least } });
  const [start] = toDesiredState({
    file: at.file,
    spec,
    positionOf: () => at,
    report: () => [],
  }).applications;
  if (!start) throw new TypeError(`${name}: one application makes one`);
  const own = { ...start, scimUrl, token, protect };
  return own.idp === "okta" && application.idp === "okta"
    ? { ...own, label: application.label, carrier: application.carrier }
    : own;
}
