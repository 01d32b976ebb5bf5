import { SCIM_PROPERTIES } from "../../defaults/okta-properties.ts";
import type { Json, StoredApp } from "./model.ts";
import type { OrgState } from "./state.ts";

interface PropertySet {
  id: string;
  type: "object";
  properties: Record<string, Json>;
  required: string[];
}

export interface AppUserSchema {
  id: string;
  $schema: string;
  name: string;
  title: string;
  lastUpdated: string;
  created: string;
  definitions: { custom: PropertySet; base: PropertySet };
  type: "object";
  properties: Json;
  _links: Json;
}

const PERMISSIONS = [{ principal: "SELF", action: "READ_ONLY" }];

/** The schema of an application's users: userName alone until SCIM is on, when Okta adds the attributes it provisions. */
export function appUserSchema(state: OrgState, app: StoredApp): AppUserSchema {
  const id = `${state.url}/api/v1/meta/schemas/apps/${app.id}/default`;
  const property = (title: string, more: Json = {}): Json => ({
    title,
    type: "string",
    scope: "NONE",
    ...more,
    permissions: PERMISSIONS,
    master: { type: "PROFILE_MASTER" },
  });
  const base: Record<string, Json> = {
    userName: property("Username", { required: true, maxLength: 100 }),
  };
  if (app.scim) {
    for (const { name, title, externalName, externalNamespace } of SCIM_PROPERTIES) {
      base[name] = property(title, { externalName, externalNamespace });
    }
  }
  return {
    id,
    $schema: "http://json-schema.org/draft-04/schema#",
    name: app.name,
    title: `${app.label} User`,
    lastUpdated: app.lastUpdated,
    created: app.created,
    definitions: {
      custom: { id: "#custom", type: "object", properties: app.customProperties, required: [] },
      base: { id: "#base", type: "object", properties: base, required: ["userName"] },
    },
    type: "object",
    properties: { profile: { allOf: [{ $ref: "#/definitions/custom" }, { $ref: "#/definitions/base" }] } },
    _links: { self: { href: id, method: "GET" }, type: { rel: "type", href: id } },
  };
}

/** Names of the properties that a mapping to this application may set. */
export function mappableProperties(state: OrgState, app: StoredApp): Set<string> {
  const { base, custom } = appUserSchema(state, app).definitions;
  const names = new Set([...Object.keys(base.properties), ...Object.keys(custom.properties)]);
  names.delete("userName");
  return names;
}
