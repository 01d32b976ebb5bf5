import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OktaUserStatus } from "../../src/directory/okta.ts";
import { decide, type ProvisioningCase } from "../../src/provisioning/okta/index.ts";

const allOn = {
  createUsers: true,
  updateUsers: true,
  deactivateUsers: true,
  syncPassword: false,
  pushGroups: true,
};
const usual: ProvisioningCase = {
  userStatus: "ACTIVE",
  assigned: true,
  actions: allOn,
  applicationActive: true,
  hasAccount: false,
  assignedBeforeScim: false,
};

describe("what Okta does about one person", () => {
  test.each<[string, Partial<ProvisioningCase>, string]>([
    ["assigned", {}, "provision"],
    ["assigned before SCIM was on", { assignedBeforeScim: true }, "none"],
    ["assigned but suspended", { userStatus: "SUSPENDED" }, "none"],
    ["assigned but not activated yet", { userStatus: "PROVISIONED" }, "none"],
    ["assigned but staged", { userStatus: "STAGED" }, "none"],
    ["assigned with Create Users off", { actions: { ...allOn, createUsers: false } }, "none"],
    ["changed", { hasAccount: true }, "update"],
    ["changed with Update off", { hasAccount: true, actions: { ...allOn, updateUsers: false } }, "none"],
    ["suspended", { hasAccount: true, userStatus: "SUSPENDED" }, "none"],
    ["locked out", { hasAccount: true, userStatus: "LOCKED_OUT" }, "update"],
    ["unassigned", { hasAccount: true, assigned: false }, "deactivate"],
    ["deactivated", { hasAccount: true, userStatus: "DEPROVISIONED" }, "deactivate"],
    [
      "unassigned with Deactivate off",
      { hasAccount: true, assigned: false, actions: { ...allOn, deactivateUsers: false } },
      "none",
    ],
    ["unassigned without an account", { assigned: false }, "none"],
    ["unassigned while paused", { hasAccount: true, assigned: false, actions: null }, "none"],
    ["assigned to an inactive application", { applicationActive: false }, "none"],
  ])("%s", (_, change, action) => {
    expect(decide({ ...usual, ...change }).action).toBe(action);
  });

  test("each switch turned off only ever takes calls away", () => {
    const status = fc.constantFrom<OktaUserStatus>(
      "STAGED",
      "PROVISIONED",
      "ACTIVE",
      "RECOVERY",
      "LOCKED_OUT",
      "PASSWORD_EXPIRED",
      "SUSPENDED",
      "DEPROVISIONED",
    );
    const cases = fc.record({
      userStatus: status,
      assigned: fc.boolean(),
      applicationActive: fc.boolean(),
      hasAccount: fc.boolean(),
      assignedBeforeScim: fc.boolean(),
      actions: fc.record({
        createUsers: fc.boolean(),
        updateUsers: fc.boolean(),
        deactivateUsers: fc.boolean(),
        syncPassword: fc.boolean(),
        pushGroups: fc.boolean(),
      }),
    });
    fc.assert(
      fc.property(cases, (known) => {
        const { action, reason } = decide(known);
        const withAll = decide({ ...known, actions: allOn }).action;
        expect([withAll, "none"]).toContain(action);
        expect(decide({ ...known, actions: null }).action).toBe("none");
        expect(reason).not.toBe("");
      }),
    );
  });
});
