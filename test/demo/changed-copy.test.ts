import { expect, it } from "vitest";
import { openStage } from "./stage.ts";

it("names the file that people know when a changed copy of it is applied", async () => {
  const stage = await openStage("config/sandbox.yaml");
  stage.editSpec("copy.yaml", (document) => document.setIn(["environment"], "sandbox"));
  const { diagnostics } = await stage.run("preview");
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^config\/sandbox\.yaml:32:11 \[nested-group\]/);
});
