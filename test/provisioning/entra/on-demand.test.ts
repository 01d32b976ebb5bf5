import { expect, test } from "vitest";
import { entraCycle } from "../../../src/provisioning/entra/cycle.ts";
import type { EntraCycleInput, OnDemandSubject } from "../../../src/provisioning/entra/input.ts";
import { provisionOnDemand } from "../../../src/provisioning/entra/on-demand.ts";
import { testConnection } from "../../../src/provisioning/entra/test-connection.ts";
import { guideInput } from "./support/directory.ts";
import { dataHubSchema, mappingOf } from "./support/schema.ts";
import { Target } from "./support/target.ts";

const PROBE = "6c1ab1a3-5d8e-4f0e-9a53-0c7e0e9c2f11";

function onDemand(target: Target, input: EntraCycleInput, ...subjects: OnDemandSubject[]) {
  const report = target.run(provisionOnDemand({ ...input, probe: PROBE }, subjects));
  const [result] = report.results;
  if (!result) throw new Error("no result");
  return { report, result };
}

const ada: OnDemandSubject = { objectId: "ada", objectTypeName: "User" };

test("Test Connection asks for a user and a group that do not exist", () => {
  const target = new Target();
  expect(target.run(testConnection({ schema: dataHubSchema(), probe: PROBE }))).toEqual({
    ok: true,
    errors: [],
  });
  expect(target.take()).toEqual([
    `GET /Users?filter=userName eq "${PROBE}"`,
    `GET /Groups?excludedAttributes=members&filter=displayName eq "${PROBE}"`,
  ]);
});

test("Test Connection leaves groups alone when they are not mapped", () => {
  const target = new Target();
  const schema = dataHubSchema();
  mappingOf(schema, "Group").enabled = false;
  target.run(testConnection({ schema, probe: PROBE }));
  expect(target.take()).toHaveLength(1);
});

test.each([
  [401, "SystemForCrossDomainIdentityManagementInvalidCredentials"],
  [403, "SystemForCrossDomainIdentityManagementInvalidCredentials"],
  [404, "SystemForCrossDomainIdentityManagementServiceIncompatible"],
  [200, "SystemForCrossDomainIdentityManagementServiceIncompatible"],
  [500, "InternalServerError"],
  [0, "WebExceptionProtocolError"],
])("Test Connection answered %i says %s", (status, code) => {
  const target = new Target();
  target.fault = () => status;
  const report = target.run(testConnection({ schema: dataHubSchema(), probe: PROBE }));
  expect(report).toMatchObject({ ok: false, errors: [{ code }] });
});

test("a person is created without the role, which the next cycle brings", () => {
  const target = new Target();
  const input = guideInput();
  const { report, result } = onDemand(target, input, ada);
  expect(result).toMatchObject({ result: "Success", action: "create", details: null, targetId: "u1" });
  expect(result.provisioningSteps.map(({ type, status }) => `${type} ${status}`)).toEqual([
    "import success",
    "scoping success",
    "matching success",
    "export success",
  ]);
  expect(target.user("ada@contoso.com")?.roles).toEqual([]);
  expect(report.notes.join()).toMatch(/Roles cannot be provisioned on demand/);
  target.take();
  target.run(entraCycle({ ...input, memory: report.memory }));
  expect(target.user("ada@contoso.com")?.roles).toMatchObject([{ value: "Admin" }]);
  expect(target.users.size).toBe(4);
});

test("what is in sync already is skipped as redundant", () => {
  const target = new Target();
  const input = guideInput();
  const { report } = onDemand(target, input, ada);
  expect(onDemand(target, { ...input, memory: report.memory }, ada).result).toMatchObject({
    result: "Skipped",
    details: { errorCode: "RedundantExport" },
  });
});

test("a person who is not assigned is skipped, not provisioned", () => {
  const target = new Target();
  const { result } = onDemand(target, guideInput(), { objectId: "nobody", objectTypeName: "User" });
  expect(result).toMatchObject({ result: "Skipped", details: { errorCode: "NotEffectivelyEntitled" } });
  expect(target.users.size).toBe(0);
});

test("a person who was unassigned is disabled; one who is blocked in the directory is not", () => {
  const target = new Target();
  const input = guideInput();
  const { memory } = target.run(entraCycle(input));
  const unassigned = { ...input, memory, assignments: input.assignments.slice(0, 2) };
  expect(onDemand(target, unassigned, ada).result).toMatchObject({ result: "Success", action: "disable" });
  const blocked = structuredClone({ ...input, memory });
  for (const user of blocked.directory.users) if (user.id === "eve") user.accountEnabled = false;
  expect(onDemand(target, blocked, { objectId: "eve", objectTypeName: "User" }).result.result).toBe(
    "Skipped",
  );
  expect(target.user("eve@contoso.com")?.active).toBe(true);
});

test("a group takes members that are provisioned, five at most", () => {
  const target = new Target();
  const input = guideInput();
  const john = onDemand(target, input, { objectId: "john", objectTypeName: "User" });
  const team: OnDemandSubject = {
    objectId: "governance-team",
    objectTypeName: "Group",
    links: { members: [{ objectId: "john", objectTypeName: "User" }] },
  };
  const { result } = onDemand(target, { ...input, memory: john.report.memory }, team);
  expect(result.result).toBe("Success");
  expect(target.memberships()).toEqual({ "governance-team": ["john@contoso.com"] });

  const missing = onDemand(target, input, team).result;
  expect(missing).toMatchObject({ result: "Failure", details: { errorCode: "ReferenceNotResolved" } });
  const six = Array.from({ length: 6 }, () => ({ objectId: "john", objectTypeName: "User" as const }));
  expect(onDemand(target, input, { ...team, links: { members: six } }).result.details?.errorCode).toBe(
    "RequestParameterInvalid",
  );
});

test("a wrong token is the failure of every subject", () => {
  const target = new Target();
  target.fault = () => 401;
  const { result } = onDemand(target, guideInput(), ada);
  expect(result).toMatchObject({
    result: "Failure",
    details: { errorCode: "SystemForCrossDomainIdentityManagementInvalidCredentials" },
  });
});

test("the flag for compliant PATCH does not hold on demand", () => {
  const target = new Target();
  target.users.set("old", { id: "old", userName: "ada@contoso.com", displayName: "x" });
  onDemand(target, guideInput({ patchFlavor: "aadOptscim062020" }), ada);
  expect(JSON.stringify(target.takeWrites())).toContain('"op":"Replace"');
});

test("an unknown subject has nothing to import", () => {
  const { result } = onDemand(new Target(), guideInput(), { objectId: "ghost", objectTypeName: "Group" });
  expect(result).toMatchObject({ result: "Failure", details: { errorCode: "ImportSkipped" } });
});
