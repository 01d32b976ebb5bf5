import { expect, test } from "vitest";
import { entraCycle } from "../../../src/provisioning/entra/cycle.ts";
import type { EntraCycleInput } from "../../../src/provisioning/entra/input.ts";
import { restarted } from "../../../src/provisioning/entra/memory.ts";
import { quarantineByFailures } from "../../../src/provisioning/entra/quarantine.ts";
import type { ScimRequest } from "../../../src/scim/wire.ts";
import { assignUser, guideInput } from "./support/directory.ts";
import { Target } from "./support/target.ts";

function tenant(changes: Partial<EntraCycleInput> = {}) {
  const target = new Target();
  let input = guideInput(changes);
  const cycle = (edit: (input: EntraCycleInput) => void = () => {}) => {
    input = structuredClone(input);
    edit(input);
    const report = target.run(entraCycle(input));
    input.memory = report.memory;
    return report;
  };
  return { target, cycle };
}

const creates = (name: string) => (request: ScimRequest) =>
  request.method === "POST" && JSON.stringify(request.body).includes(`"${name}`);

test.each([
  [0, "WebExceptionProtocolError"],
  [400, "SystemForCrossDomainIdentityManagementBadRequest"],
  [409, "EntryConflict"],
  [429, "TooManyRequests"],
  [500, "InternalServerError"],
  [503, "InternalServerError"],
])("a create answered %i waits in escrow as %s and is tried in the next cycle", (status, code) => {
  const { target, cycle } = tenant();
  target.fault = (request) => (creates("ada@")(request) ? status : undefined);
  const report = cycle();
  expect(report).toMatchObject({ state: "EntryLevelErrors", quarantine: null, counts: { countEscrowed: 1 } });
  expect(report.entries.find((entry) => entry.status === "failure")).toMatchObject({
    errorCode: code,
    action: "create",
  });
  expect(Object.values(report.memory.escrows)).toMatchObject([
    { kind: "User", objectId: "ada", attempts: 1, code },
  ]);
  expect(Object.values(cycle().memory.escrows)).toMatchObject([{ attempts: 2 }]);
  target.fault = () => undefined;
  target.take();
  expect(cycle()).toMatchObject({ state: "Succeeded", memory: { escrows: {} } });
  expect(target.take()).toEqual(['GET /Users?filter=userName eq "ada@contoso.com"', "POST /Users"]);
});

test("what failed for somebody who has left the scope is forgotten, and starts anew when they return", () => {
  const { target, cycle } = tenant();
  target.fault = (request) => (creates("ada@")(request) ? 500 : undefined);
  cycle();
  expect(cycle((input) => input.assignments.pop())).toMatchObject({
    state: "Succeeded",
    memory: { escrows: {} },
  });
  target.fault = () => undefined;
  cycle((input) => input.assignments.push(assignUser("ada", "Admin")));
  expect(target.user("ada@contoso.com")).toBeDefined();
});

test("a membership that fails is a reference failure and is tried again alone", () => {
  const { target, cycle } = tenant();
  target.fault = ({ method, path }) => (method === "PATCH" && path.startsWith("/Groups") ? 500 : undefined);
  const report = cycle();
  expect(report.counts).toMatchObject({ countEscrowed: 0, countEscrowedRaw: 3 });
  target.fault = () => undefined;
  target.take();
  expect(cycle().state).toBe("Succeeded");
  expect(target.take()).toEqual(["PATCH /Groups/g5", "PATCH /Groups/g5", "PATCH /Groups/g6"]);
});

test("a deactivation that fails is not forgotten", () => {
  const { target, cycle } = tenant();
  cycle();
  target.fault = ({ method }) => (method === "PATCH" ? 503 : undefined);
  cycle((input) => input.assignments.pop());
  expect(target.user("ada@contoso.com")?.active).toBe(true);
  target.fault = () => undefined;
  cycle();
  expect(target.user("ada@contoso.com")?.active).toBe(false);
});

test("a deletion that fails is not forgotten; one that finds nothing has succeeded", () => {
  const { target, cycle } = tenant();
  cycle();
  target.fault = ({ method }) => (method === "DELETE" ? 500 : undefined);
  cycle((input) => {
    input.directory.users = input.directory.users.filter((user) => user.id !== "ada");
  });
  target.fault = ({ method }) => (method === "DELETE" ? 404 : undefined);
  const report = cycle();
  expect(report).toMatchObject({ state: "Succeeded", memory: { escrows: {} } });
  expect(report.memory.connectorData.users).not.toHaveProperty("ada");
});

test("a refused token quarantines at once, sends nothing more, and the next cycle starts over", () => {
  const { target, cycle } = tenant();
  target.fault = () => 401;
  const report = cycle();
  expect(target.take()).toHaveLength(1);
  expect(report).toMatchObject({
    state: "Failed",
    quarantine: {
      reason: "EncounteredQuarantineException",
      error: { code: "SystemForCrossDomainIdentityManagementInvalidCredentials" },
    },
    memory: { watermark: null },
  });
  target.fault = () => undefined;
  expect(cycle()).toMatchObject({ kind: "initial", state: "Succeeded", quarantine: null });
});

