import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { writeScimEnabled } from "../../src/inspect/confirm-scim.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { specFolder } from "../spec/spec-files.ts";

const folder = specFolder();
const shared = readFileSync(folder.path("base.yaml"), "utf8");

function written(text: string): { text: string; file: string } {
  const own = folder.write("prod.yaml", text);
  const { spec } = loadSpec(own);
  if (!spec) throw new Error("the spec is wrong");
  const file = writeScimEnabled(spec, ["hub-okta"]);
  expect(readFileSync(folder.path("base.yaml"), "utf8")).toBe(shared);
  expect(loadSpec(own).spec?.spec.applications["hub-okta"]?.okta?.scim).toBe("enabled");
  return { text: readFileSync(own, "utf8"), file };
}

describe("scim: enabled", () => {
  it("is written into the environment's own file, where the application stands in one that it extends", () => {
    const own = "extends: base.yaml\nenvironment: prod # ours\n";
    expect(written(own)).toEqual({
      file: folder.path("prod.yaml"),
      text: `${own}applications:\n  hub-okta:\n    okta:\n      scim: enabled\n`,
    });
  });

  it("goes to what the file says of the application already", () => {
    const own = "extends: base.yaml\napplications:\n  hub-okta:\n    maxRemovals: 3\n";
    expect(written(own).text).toBe(
      "extends: base.yaml\napplications:\n  hub-okta:\n    okta:\n      scim: enabled\n    maxRemovals: 3\n",
    );
  });

  it("is not written where the file would come to mean something else", () => {
    const own = folder.write("prod.yaml", "extends: base.yaml\n");
    const { spec } = loadSpec(own);
    if (!spec) throw new Error("the spec is wrong");
    const changed = folder.write("prod.yaml", "extends: base.yaml\nmaxAdminGroup: 7\n");
    expect(() => writeScimEnabled(spec, ["hub-okta"])).toThrow("is as it was: write it there yourself");
    expect(readFileSync(changed, "utf8")).toBe("extends: base.yaml\nmaxAdminGroup: 7\n");
  });
});
