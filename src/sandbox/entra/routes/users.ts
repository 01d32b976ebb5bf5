import { type EntraUser, UNSET_USER } from "../../../directory/entra.ts";
import type { UserDocument } from "../documents.ts";
import { USER } from "../entity-types.ts";
import type { GraphObject } from "../filter.ts";
import { badRequest, invalidProperty, malformed, notFound } from "../graph-error.ts";
import { checkProperties, created, type GraphRouter, noContent, requiredString } from "../graph-router.ts";
import { deleteUser, restore, softDeleteUser } from "../lifecycle.ts";
import { userOf, visible } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";
import { referencedId } from "../reference.ts";
import { renderUser } from "../render.ts";

const MAX_DISPLAY_NAME = 256;
/** Properties that a request cannot set, or that nobody may read. */
const NOT_KEPT = new Set(["id", "deletedDateTime", "createdDateTime", "passwordProfile", "proxyAddresses"]);

/** Users, their managers, and the recycle bin. */
export function userRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const { users } = tenant.documents;

  router.on("GET", "/users", ACCESS.readUsers, (call) => {
    const present = visible(tenant, call, users).filter(({ deletedDateTime }) => deletedDateTime === null);
    return router.page(call, USER, "users", present, renderUser);
  });

  router.on("POST", "/users", ACCESS.writeUsers, ({ body, root }) => {
    checkProperties(body, USER);
    for (const name of ["displayName", "mailNickname", "userPrincipalName"]) requiredString(body, name);
    if (typeof body.accountEnabled !== "boolean")
      throw badRequest("A value is required for property 'accountEnabled' of resource 'User'.");
    if (typeof body.passwordProfile !== "object")
      throw badRequest("The specified password does not comply with password complexity requirements.");
    const user = changedBy({ ...EMPTY_USER, id: tenant.random.uuid() }, body);
    checkUser(user, users.values());
    users.put(user.id, user);
    tenant.consistency.created(user.id);
    return created({ "@odata.context": `${root}/$metadata#users/$entity`, ...renderUser(user) });
  });

  router.on("GET", "/users/:id", ACCESS.readUsers, (call) =>
    router.entity(call, USER, "users", renderUser(userOf(tenant, call, call.params.id ?? ""))),
  );

  router.on("PATCH", "/users/:id", ACCESS.writeUsers, (call) => {
    checkProperties(call.body, USER);
    const user = userOf(tenant, call, call.params.id ?? "");
    const changed = changedBy(user, call.body);
    checkUser(
      changed,
      users.values().filter(({ id }) => id !== user.id),
    );
    users.put(user.id, changed);
    return noContent;
  });

  router.on("DELETE", "/users/:id", ACCESS.writeUsers, (call) => {
    softDeleteUser(tenant, userOf(tenant, call, call.params.id ?? "").id);
    return noContent;
  });

  router.on("GET", "/users/:id/manager", ACCESS.readUsers, (call) => {
    const { manager } = userOf(tenant, call, call.params.id ?? "");
    const found = manager === null ? undefined : users.get(manager);
    if (!found) throw notFound("manager");
    return router.entity(call, USER, "directoryObjects", {
      "@odata.type": "#microsoft.graph.user",
      ...renderUser(found),
    });
  });

  router.on("PUT", "/users/:id/manager/$ref", ACCESS.writeUsers, (call) => {
    const user = userOf(tenant, call, call.params.id ?? "");
    users.put(user.id, { ...user, manager: userOf(tenant, call, referencedId(call.body)).id });
    return noContent;
  });

  router.on("GET", "/directory/deletedItems/microsoft.graph.user", ACCESS.readUsers, (call) => {
    const deleted = users.values().filter(({ deletedDateTime }) => deletedDateTime !== null);
    return router.page(call, USER, "users", deleted, renderUser);
  });

  router.on("POST", "/directory/deletedItems/:id/restore", ACCESS.restoreDeleted, ({ params, root }) => {
    const id = params.id ?? "";
    if (!restore(tenant, id)) throw notFound(id);
    return { status: 200, body: { "@odata.context": `${root}/$metadata#directoryObjects/$entity`, id } };
  });

  router.on("DELETE", "/directory/deletedItems/:id", ACCESS.restoreDeleted, ({ params }) => {
    const id = params.id ?? "";
    if (!users.get(id)?.deletedDateTime) throw notFound(id);
    deleteUser(tenant, id);
    return noContent;
  });

  router.on("GET", "/me", undefined, () => {
    throw malformed("/me request is only valid with delegated authentication flow.");
  });
}

const EMPTY_USER: Omit<EntraUser, "id"> = { ...UNSET_USER, userPrincipalName: "", displayName: "" };

/** The user with what a request sets. */
function changedBy(user: UserDocument, body: GraphObject): UserDocument {
  const kept = Object.entries(body).filter(([name]) => !name.startsWith("@odata.") && !NOT_KEPT.has(name));
  const own = kept.filter(([name]) => name in EMPTY_USER);
  const more = { ...user.more, ...Object.fromEntries(kept.filter(([name]) => !(name in EMPTY_USER))) };
  return { ...user, ...Object.fromEntries(own), ...(Object.keys(more).length > 0 ? { more } : {}) };
}

function checkUser(user: EntraUser, others: EntraUser[]): void {
  if (
    typeof user.displayName !== "string" ||
    user.displayName === "" ||
    user.displayName.length > MAX_DISPLAY_NAME
  ) {
    throw invalidProperty("displayName", "User");
  }
  if (!/^[^@\s]+@[^@\s]+$/.test(user.userPrincipalName)) throw invalidProperty("userPrincipalName", "User");
  const name = user.userPrincipalName.toLowerCase();
  if (others.some(({ userPrincipalName }) => userPrincipalName.toLowerCase() === name)) {
    throw badRequest("Another object with the same value for property userPrincipalName already exists.");
  }
}