test("a token refused half-way keeps what was done", () => {
  const { target, cycle } = tenant();
  let left = 5;
  target.fault = () => (left-- > 0 ? undefined : 401);
  cycle();
  expect(target.users.size).toBe(2);
  target.fault = () => undefined;
  cycle();
  expect(target.users.size).toBe(4);
  expect(target.memberships()["governance-team"]).toHaveLength(2);
});

test.each([
  ["404 to a query", { status: 404, headers: {}, body: undefined }],
  ["a sign-in page", { status: 200, headers: {}, body: "<html>" }],
])("%s is no SCIM service: quarantine", (_, answer) => {
  const { target, cycle } = tenant();
  target.fault = () => answer;
  expect(cycle().quarantine).toMatchObject({
    reason: "EncounteredQuarantineException",
    error: { code: "SystemForCrossDomainIdentityManagementServiceIncompatible" },
  });
});

test("a server that refuses the filter fails that object alone", () => {
  const { target, cycle } = tenant();
  target.fault = ({ method, path }) => (method === "GET" && path.startsWith("/Users?") ? 400 : undefined);
  const report = cycle();
  expect(report).toMatchObject({ quarantine: null, counts: { countEscrowed: 4 } });
});

test("several accounts for one matching value are a failure", () => {
  const { target, cycle } = tenant();
  for (const id of ["a", "b"]) target.users.set(id, { id, userName: "ada@contoso.com" });
  expect(cycle().entries.find((entry) => entry.status === "failure")?.errorCode).toBe(
    "DuplicateTargetEntries",
  );
});

test("a quotation mark in a matching value cannot be queried for", () => {
  const { cycle } = tenant();
  const report = cycle((input) => {
    for (const group of input.directory.groups)
      if (group.id === "editors") group.displayName = 'The "Editors"';
  });
  expect(report.entries.find((entry) => entry.status === "failure")).toMatchObject({
    errorCode: "UnsupportedMatchingValue",
  });
});

test("more deletions than the threshold are all held back and quarantine the job, until they are allowed", () => {
  const { target, cycle } = tenant({ deleteThreshold: 2 });
  cycle();
  target.take();
  const emptied = (input: EntraCycleInput) => {
    input.assignments = [assignUser("ada", "Admin")];
  };
  const held = cycle(emptied);
  expect(target.take()).toEqual([]);
  expect(held.quarantine?.reason).toBe("TooManyDeletes");
  expect(held.entries.filter(({ action }) => action === "stagedDelete")).toHaveLength(5);
  expect(cycle().quarantine?.reason).toBe("TooManyDeletes");
  const allowed = cycle((input) => {
    input.allowDeletes = true;
  });
  expect(allowed.quarantine).toBeNull();
  expect(target.groups.size).toBe(0);
  expect([...target.users.values()].filter(({ active }) => active)).toHaveLength(1);
});

test("as many deletions as the threshold are carried out", () => {
  const { target, cycle } = tenant({ deleteThreshold: 2 });
  cycle();
  const report = cycle((input) => {
    input.assignments = input.assignments.filter(({ principalId }) => principalId !== "editors");
  });
  expect(report.quarantine).toBeNull();
  expect(target.groups.size).toBe(1);
});

test("what a restart clears, by its scope", () => {
  const { target, cycle } = tenant();
  target.fault = (request) => (creates("ada@")(request) ? 500 : undefined);
  const { memory } = cycle();
  expect(restarted(memory, "Watermark")).toEqual({ ...memory, watermark: null });
  expect(restarted(memory, "Escrows")).toEqual({ ...memory, escrows: {} });
  expect(restarted(memory, "Watermark, Escrows, QuarantineState")).toEqual({
    ...memory,
    watermark: null,
    escrows: {},
  });
  expect(restarted(memory, "")).toEqual({ ...memory, watermark: null, escrows: {} });
  expect(restarted(memory, "Full")).toEqual({
    watermark: null,
    escrows: {},
    connectorData: { users: {}, groups: {} },
  });
  expect(restarted(memory, "QuarantineState")).toEqual(memory);
});

test("after a restart the links stay; after a full one everything is matched anew", () => {
  const { target, cycle } = tenant();
  cycle();
  target.take();
  cycle((input) => {
    input.memory = restarted(input.memory, "");
  });
  expect(target.take().slice(0, 2)).toEqual(["GET /Users/u1", "GET /Users/u2"]);
  cycle((input) => {
    input.memory = restarted(input.memory, "Full");
  });
  expect(target.take()[0]).toBe('GET /Users?filter=userName eq "john@contoso.com"');
  expect(target.users.size).toBe(4);
});

test.each([
  [4_999, 0, 0, undefined],
  [5_000, 0, 7_500, undefined],
  [5_000, 0, 7_499, "EncounteredEscrowProportionThreshold"],
  [30_000, 0, 5_000, "EncounteredEscrowProportionThreshold"],
  [20_000, 0, 100_000, undefined],
  [40_000, 0, 100_000, undefined],
  [45_000, 0, 1_000_000, "EncounteredBaseEscrowThreshold"],
  [40_000, 21_000, 1_000_000, "EncounteredTotalEscrowThreshold"],
  [0, 60_000, 10, undefined],
])("%i failures, %i of references, %i successes: %s", (failures, referenceFailures, successes, reason) => {
  expect(quarantineByFailures({ failures, referenceFailures, successes })?.reason).toBe(reason);
});
