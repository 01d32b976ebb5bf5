import { afterEach, beforeEach, expect, test } from "vitest";
import { entraCycle } from "../../../src/provisioning/entra/cycle.ts";
import type { EntraCycleInput } from "../../../src/provisioning/entra/input.ts";
import { testConnection } from "../../../src/provisioning/entra/test-connection.ts";
import type { DialectName } from "../../../src/receiver/dialects/dialect.ts";
import { type Receiver, startReceiver } from "../../../src/receiver/receiver.ts";
import { drive, exchange } from "../../../src/sandbox/exchange.ts";
import { assignGroup, assignUser, guideInput } from "./support/directory.ts";
import { dataHubSchema } from "./support/schema.ts";

const DIALECTS: DialectName[] = ["lenient", "microsoft", "datahub", "data-mesh-manager", "collate"];
const TOKEN = "a-token-of-the-test";
const PROBE = "6c1ab1a3-5d8e-4f0e-9a53-0c7e0e9c2f11";

let receiver: Receiver;

beforeEach(async () => {
  const tenants = DIALECTS.map((dialect) => ({
    name: dialect,
    path: `/${dialect}`,
    dialect,
    tokens: [TOKEN],
  }));
  receiver = await startReceiver({ port: 0, data: ":memory:", tenants });
});
afterEach(() => receiver.close());

const target = (dialect: DialectName, token = TOKEN) => ({
  baseUrl: `${receiver.url}/${dialect}`,
  token,
  outbound: (url: string) => url,
  userAgent: "test",
});

async function list(dialect: DialectName, type: "Users" | "Groups") {
  const path = `/${type}?startIndex=1&count=100`;
  const { body } = await exchange({ method: "GET", path }, target(dialect));
  return (body as { Resources: Record<string, unknown>[] }).Resources;
}

function application(dialect: DialectName, changes: Partial<EntraCycleInput> = {}) {
  let input = guideInput(changes);
  const cycle = async (edit: (input: EntraCycleInput) => void = () => {}) => {
    input = structuredClone(input);
    edit(input);
    const report = await drive(entraCycle(input), (request) => exchange(request, target(dialect)));
    input.memory = report.memory;
    return report;
  };
  return cycle;
}

const roleOf = (user: Record<string, unknown> | undefined) =>
  (user?.roles as { value: string }[] | undefined)?.map(({ value }) => value) ?? [];

test.each(DIALECTS)("Test Connection against %s", async (dialect) => {
  const run = (token: string) =>
    drive(testConnection({ schema: dataHubSchema(), probe: PROBE }), (request) =>
      exchange(request, target(dialect, token)),
    );
  expect(await run(TOKEN)).toEqual({ ok: true, errors: [] });
  expect(await run("wrong")).toMatchObject({
    errors: [{ code: "SystemForCrossDomainIdentityManagementInvalidCredentials" }],
  });
});

test.each([
  ["lenient", "default"],
  ["lenient", "aadOptscim062020"],
  ["microsoft", "default"],
  ["datahub", "default"],
  ["collate", "aadOptscim062020"],
] as const)("the guide's story against %s with %s PATCH", async (dialect, patchFlavor) => {
  const cycle = application(dialect, { patchFlavor });
  expect(await cycle()).toMatchObject({
    state: "Succeeded",
    counts: { countExported: 6, countEscrowedRaw: 0 },
  });
  const users = async () => new Map((await list(dialect, "Users")).map((user) => [user.userName, user]));
  const members = async () => {
    const names = new Map([...(await users())].map(([name, user]) => [user.id, name]));
    const groups = await list(dialect, "Groups");
    return Object.fromEntries(
      groups.map(({ displayName, members }) => [
        displayName,
        ((members ?? []) as { value: string }[]).map(({ value }) => names.get(value)).sort(),
      ]),
    );
  };
  expect([...(await users()).values()].every(({ active }) => active === true)).toBe(true);
  expect(await members()).toEqual({
    "governance-team": ["john@contoso.com", "sid@contoso.com"],
    editors: ["eve@contoso.com"],
  });
  if (dialect !== "collate") expect(roleOf((await users()).get("ada@contoso.com"))).toEqual(["Admin"]);

  await cycle((input) => {
    for (const group of input.directory.groups) if (group.id === "governance-team") group.members = ["sid"];
  });
  expect((await users()).get("john@contoso.com")?.active).toBe(false);
  expect((await members())["governance-team"]).toEqual(["sid@contoso.com"]);

  await cycle((input) => {
    input.assignments = [assignGroup("governance-team", "Editor"), assignUser("ada", "Reader")];
  });
  if (dialect !== "collate") expect(roleOf((await users()).get("ada@contoso.com"))).toEqual(["Reader"]);
  expect(Object.keys(await members())).toEqual(["governance-team"]);

  const last = await cycle((input) => {
    input.directory.users = input.directory.users.filter(({ id }) => id !== "sid");
    for (const group of input.directory.groups) group.members = group.members.filter((id) => id !== "sid");
  });
  expect(last.state).toBe("Succeeded");
  expect((await users()).has("sid@contoso.com")).toBe(false);
  expect((await cycle()).counts.countExports).toBe(0);
});

test("DataHub does not take a PATCH without a path: the flag makes updates fail, and the report says so", async () => {
  const cycle = application("datahub", { patchFlavor: "aadOptscim062020" });
  await cycle();
  const report = await cycle((input) => {
    for (const user of input.directory.users) {
      if (user.id === "ada") Object.assign(user, { displayName: "Ada Lovelace", mailNickname: "countess" });
    }
  });
  expect(report.state).toBe("EntryLevelErrors");
  expect(report.entries.find(({ status }) => status === "failure")).toMatchObject({
    sourceIdentity: { id: "ada" },
  });
});

test("DataHub answers a rename with success and keeps the old name", async () => {
  const cycle = application("datahub");
  await cycle();
  const report = await cycle((input) => {
    for (const user of input.directory.users)
      if (user.id === "ada") user.userPrincipalName = "lovelace@contoso.com";
  });
  expect(report.state).toBe("Succeeded");
  const names = (await list("datahub", "Users")).map(({ userName }) => userName);
  expect(names).toContain("ada@contoso.com");
  expect(names).not.toContain("lovelace@contoso.com");
});
