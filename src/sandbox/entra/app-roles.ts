import { isDeepStrictEqual } from "node:util";
import type { AppRoleDocument } from "./documents.ts";
import type { GraphObject } from "./filter.ts";
import { badRequest, GraphError, invalidProperty, malformed } from "./graph-error.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_VALUE = 120;
const MAX_DISPLAY_NAME = 120;
const MEMBER_TYPES = ["User", "Application"];

/**
 * What a request would make of an application's roles.
 * @throws GraphError 400 when a role is malformed or doubled, or an enabled one would be changed or removed
 */
export function replaceAppRoles(before: readonly AppRoleDocument[], value: unknown): AppRoleDocument[] {
  if (!Array.isArray(value)) throw malformed("The value of 'appRoles' is no array.");
  const after = value.map((role) => readAppRole(role as GraphObject));
  refuseDoubles(after.map(({ id }) => id.toLowerCase()));
  refuseDoubles(after.map(({ value }) => value).filter((value) => value !== null));
  for (const role of before) {
    if (!role.isEnabled) continue;
    const kept = after.find(({ id }) => id === role.id);
    if (!kept || !isDeepStrictEqual({ ...kept, isEnabled: true }, role)) {
      throw new GraphError(
        400,
        "CannotDeleteOrUpdateEnabledEntitlement",
        "Permission (scope or role) cannot be deleted or updated unless disabled first.",
      );
    }
  }
  return after;
}

function readAppRole(role: GraphObject): AppRoleDocument {
  const { id, displayName, allowedMemberTypes } = role;
  const value = role.value ?? null;
  if (typeof id !== "string" || !UUID.test(id)) throw invalidProperty("id", "AppRole");
  if (typeof displayName !== "string" || displayName === "" || displayName.length > MAX_DISPLAY_NAME) {
    throw invalidProperty("displayName", "AppRole");
  }
  if (
    value !== null &&
    (typeof value !== "string" || !/^[^.\s]\S*$/.test(value) || value.length > MAX_VALUE)
  ) {
    throw invalidProperty("value", "AppRole");
  }
  const types: unknown[] = Array.isArray(allowedMemberTypes) ? allowedMemberTypes : [];
  if (types.length === 0 || !types.every((type) => MEMBER_TYPES.includes(String(type)))) {
    throw invalidProperty("allowedMemberTypes", "AppRole");
  }
  return {
    id,
    allowedMemberTypes: types.map(String),
    description: typeof role.description === "string" ? role.description : null,
    displayName,
    isEnabled: role.isEnabled !== false,
    origin: "Application",
    value,
  };
}

function refuseDoubles(values: string[]): void {
  if (new Set(values).size < values.length)
    throw badRequest("Request contains a property with duplicate values.");
}
