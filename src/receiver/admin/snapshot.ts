import type { JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import { badSyntax, badValue } from "../errors.ts";
import { documentOf } from "../protocol/render.ts";
import type { Tenant } from "../protocol/tenant.ts";
import { restoreResource } from "../protocol/write.ts";

/** Everything that a tenant holds, but for its journal, as SCIM resources in order of creation. */
export interface Snapshot {
  version: 1;
  dialect: string;
  /** ISO time. */
  taken: string;
  users: JsonObject[];
  groups: JsonObject[];
}

export function takeSnapshot(tenant: Tenant): Snapshot {
  const { users, groups } = tenant.data;
  const wants = (name: string) => name === "members";
  return {
    version: 1,
    dialect: tenant.dialect.name,
    taken: new Date().toISOString(),
    users: [...users.all()].map((row) => documentOf(tenant, "User", row, wants)),
    groups: [...groups.all()].map((row) => documentOf(tenant, "Group", row, wants)),
  };
}

/** Puts a snapshot in the place of what the tenant holds, all of it or nothing. @throws ScimError 400 for what is none. */
export function restoreSnapshot(tenant: Tenant, snapshot: unknown): void {
  if (!isObject(snapshot) || snapshot.version !== 1) throw badSyntax("This is no snapshot of version 1.");
  const { users, groups } = snapshot;
  if (!Array.isArray(users) || !Array.isArray(groups))
    throw badSyntax("A snapshot has `users` and `groups`.");
  const ids = new Set<unknown>();
  for (const resource of [...users, ...groups]) {
    const id = isObject(resource) ? resource.id : undefined;
    if (id !== undefined && ids.has(id))
      throw badValue(`Two resources of the snapshot have the id \`${String(id)}\`.`);
    ids.add(id);
  }
  tenant.data.batch.run(() => {
    tenant.data.clear();
    for (const user of users) restoreResource(tenant, "User", isObject(user) ? user : {});
    for (const group of groups) restoreResource(tenant, "Group", isObject(group) ? group : {});
  });
}
