import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePolicies } from "../../src/review/compare-policies.ts";
import { specSchema } from "../../src/spec/schema.ts";

const APPLICATION = {
  product: "datahub",
  endpoint: "https://datahub.example.com",
  token: { secret: "datahubScimToken" },
  entra: { displayName: "DataHub SCIM", assignments: [] },
};
const WAIVER = {
  rule: "assigned-scope",
  application: "datahub",
  reason: "The pilot lets everybody in.",
  until: "2027-03-31",
};

function policies(more: object = {}) {
  return specSchema.parse({
    version: 1,
    environment: "dev",
    applications: { datahub: APPLICATION },
    ...more,
  });
}

const said = (before: object | undefined, after: object) =>
  comparePolicies(before && policies(before), policies(after)).map(
    ({ effect, sentence }) => `${effect}: ${sentence}`,
  );

describe("what separates the rules of two specs", () => {
  it("says which rule weighs less and which weighs more", () => {
    const [lax, strict] = [
      { rules: { "keep-push-target": "off" } },
      { rules: { "keep-push-target": "error" } },
    ];
    expect(said({}, lax)).toEqual(["warning: the rule keep-push-target is off instead of a warning"]);
    expect(said({}, strict)).toEqual(["other: the rule keep-push-target is an error instead of a warning"]);
  });

  it("counts what an environment sets by default", () => {
    expect(said({ environment: "prod" }, { environment: "prod", production: false })).toContain(
      "warning: the rule assigned-scope is off instead of an error",
    );
    expect(said({}, { rules: { "no-direct-users": "off" } })).toEqual([]);
  });

  it("says how large a group with a privileged role may be", () => {
    expect(said({}, { maxAdminGroup: 500 })).toEqual([
      "warning: a group with a privileged role may have 500 people instead of 20",
    ]);
    expect(said({ maxAdminGroup: 500 }, {})).toEqual([
      "other: a group with a privileged role may have 20 people instead of 500",
    ]);
  });

  it("repeats a new waiver with its reason, and says which is gone", () => {
    const waived =
      "the rule assigned-scope is waived for datahub until 2027-03-31: The pilot lets everybody in";
    expect(said({}, { waivers: [WAIVER] })).toEqual([`warning: ${waived}`]);
    expect(said({ waivers: [WAIVER] }, {})).toEqual([`other: no longer: ${waived}`]);
    const [change] = comparePolicies(policies(), policies({ waivers: [WAIVER] }));
    expect(change?.application).toBe("datahub");
  });

  it("shows a longer waiver as a new one", () => {
    expect(said({ waivers: [WAIVER] }, { waivers: [{ ...WAIVER, until: "2028-03-31" }] })).toHaveLength(2);
  });

  it("compares a new environment with the defaults", () => {
    expect(said(undefined, {})).toEqual([]);
    expect(said(undefined, { rules: { "role-granted-to-nobody": "off" }, waivers: [WAIVER] })).toHaveLength(
      2,
    );
  });
});

const level = fc.constantFrom("off", "warning", "error");
const anyPolicies = fc
  .record(
    {
      production: fc.boolean(),
      rules: fc.record(
        { "assigned-scope": level, "admin-group-size": level, "no-direct-users": level },
        { requiredKeys: [] },
      ),
      maxAdminGroup: fc.integer({ min: 1, max: 50 }),
      waivers: fc.uniqueArray(
        fc.record({
          rule: fc.constantFrom("assigned-scope", "no-direct-users"),
          reason: fc.constantFrom("A reason of some length.", "Another one, as long."),
          until: fc.constantFrom("2027-01-31", "2028-01-31"),
        }),
        { selector: (waiver) => JSON.stringify(waiver) },
      ),
    },
    { requiredKeys: [] },
  )
  .map(policies);

it("equal rules differ in nothing, and what one way weakens the way back strengthens", () => {
  fc.assert(
    fc.property(anyPolicies, anyPolicies, (one, other) => {
      expect(comparePolicies(one, one)).toEqual([]);
      const warnings = (changes: { effect: string }[]) =>
        changes.filter(({ effect }) => effect === "warning").length;
      const [there, back] = [comparePolicies(one, other), comparePolicies(other, one)];
      expect(there).toHaveLength(back.length);
      expect(warnings(there) + warnings(back)).toBe(there.length);
    }),
  );
});
