import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { specReference } from "../../scripts/spec-reference.ts";

it("docs/reference/spec.md is what `npm run reference` writes", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/reference/spec.md"), "utf8");
  expect(page).toBe(specReference());
});
