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

export interface PushedMember {
  /** The member's id in the SCIM server. */
  value: string;
  /** Its userName. */
  display: string;
}

export interface OutgoingGroup {
  displayName: string;
  /** Only people who are assigned to the application and provisioned there, see {@link pushableMembers}. */
  members: PushedMember[];
}

export type GroupReport = { outcome: "created" | "linked" | "updated"; scimId: string } | Failure;

const GROUPS = "/Groups";

/**
 * Of a group's members those that Okta can push: people with an account of this application. The others are left out without
 * a word; a push can create an empty group.
 */
export function pushableMembers(
  memberIds: readonly string[],
  accounts: ReadonlyMap<string, { scimId: string | null; userName: string }>,
): PushedMember[] {
  const members: PushedMember[] = [];
  for (const id of memberIds) {
    const account = accounts.get(id);
    if (account?.scimId) members.push({ value: account.scimId, display: account.userName });
  }
  return members;
}

/**
 * Pushes a group for the first time: one of that displayName is linked (matched on its name, as the filter of the server does),
 * otherwise it is created empty; name and members follow in either case.
 */
export function* pushGroup(style: ScimStyle, group: OutgoingGroup): ScimExchange<GroupReport> {
  const doing = `creating group ${group.displayName}`;
  const search = yield { method: "GET", path: `${GROUPS}?${filterQuery("displayName", group.displayName)}` };
  const found = listed(search);
  if (!found) return failure(doing, search);
  const known = found[0]?.id;
  if (typeof known === "string") return relabel(yield* updateGroup(style, known, group, null), "linked");

  const body = { schemas: [SCHEMA.group], displayName: group.displayName, members: [] };
  const response = yield { method: "POST", path: GROUPS, body };
  const id = isObject(response.body) ? response.body.id : undefined;
  if (response.status !== 201 && response.status !== 200) return failure(doing, response);
  if (typeof id !== "string" || id === "") {
    return {
      outcome: "failed",
      status: response.status,
      message: `Error while ${doing}: the answer has no id`,
    };
  }
  return relabel(yield* updateGroup(style, id, group, null), "created");
}

/**
 * Brings a pushed group up to date, after a change of members or of its name.
 * @param previous what was last sent, for the add and remove of an OIN application; null for all members anew.
 */
export function* updateGroup(
  style: ScimStyle,
  scimId: string,
  group: OutgoingGroup,
  previous: PushedMember[] | null,
): ScimExchange<GroupReport> {
  const doing = `updating group ${group.displayName}`;
  const path = groupPath(scimId);
  if (style === "oin") {
    const response = yield { method: "PATCH", path, body: groupPatch(scimId, group, previous) };
    return response.status === 200 || response.status === 204
      ? { outcome: "updated", scimId }
      : failure(doing, response);
  }
  const current = yield { method: "GET", path };
  if (current.status !== 200 || !isObject(current.body)) return failure(doing, current);
  const body = { ...current.body, displayName: group.displayName, members: group.members };
  const put = yield { method: "PUT", path, body };
  return put.status === 200 || put.status === 204 ? { outcome: "updated", scimId } : failure(doing, put);
}

/** Unlinking with "delete the group in the target app". Without it Okta sends nothing at all. */
export function* deleteGroup(
  scimId: string,
  displayName: string,
): ScimExchange<{ outcome: "deleted" } | Failure> {
  const response = yield { method: "DELETE", path: groupPath(scimId) };
  return response.status === 204 || response.status === 200 || response.status === 404
    ? { outcome: "deleted" }
    : failure(`deleting group ${displayName}`, response);
}

function groupPatch(scimId: string, group: OutgoingGroup, previous: PushedMember[] | null) {
  const operations: unknown[] = [{ op: "replace", value: { id: scimId, displayName: group.displayName } }];
  if (previous) {
    const now = new Set(group.members.map((member) => member.value));
    const before = new Set(previous.map((member) => member.value));
    for (const gone of previous.filter((member) => !now.has(member.value))) {
      operations.push({ op: "remove", path: `members[value eq ${JSON.stringify(gone.value)}]` });
    }
    const added = group.members.filter((member) => !before.has(member.value));
    if (added.length > 0) operations.push({ op: "add", path: "members", value: added });
  } else {
    operations.push({ op: "replace", path: "members", value: group.members });
  }
  return { schemas: [SCHEMA.patchOp], Operations: operations };
}

function relabel(report: GroupReport, outcome: "created" | "linked"): GroupReport {
  return report.outcome === "failed" ? report : { ...report, outcome };
}

function groupPath(scimId: string): string {
  return `${GROUPS}/${encodeURIComponent(scimId)}`;
}
