import { HttpError } from "../../clients/http-error.ts";
import { assignGroup, assignUser, unassignGroup, unassignUser } from "../../clients/okta/app-assignments.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import type { SetChanges } from "../authoritative-set.ts";
import type { Context } from "../engine/resource.ts";

/** A group or user assigned by name, under its key: `group:datahub-users`. */
export interface Assigned {
  key: string;
  kind: "group" | "user";
  id: string;
}

export interface Applied {
  /** Not assigned, because of the failure. */
  missing: Assigned[];
  /** Still assigned though they should not be: Okta refused to take them out, or it did not come to it. */
  owed: Assigned[];
  /** What ended it early. */
  failure?: unknown;
}

/** Adds first, so that who moves from one way in to another is never out; stops at the first failure. */
export async function applyAssignments(
  okta: OktaClient,
  appId: string,
  { add, remove }: SetChanges<Assigned, Assigned>,
  application: string,
  context: Context,
): Promise<Applied> {
  const missing = new Set(add);
  // Groups first: whoever a group gives access cannot be unassigned by name.
  const owed = new Set([...remove].sort((one, other) => one.kind.localeCompare(other.kind)));
  try {
    for (const one of add) {
      await (one.kind === "group" ? assignGroup(okta, appId, one.id) : assignUser(okta, appId, one.id));
      missing.delete(one);
    }
    for (const one of [...owed]) {
      if (one.kind === "group") await unassignGroup(okta, appId, one.id);
      else if (!(await removeUser(okta, appId, one, application, context))) continue;
      owed.delete(one);
    }
    return { missing: [], owed: [...owed] };
  } catch (failure) {
    return { missing: [...missing], owed: [...owed], failure };
  }
}

/** @returns whether the user is no longer assigned by name. */
async function removeUser(
  okta: OktaClient,
  appId: string,
  { id, key }: Assigned,
  application: string,
  context: Context,
): Promise<boolean> {
  try {
    await unassignUser(okta, appId, id);
    return true;
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "E0000046") throw error;
    context.warn(
      `${application}: ${key} stays assigned by name, because an assigned group gives access too and Okta refuses to take one without the other. In the console, Assignments > Convert Assignments makes it one through the group.`,
    );
    return false;
  }
}
