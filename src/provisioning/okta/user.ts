import { SCHEMA } from "../../scim/wire.ts";
import {
  type Failure,
  failure,
  filterQuery,
  isObject,
  listed,
  type ScimExchange,
  type ScimStyle,
} from "./application.ts";
import { type ScimAttribute, type ScimBody, setAttribute } from "./resource.ts";

/** An application user as Okta is about to send it. */
export interface OutgoingUser {
  /** Id of the Okta user; becomes externalId. */
  oktaId: string;
  userName: string;
  /** Whether a changed userName is sent with updates (the template's pushStatus PUSH). */
  pushUserName: boolean;
  attributes: ScimAttribute[];
  /** Sent on create even where passwords are not synchronised (a placeholder then). Never log it. */
  password: string;
}

export type UserReport =
  | { outcome: "created" | "linked" | "updated" | "deactivated"; scimId: string }
  | Failure;

const USERS = "/Users";

/**
 * Gives an assigned user an account: looks for the userName first, links and overwrites what is there, creates it otherwise.
 * An inactive account becomes active again.
 */
export function* provisionUser(style: ScimStyle, user: OutgoingUser): ScimExchange<UserReport> {
  const doing = `creating user ${user.userName}`;
  const search = yield { method: "GET", path: `${USERS}?${filterQuery("userName", user.userName)}` };
  const found = listed(search);
  if (!found) return failure(doing, search);
  if (found.length > 1) {
    return {
      outcome: "failed",
      status: search.status,
      message: `Error while ${doing}: the SCIM server knows ${found.length} users with this userName`,
    };
  }
  const scimId = found[0]?.id;
  if (typeof scimId === "string") return yield* linkUser(style, scimId, user);

  const response = yield { method: "POST", path: USERS, body: newUser(user) };
  if (response.status !== 201 && response.status !== 200) return failure(doing, response);
  const id = isObject(response.body) ? response.body.id : undefined;
  return typeof id === "string" && id !== ""
    ? { outcome: "created", scimId: id }
    : {
        outcome: "failed",
        status: response.status,
        message: `Error while ${doing}: Create new user returned empty user.`,
      };
}

function newUser(user: OutgoingUser): ScimBody {
  const body: ScimBody = {
    schemas: [SCHEMA.user],
    userName: user.userName,
    externalId: user.oktaId,
    groups: [],
    password: user.password,
    active: true,
  };
  for (const attribute of user.attributes) if (attribute.value !== null) setAttribute(body, attribute);
  return body;
}

function* linkUser(style: ScimStyle, scimId: string, user: OutgoingUser): ScimExchange<UserReport> {
  const doing = `linking user ${user.userName}`;
  const current = yield { method: "GET", path: userPath(scimId) };
  if (current.status !== 200 || !isObject(current.body)) return failure(doing, current);
  const body: ScimBody = {
    ...structuredClone(current.body),
    userName: user.userName,
    externalId: user.oktaId,
  };
  for (const attribute of user.attributes) setAttribute(body, attribute);
  const inactive = body.active === false;
  if (style === "wizard") body.active = true;
  const put = yield { method: "PUT", path: userPath(scimId), body };
  if (!succeeded(put.status)) return failure(doing, put);
  if (style === "oin" && inactive) {
    const patch = yield { method: "PATCH", path: userPath(scimId), body: activePatch(true) };
    if (!succeeded(patch.status)) return failure(doing, patch);
  }
  return { outcome: "linked", scimId };
}

/** Sends changed attributes: what GET returned, overlaid with those that are applied on update too. */
export function* updateUser(
  scimId: string,
  user: OutgoingUser,
  syncPassword: boolean,
): ScimExchange<UserReport> {
  const doing = `updating user ${user.userName}`;
  const current = yield { method: "GET", path: userPath(scimId) };
  if (current.status !== 200 || !isObject(current.body)) return failure(doing, current);
  const body: ScimBody = structuredClone(current.body);
  if (user.pushUserName) body.userName = user.userName;
  for (const attribute of user.attributes) if (attribute.push) setAttribute(body, attribute);
  if (syncPassword) body.password = user.password;
  const put = yield { method: "PUT", path: userPath(scimId), body };
  return succeeded(put.status) ? { outcome: "updated", scimId } : failure(doing, put);
}

/** Sends `active: false`. Okta never deletes a user, whatever happens to it. */
export function* deactivateUser(
  style: ScimStyle,
  scimId: string,
  userName: string,
): ScimExchange<UserReport> {
  const doing = `deactivating user ${userName}`;
  const current = yield { method: "GET", path: userPath(scimId) };
  if (current.status !== 200 || !isObject(current.body)) return failure(doing, current);
  const response =
    style === "wizard"
      ? yield { method: "PUT", path: userPath(scimId), body: { ...current.body, active: false } }
      : yield { method: "PATCH", path: userPath(scimId), body: activePatch(false) };
  return succeeded(response.status) ? { outcome: "deactivated", scimId } : failure(doing, response);
}

function activePatch(active: boolean): ScimBody {
  return { schemas: [SCHEMA.patchOp], Operations: [{ op: "replace", value: { active } }] };
}

function userPath(scimId: string): string {
  return `${USERS}/${encodeURIComponent(scimId)}`;
}

function succeeded(status: number): boolean {
  return status === 200 || status === 204;
}
