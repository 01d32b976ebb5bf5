import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TOKEN } from "../../../src/provider/contract.ts";
import type { PropertyMap } from "../../../src/provider/engine/values.ts";
import { ADA, directory, EDITORS, GOVERNANCE, group, JOHN, SID } from "../../sandbox/entra/harness.ts";
import { type EntraFixture, entraFixture } from "../entra-fixture.ts";
import { TestEngine } from "../test-engine.ts";

const TWINS = ["b0000000-0000-4000-8000-00000000000a", "b0000000-0000-4000-8000-00000000000b"];
const NESTED = "b0000000-0000-4000-8000-00000000000c";
const QUOTED = "b0000000-0000-4000-8000-00000000000d";

let fixture: EntraFixture;
let engine: TestEngine;

beforeEach(async () => {
  const { users, groups } = directory();
  fixture = await entraFixture({
    directory: {
      users: users.map((one) => (one.id === SID ? { ...one, accountEnabled: false } : one)),
      groups: [
        ...groups,
        ...TWINS.map((id) => ({ ...group(id, "twins", [JOHN]), description: `twin ${id.at(-1)}` })),
        group(NESTED, "nest", [GOVERNANCE, JOHN]),
        group(QUOTED, "o'brien & sons", []),
      ],
    },
  });
  engine = new TestEngine(fixture.env, "appRoleAssignments");
});
afterEach(() => fixture.tenant.stop());

async function ask(token: string, args: object): Promise<unknown> {
  const answer = await engine.calls.invoke(token, args as PropertyMap, true);
  if ("failures" in answer) throw new Error(JSON.stringify(answer.failures));
  return answer.result;
}

const resolve = async (...principals: object[]) =>
  ((await ask(TOKEN.resolveEntraPrincipals, { principals })) as { principals: unknown[] }).principals;

describe("resolvePrincipals", () => {
  it("finds a user whatever the case of the name, and a group letter by letter, in the order asked", async () => {
    expect(
      await resolve(
        { kind: "group", name: "o'brien & sons" },
        { kind: "user", name: "ADA@acme.example" },
        { kind: "group", name: "governance-team" },
      ),
    ).toMatchObject([{ id: QUOTED }, { id: ADA, displayName: "Ada" }, { id: GOVERNANCE }]);
  });

  it("says missing, with the same name in other letters or names that begin alike", async () => {
    expect(
      await resolve(
        { kind: "group", name: "Governance-Team" },
        { kind: "group", name: "governanse-team" },
        { kind: "user", name: "zzz@acme.example" },
      ),
    ).toMatchObject([
      { id: "", problem: "missing", candidates: [{ id: GOVERNANCE, name: "governance-team" }] },
      { id: "", problem: "missing", candidates: [{ id: GOVERNANCE, name: "governance-team" }] },
      { id: "", problem: "missing", candidates: [] },
    ]);
  });

  it("says ambiguous, with what tells the candidates apart, and takes a pinned id", async () => {
    const [twin = ""] = TWINS;
    const [ambiguous, pinned] = await resolve(
      { kind: "group", name: "twins" },
      { kind: "group", name: "twins", id: twin },
    );
    expect(ambiguous).toMatchObject({ id: "", problem: "ambiguous" });
    expect(
      (ambiguous as { candidates: { id: string; description: string }[] }).candidates
        .map(({ id, description }) => [id, description])
        .sort(),
    ).toEqual(TWINS.map((id) => [id, `twin ${id.at(-1)}`]));
    expect(pinned).toEqual({ kind: "group", name: "twins", id: twin, displayName: "twins", candidates: [] });
  });

  it("says disabled, and still gives the id", async () => {
    expect(await resolve({ kind: "user", name: "sid@acme.example" })).toMatchObject([
      { id: SID, problem: "disabled" },
    ]);
  });

  it("says missing for a pinned id that is gone", async () => {
    const id = "b0000000-0000-4000-8000-0000000000ff";
    expect(await resolve({ kind: "group", name: "governance-team", id })).toMatchObject([
      { problem: "missing" },
    ]);
  });

  it("does not take a pinned user of another name, and does take a pinned group of one", async () => {
    expect(await resolve({ kind: "user", name: "ada@acme.example", id: JOHN })).toMatchObject([
      { id: "", problem: "missing", candidates: [{ id: JOHN, name: "john@acme.example" }] },
    ]);
    expect(
      await resolve(
        { kind: "user", name: "ADA@acme.example", id: ADA },
        { kind: "group", name: "governors", id: GOVERNANCE },
      ),
    ).toMatchObject([{ id: ADA }, { id: GOVERNANCE, displayName: "governance-team" }]);
  });

  it("names an argument that does not fit", async () => {
    await expect(resolve({ kind: "group", nom: "x" })).rejects.toThrow(
      '{"property":"principals[0].name","reason":"is required"}',
    );
  });
});

describe("findRoleOverlaps", () => {
  it("names people with several roles and by which way", async () => {
    const assignments = [
      { key: "group:governance-team Reader", kind: "group", id: GOVERNANCE, role: "Reader" },
      { key: "group:nest Editor", kind: "group", id: NESTED, role: "Editor" },
      { key: "group:editors Editor", kind: "group", id: EDITORS, role: "Editor" },
      { key: "user:ada@acme.example Editor", kind: "user", id: ADA, role: "Editor" },
    ];
    expect(await ask(TOKEN.findRoleOverlaps, { assignments })).toEqual({
      people: [
        {
          userPrincipalName: "john@acme.example",
          via: [
            { key: "group:governance-team Reader", role: "Reader" },
            { key: "group:nest Editor", role: "Editor" },
          ],
        },
      ],
      // governance-team stands inside nest, and is assigned itself.
      nested: [],
    });
  });

  it("names groups inside a group, whose members get nothing from it", async () => {
    const assignments = [{ key: "group:nest Editor", kind: "group", id: NESTED, role: "Editor" }];
    expect(await ask(TOKEN.findRoleOverlaps, { assignments })).toEqual({
      people: [],
      nested: [{ key: "group:nest Editor", groups: ["governance-team"] }],
    });
  });
});

describe("findApplications", () => {
  it("finds applications by their exact name with all their ids", async () => {
    const result = await ask(TOKEN.findEntraApplications, { displayNames: ["DataHub", "datahub", "none"] });
    expect(result).toEqual({
      applications: [
        {
          displayName: "DataHub",
          applicationObjectId: fixture.application.id,
          servicePrincipalObjectId: fixture.application.servicePrincipalId,
          appId: fixture.application.appId,
          applicationTemplateId: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
        },
      ],
    });
  });
});
