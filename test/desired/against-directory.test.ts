import { join } from "node:path";
import { expect, it } from "vitest";
import { checkAgainstDirectory } from "../../src/desired/against-directory.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { specFolder } from "../spec/spec-files.ts";

const folder = specFolder();
const { directories } = loadDirectory(join(import.meta.dirname, "../spec/directory.yaml"));
if (!directories) throw new Error("test/spec/directory.yaml is broken");

it.each([
  ["governance-team", "Admin", ["error admin-group-size"]],
  ["Governance-TEAM", "Admin", ["error admin-group-size"]],
  ["OUTER", "Reader", ["warning nested-group"]],
  ["NOBODY", "Reader", ["warning role-granted-to-nobody"]],
])("Entra's group %s counts whatever its letter case", (group, role, expected) => {
  const { spec, diagnostics } = folder.overlay(`production: true
maxAdminGroup: 1
applications:
  datahub:
    entra: { assignments: [{ group: ${group}, role: ${role} }] }
`);
  if (!spec) throw new Error(JSON.stringify(diagnostics));
  const [some] = directories.entra.groups;
  if (!some) throw new Error("the directory has no group");
  const nobody = { ...some, id: "nobody", displayName: "nobody", members: [] };
  const entra = { ...directories.entra, groups: [...directories.entra.groups, nobody] };
  const found = spec.report(checkAgainstDirectory(spec, { ...directories, entra }));
  expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
});
