import type { JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import { foldCase } from "../document/predicate.ts";
import type { Tenant } from "../protocol/tenant.ts";

/** What a product makes of what it was sent; its own words for people, roles and teams. */
export interface ProductView {
  people: { userName: string; status: string; roles: string[]; emailValidated?: boolean }[];
  teams: { name: string; parent?: string; type?: string; members: { userName: string; roles: string[] }[] }[];
}

/** @returns undefined for a dialect that is no product's. */
export function viewProduct(tenant: Tenant): ProductView | undefined {
  switch (tenant.dialect.name) {
    case "datahub":
      return viewDataHub(tenant);
    case "data-mesh-manager":
      return viewDataMeshManager(tenant);
    case "collate":
      return viewCollate(tenant);
    default:
      return undefined;
  }
}

interface Person {
  id: string;
  document: JsonObject;
  userName: string;
  active: boolean;
}

function people(tenant: Tenant): Person[] {
  return [...tenant.data.users.all()].map((row) => {
    const document = JSON.parse(row.body) as JsonObject;
    return { id: row.id, document, userName: String(document.userName), active: document.active !== false };
  });
}

/** The user names of a group's members, by the group's name; empty when there is no such group. */
function membersOf(tenant: Tenant, group: string, names: Map<string, string>): string[] {
  const id = tenant.data.groups.idOfName(foldCase(group));
  const row = id === undefined ? undefined : tenant.data.groups.byId(id);
  if (!row) return [];
  return tenant.data.members.list(row.seq).flatMap(({ value }) => names.get(String(value)) ?? []);
}

function valuesOf(document: JsonObject, attribute: string): string[] {
  const list = document[attribute];
  return (Array.isArray(list) ? list : []).flatMap((item) => (isObject(item) ? String(item.value) : []));
}

/** `active` becomes the aspect corpUserStatus, ACTIVE or SUSPENDED. */
function viewDataHub(tenant: Tenant): ProductView {
  const all = people(tenant);
  const names = new Map(all.map((person) => [person.id, person.userName]));
  return {
    people: all.map(({ userName, active, document }) => ({
      userName,
      status: active ? "ACTIVE" : "SUSPENDED",
      roles: valuesOf(document, "roles"),
    })),
    teams: allGroups(tenant).map((name) => ({
      name,
      members: membersOf(tenant, name, names).map((userName) => ({ userName, roles: [] })),
    })),
  };
}

/**
 * Everybody is an Organization Member, active when `active` says so; the group mappings make owners and team members, for
 * as long as the membership lasts. The e-mail counts as validated when the userName equals the work address. All of it is in
 * the guide, except that a membership's end takes the role back, which is inferred from "all members of a group".
 */
function viewDataMeshManager(tenant: Tenant): ProductView {
  const all = people(tenant);
  const names = new Map(all.map((person) => [person.id, person.userName]));
  const mappings = tenant.settings.scimGroupMappings ?? [];
  const owners = new Set(
    mappings
      .filter((mapping) => mapping.type === "organizationOwner")
      .flatMap((mapping) => membersOf(tenant, mapping.scimGroup, names)),
  );
  const teams = new Map<string, Map<string, string[]>>();
  for (const mapping of mappings) {
    if (mapping.type !== "teamMemberRole") continue;
    const team = teams.get(mapping.teamId) ?? new Map<string, string[]>();
    teams.set(mapping.teamId, team);
    for (const userName of membersOf(tenant, mapping.scimGroup, names)) {
      const roles = team.get(userName) ?? [];
      if (!roles.includes(mapping.teamMemberRole)) roles.push(mapping.teamMemberRole);
      team.set(userName, roles);
    }
  }
  return {
    people: all.map(({ userName, active, document }) => ({
      userName,
      status: active ? "active" : "inactive",
      roles: [owners.has(userName) ? "Organization Owner" : "Organization Member"],
      emailValidated: workEmail(document)?.toLowerCase() === userName.toLowerCase(),
    })),
    teams: [...teams].map(([name, members]) => ({
      name,
      members: [...members].map(([userName, roles]) => ({ userName, roles })),
    })),
  };
}

function workEmail(document: JsonObject): string | undefined {
  const emails = Array.isArray(document.emails) ? document.emails : [];
  const work = emails.find((email) => isObject(email) && email.type === "work");
  return isObject(work) && typeof work.value === "string" ? work.value : undefined;
}

/** A group is a team: of type `group` under Organization when SCIM made it, where it was when it existed before. */
function viewCollate(tenant: Tenant): ProductView {
  const all = people(tenant);
  const names = new Map(all.map((person) => [person.id, person.userName]));
  const parents = new Map((tenant.settings.teams ?? []).map((team) => [foldCase(team.name), team.parent]));
  return {
    people: all.map(({ userName, active }) => ({
      userName,
      status: active ? "active" : "inactive",
      roles: [],
    })),
    teams: allGroups(tenant).map((name) => ({
      name,
      parent: parents.get(foldCase(name)) ?? "Organization",
      type: "group",
      members: membersOf(tenant, name, names).map((userName) => ({ userName, roles: [] })),
    })),
  };
}

function allGroups(tenant: Tenant): string[] {
  return [...tenant.data.groups.all()].map((row) => String((JSON.parse(row.body) as JsonObject).displayName));
}
