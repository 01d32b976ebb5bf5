import fc from "fast-check";
import { expect, test } from "vitest";
import type { EntraDirectory } from "../../../src/directory/entra.ts";
import { entraCycle } from "../../../src/provisioning/entra/cycle.ts";
import type { AppRoleAssignment, PatchFlavor } from "../../../src/provisioning/entra/input.ts";
import { emptyMemory, restarted } from "../../../src/provisioning/entra/memory.ts";
import { assignGroup, assignUser, group, guideInput, person } from "./support/directory.ts";
import { dataHubSchema, templateSchema, withMapping } from "./support/schema.ts";
import { Target } from "./support/target.ts";

const PEOPLE = ["ann", "bob", "cyd", "dan", "eva"];
const GROUPS = ["red", "blue"];

interface Tenant {
  directory: EntraDirectory;
  assignments: AppRoleAssignment[];
}

const someone = fc.constantFrom(...PEOPLE);

const user = (id: string) =>
  fc
    .record({
      there: fc.boolean(),
      accountEnabled: fc.boolean(),
      deletedDateTime: fc.constantFrom(null, null, "2026-01-01T00:00:00Z"),
      mail: fc.constantFrom(null, `${id}@x`),
      displayName: fc.constantFrom(id, `${id} the second`),
      manager: fc.option(someone),
    })
    .map(({ there, ...properties }) => (there ? [person(id, properties)] : []));

/** One state of a tenant: who exists, who is in which group, what is assigned with one and the same role. */
const tenants: fc.Arbitrary<Tenant> = fc
  .record({
    users: fc.tuple(...PEOPLE.map(user)),
    members: fc.tuple(...GROUPS.map(() => fc.uniqueArray(someone))),
    groupsThere: fc.subarray(GROUPS),
    assignedGroups: fc.subarray(GROUPS),
    assignedUsers: fc.subarray(PEOPLE),
  })
  .map(({ users, members, groupsThere, assignedGroups, assignedUsers }) => {
    const present = users.flat();
    const ids = new Set(present.map(({ id }) => id));
    const groups = groupsThere.map((id) => {
      const listed = members[GROUPS.indexOf(id)] ?? [];
      return group(
        id,
        listed.filter((member) => ids.has(member)),
      );
    });
    return {
      directory: { users: present, groups },
      assignments: [
        ...assignedGroups.map((id) => assignGroup(id, "Reader")),
        ...assignedUsers.map((id) => assignUser(id, "Reader")),
      ],
    };
  });

function lives(history: Tenant[], patchFlavor: PatchFlavor = "default", target = new Target()) {
  let memory = emptyMemory();
  const cycle = (tenant: Tenant) => {
    const report = target.run(entraCycle(guideInput({ ...structuredClone(tenant), memory, patchFlavor })));
    memory = JSON.parse(JSON.stringify(report.memory));
    return report;
  };
  for (const tenant of history) cycle(tenant);
  return {
    target,
    cycle,
    restart: (scope: string) => {
      memory = restarted(memory, scope);
    },
  };
}

const history = fc.array(tenants, { minLength: 1, maxLength: 4 });

