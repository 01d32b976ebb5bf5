import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Grant,
  identity,
  type LiveGrant,
  losingAccess,
  planChanges,
  splitKey,
} from "../../../../src/provider/entra/assignments/plan.ts";

const grant: fc.Arbitrary<Grant> = fc
  .record({ principal: fc.constantFrom("a", "b", "c", "d"), role: fc.constantFrom("Reader", "Editor") })
  .map(({ principal, role }) => ({
    key: `user:${principal} ${role}`,
    principalId: principal,
    appRoleId: role,
  }));
const grants = fc.uniqueArray(grant, { selector: identity });
const live = grants.map((all) =>
  all.map((one): LiveGrant => ({ ...one, assignmentId: `id of ${identity(one)}` })),
);

const keys = (all: Grant[]) => all.map(identity).sort();

describe("planning a set of grants", () => {
  it("leaves the declared ones, and whatever was not shown", () => {
    fc.assert(
      fc.property(live, grants, grants, fc.boolean(), (present, before, declared, exclusive) => {
        const changes = planChanges(present, before, declared, { exclusive, takeOver: false });
        const removed = new Set(keys(changes.remove));
        const after = new Set([...keys(present).filter((key) => !removed.has(key)), ...keys(changes.add)]);
        for (const key of keys(declared)) expect(after).toContain(key);
        const shown = new Set(keys(before));
        for (const key of removed) expect(shown).toContain(key);
        for (const key of keys(declared)) expect(removed).not.toContain(key);
        const strangers = keys(present).filter((key) => !shown.has(key) && !keys(declared).includes(key));
        expect(keys(changes.unseen)).toEqual(exclusive ? strangers : []);
      }),
    );
  });

  it("leaves exactly the declared ones on taking over", () => {
    fc.assert(
      fc.property(live, grants, (present, declared) => {
        const changes = planChanges(present, [], declared, { exclusive: true, takeOver: true });
        const removed = new Set(keys(changes.remove));
        const after = [...keys(present).filter((key) => !removed.has(key)), ...keys(changes.add)].sort();
        expect(after).toEqual(keys(declared));
      }),
    );
  });

  it("has nothing to do the second time", () => {
    fc.assert(
      fc.property(grants, fc.boolean(), (declared, exclusive) => {
        const present = declared.map((one) => ({ ...one, assignmentId: "x" }));
        const changes = planChanges(present, declared, declared, { exclusive, takeOver: false });
        expect(changes).toEqual({ add: [], remove: [], unseen: [] });
      }),
    );
  });

  it("counts as losing access who had something and has nothing", () => {
    fc.assert(
      fc.property(grants, grants, (before, declared) => {
        const staying = new Set(declared.map(({ principalId }) => principalId));
        const gone = new Set(before.map(({ principalId }) => principalId).filter((id) => !staying.has(id)));
        expect(losingAccess(before, declared)).toHaveLength(gone.size);
      }),
    );
  });
});

describe("keys", () => {
  it("end with the role, whatever spaces a name has", () => {
    expect(splitKey("group:data governance team Reader")).toEqual({
      name: "group:data governance team",
      role: "Reader",
    });
  });
});
