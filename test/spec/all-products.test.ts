import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkAgainstDirectory } from "../../src/desired/against-directory.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { expectedArrivals } from "../../src/desired/expected-arrivals.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { TODAY } from "./spec-files.ts";

const { spec, diagnostics } = loadSpec(join(import.meta.dirname, "all-products.yaml"), { today: TODAY });
const { directories } = loadDirectory(join(import.meta.dirname, "all-products-directory.yaml"));

describe("a spec with all six applications", () => {
  if (!spec || !directories) throw new Error(JSON.stringify(diagnostics, null, 2));

  it("is fine", () => expect(diagnostics).toEqual([]));

  it("comes to something for each with these people", () => {
    const table = toDesiredState(spec).applications.map((application) => {
      const { users, groups, memberships, roles, conflicts } = expectedArrivals(application, directories);
      return [
        application.name,
        users.length,
        groups.length,
        memberships.length,
        roles.length,
        conflicts.length,
      ];
    });
    expect(table).toEqual([
      ["datahub", 6, 2, 5, 6, 0],
      ["datahub-okta", 4, 1, 2, 0, 0],
      ["dmm", 3, 2, 3, 0, 0],
      ["collate", 2, 1, 2, 0, 0],
      // kim is STAGED.
      ["collate-okta", 4, 3, 4, 0, 1],
      ["catalog", 3, 1, 2, 3, 0],
    ]);
  });

  it("is warned of what the people make doubtful", () => {
    const codes = spec
      .report(checkAgainstDirectory(spec, directories))
      .map((one) => `${one.line} ${one.severity} ${one.code}`);
    expect(codes).toEqual(["13 warning nested-group", "54 warning not-active"]);
  });

  it("is not warned of a group inside another one that is assigned as well", () => {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "spec.yaml");
    const text = readFileSync(join(import.meta.dirname, "all-products.yaml"), "utf8");
    const platform = "- { group: data-platform, role: Editor }\n";
    writeFileSync(
      file,
      text.replace(platform, (line) => `${line}        ${line.replace("data-platform", "analysts")}`),
    );
    const { spec: both } = loadSpec(file, { today: TODAY });
    const codes = both?.report(checkAgainstDirectory(both, directories)).map(({ code }) => code);
    expect(codes).toEqual(["not-active"]);
  });

  it("shows people under the name that the mapping gives", () => {
    const catalog = toDesiredState(spec).applications.find((application) => application.name === "catalog");
    if (!catalog) throw new Error("no catalog");
    const { users } = expectedArrivals(catalog, directories);
    expect(users.map((user) => [user.userName, user.displayName])).toContainEqual([
      "bo@sandbox.example",
      "Bo Lindqvist",
    ]);
  });
});
