import { asList, type EvaluableFunction, EvaluationFailure, type Value } from "../value.ts";

/** One element of the source attribute appRoleAssignments, as the JSON text that AppRoleAssignmentsComplex puts on the wire. */
export interface AppRoleAssignmentValue {
  id: string;
  value: string | null;
  displayName: string;
}

export const roleFunctions: Record<string, EvaluableFunction> = {
  AppRoleAssignmentsComplex: ([source]) => {
    const roles = distinctRoles(source);
    return roles.length === 0 ? null : roles.map((role) => JSON.stringify(role));
  },

  /**
   * The role's value, its display name where the role has none. Which of the two Entra sends is not documented; guides that
   * rely on it set both alike.
   */
  SingleAppRoleAssignment: ([source]) => {
    const roles = distinctRoles(source);
    if (roles.length > 1) {
      const names = roles.map((role) => role.displayName).join(", ");
      throw new EvaluationFailure(
        "several-roles",
        `SingleAppRoleAssignment is not supported for a user with several roles (${names}); there is no guarantee which one is provisioned. Leave one assignment.`,
      );
    }
    const role = roles[0];
    return role ? (role.value ?? role.displayName) : null;
  },
};

function distinctRoles(source: Value | undefined): AppRoleAssignmentValue[] {
  const byId = new Map<string, AppRoleAssignmentValue>();
  for (const text of asList(source)) {
    const role = parseRole(text);
    byId.set(role.id, role);
  }
  return [...byId.values()];
}

function parseRole(text: string): AppRoleAssignmentValue {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null;
  }
  if (typeof parsed !== "object" || parsed === null || !("id" in parsed) || !("displayName" in parsed)) {
    throw new EvaluationFailure(
      "invalid-argument",
      "This function takes [appRoleAssignments] and nothing else.",
    );
  }
  const value = "value" in parsed && typeof parsed.value === "string" ? parsed.value : null;
  return { id: String(parsed.id), value, displayName: String(parsed.displayName) };
}