test("after any history, one more cycle with nothing changed asks for nothing", () => {
  fc.assert(
    fc.property(history, (tenants) => {
      const { target, cycle } = lives(tenants);
      target.take();
      const report = cycle(last(tenants));
      expect(target.take()).toEqual([]);
      expect(report.entries).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("lists in another order are no change", () => {
  const reversed = <T>(list: T[]) => [...list].reverse();
  fc.assert(
    fc.property(tenants, (tenant) => {
      const schema = withMapping(
        templateSchema(),
        "roles",
        "AppRoleAssignmentsComplex([appRoleAssignments])",
      );
      const more = tenant.assignments.map(({ principalId, principalType }) => ({
        principalId,
        principalType,
        appRoleId: "role-Admin",
      }));
      const input = guideInput({ ...tenant, assignments: [...tenant.assignments, ...more], schema });
      const target = new Target();
      const { memory } = target.run(entraCycle(input));
      target.take();
      const directory = {
        users: reversed(input.directory.users),
        groups: reversed(input.directory.groups).map((one) => ({ ...one, members: reversed(one.members) })),
      };
      target.run(entraCycle({ ...input, memory, directory, assignments: reversed(input.assignments) }));
      expect(target.take()).toEqual([]);
    }),
  );
});

test("after any history, exactly those in scope are active, and exactly the assigned groups are there", () => {
  fc.assert(
    fc.property(history, (tenants) => {
      const { target } = lives(tenants);
      const { directory, assignments } = last(tenants);
      const assigned = new Set(assignments.map(({ principalId }) => principalId));
      const groups = directory.groups.filter(({ id }) => assigned.has(id));
      const reached = new Set([...assigned, ...groups.flatMap(({ members }) => members)]);
      const inScope = directory.users.filter(
        (one) => reached.has(one.id) && one.accountEnabled && one.deletedDateTime === null,
      );
      const active = [...target.users.values()]
        .filter((one) => one.active === true)
        .map((one) => one.userName);
      // One who was unassigned first and deleted for good afterwards stays as he was left: inactive.
      expect(active.sort()).toEqual(inScope.map(({ userPrincipalName }) => userPrincipalName).sort());
      expect([...target.groups.values()].map(({ displayName }) => displayName).sort()).toEqual(
        groups.map(({ displayName }) => displayName).sort(),
      );
    }),
    { numRuns: 200 },
  );
});

test("after any history and a restart, each group has its members in scope, and nobody who left it", () => {
  fc.assert(
    fc.property(history, fc.constantFrom("", "Full"), (tenants, scope) => {
      const { target, cycle, restart } = lives(tenants);
      restart(scope);
      const final = last(tenants);
      cycle(final);
      const users = new Map(final.directory.users.map((one) => [one.id, one]));
      for (const { displayName, members } of final.directory.groups) {
        const arrived = target.memberships()[displayName];
        if (!arrived) continue;
        const names = members.map((id) => users.get(id)?.userPrincipalName ?? "");
        const reachable = members.filter(
          (id) => users.get(id)?.accountEnabled && users.get(id)?.deletedDateTime === null,
        );
        for (const id of reachable) expect(arrived).toContain(users.get(id)?.userPrincipalName);
        const leftInTheDirectory = (name: string) =>
          final.directory.users.some((one) => one.userPrincipalName === name && one.deletedDateTime === null);
        // With links cleared, the service no longer knows whom it added before.
        if (scope !== "Full")
          for (const name of arrived.filter(leftInTheDirectory)) expect(names).toContain(name);
      }
    }),
    { numRuns: 200 },
  );
});

test("failures on the way change nothing in the end", () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.constantFrom(0, 200, 200, 200, 429, 500)), (tenants, dice) => {
      const flaky = new Target();
      flaky.fault = () => {
        const status = dice.next().value ?? 200;
        return status === 200 ? undefined : status;
      };
      const rough = lives(tenants, "default", flaky);
      flaky.fault = () => undefined;
      const report = rough.cycle(last(tenants));
      expect(report.memory.escrows).toEqual({});
      const smooth = lives(tenants);
      const active = (target: Target) =>
        [...target.users.values()]
          .filter((one) => one.active === true)
          .map((one) => one.userName)
          .sort();
      expect(active(flaky)).toEqual(active(smooth.target));
      expect(Object.keys(flaky.memberships()).sort()).toEqual(
        Object.keys(smooth.target.memberships()).sort(),
      );
    }),
    { numRuns: 200 },
  );
});

test("a cycle never throws and never changes what it was given", () => {
  fc.assert(
    fc.property(
      tenants,
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: 0, max: 599 })),
      (tenant, plain, statuses) => {
        const target = new Target();
        target.fault = () => ({ status: statuses.next().value ?? 0, headers: {}, body: { detail: "x" } });
        const input = guideInput({
          ...tenant,
          schema: plain ? templateSchema() : dataHubSchema(),
          deleteThreshold: 1,
        });
        const before = structuredClone(input);
        const report = target.run(entraCycle(input));
        expect(input).toEqual(before);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      },
    ),
    { numRuns: 300 },
  );
});

function last(tenants: Tenant[]): Tenant {
  const tenant = tenants.at(-1);
  if (!tenant) throw new Error("a history has at least one state");
  return tenant;
}
