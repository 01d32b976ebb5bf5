import { afterEach, describe, expect, it } from "vitest";
import type { EntraDirectory } from "../../../src/directory/entra.ts";
import { TOKEN } from "../../../src/provider/contract.ts";
import { directory, group, user } from "../../sandbox/entra/harness.ts";
import { assignmentInputs, type EntraFixture, entraFixture } from "../entra-fixture.ts";
import { TestEngine } from "../test-engine.ts";

let fixture: EntraFixture;
afterEach(() => fixture.tenant.stop());

const PEOPLE = 1000;
const id = (kind: string, index: number) =>
  `${kind}0000000-0000-4000-8000-${String(index).padStart(12, "0")}`;

/** So many people, each in a group of their own. */
function crowd(count: number): EntraDirectory {
  const users = Array.from({ length: count }, (_, index) => user(id("d", index), `p${index}`));
  const groups = Array.from({ length: count }, (_, index) =>
    group(id("e", index), `team ${index}`, [id("d", index)]),
  );
  return { users: [...directory().users, ...users], groups: [...directory().groups, ...groups] };
}

const everybody = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`group:team ${index} Reader`, id("e", index)]),
  );

describe("a thousand assignments", () => {
  it("are added in batches of twenty and checked for drift, look-ups included, within the request budget", async () => {
    fixture = await entraFixture({ directory: crowd(PEOPLE) });
    const { log } = fixture.tenant;
    const engine = new TestEngine(fixture.env, "appRoleAssignments");
    const inputs = assignmentInputs(fixture.application, everybody(PEOPLE));
    await engine.up(inputs);
    expect(log.counts().writes).toBe(PEOPLE);
    expect(log.counts().exchanges).toBeLessThanOrEqual(PEOPLE / 20 + 5);

    log.clear();
    const names = Array.from({ length: PEOPLE }, (_, index) => ({ kind: "group", name: `team ${index}` }));
    const answer = await engine.calls.invoke(TOKEN.resolveEntraPrincipals, { principals: names }, true);
    expect(JSON.stringify(answer)).not.toContain("problem");
    expect(log.counts().exchanges).toBeLessThanOrEqual(Math.ceil(PEOPLE / 300) + 2);
    const assignments = names.map(({ name }, index) => ({
      key: `group:${name} Reader`,
      kind: "group",
      id: id("e", index),
      role: "Reader",
    }));
    await engine.calls.invoke(TOKEN.findRoleOverlaps, { assignments }, true);
    expect(await engine.changes(inputs)).toEqual([]);
    expect(log.counts().exchanges).toBeLessThanOrEqual(PEOPLE / 15 + 30);
    expect(log.counts().writes).toBe(0);
  }, 120_000);
});

describe("an unkind tenant", () => {
  it.each(["one", "two", "three"])(
    "is got along with (seed %s): late objects, refusals, other orders, small pages",
    async (seed) => {
      const count = 45;
      fixture = await entraFixture({ directory: crowd(count), kindness: { rate: 0.3, seed } });
      const engine = new TestEngine(fixture.env, "appRoleAssignments");
      const first = assignmentInputs(fixture.application, everybody(count), { maxRemovals: 100 });
      await engine.up(first);
      fixture.tenant.settle();
      expect(await engine.changes(first)).toEqual([]);
      const second = {
        ...first,
        assignments: { ...everybody(20), "user:ada@acme.example Reader": directory().users[0]?.id ?? "" },
      };
      await engine.up(second);
      fixture.tenant.settle();
      expect(await engine.changes(second)).toEqual([]);
      await engine.refresh();
      expect(Object.keys(engine.state?.inputs.assignments ?? {})).toHaveLength(21);
    },
    120_000,
  );
});
