import { HttpError } from "../../clients/http-error.ts";
import { assignGroup, assignUser, unassignGroup, unassignUser } from "../../clients/okta/app-assignments.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import type { SetChanges } from "../authoritative-set.ts";
import type { Context } from "../engine/resource.ts";
import { keepsWayIn } from "../ways-in.ts";
import { oneByOne } from "./one-by-one.ts";

/** A group or user assigned by name, under its key: `group:datahub-users`. */
export interface Assigned {
  key: string;
  kind: "group" | "user";
  id: string;
}

export interface Applied {
  /** Not assigned. */
  missing: Assigned[];
  /** Still assigned though they should not be. */
  owed: Assigned[];
  /** Of both, what was held back or not come to. */
  untried: Assigned[];
  /** Why, of what was refused. */
  reasons: string[];
}

/** Adds first, so that who moves from one way in to another is never out. */
export async function applyAssignments(
  okta: OktaClient,
  appId: string,
  { add, remove }: SetChanges<Assigned, Assigned>,
  application: string,
  context: Context,
): Promise<Applied> {
  const added = await oneByOne(add, keyOf, (one) =>
    one.kind === "group" ? assignGroup(okta, appId, one.id) : assignUser(okta, appId, one.id),
  );
  const missing = [...added.refused, ...added.untried];
  const keeps = keepsWayIn<Assigned, Assigned>(missing, ({ id }) => id);
  const kept = remove.filter(keeps);
  const insisted: Assigned[] = [];
  // Groups first: whoever a group gives access cannot be unassigned by name.
  const leaving = remove
    .filter((one) => !keeps(one))
    .sort((one, other) => one.kind.localeCompare(other.kind));
  const removed = await oneByOne(leaving, keyOf, async (one) => {
    if (one.kind === "group") await unassignGroup(okta, appId, one.id);
    else if (!(await removeUser(okta, appId, one, application, context))) insisted.push(one);
  });
  return {
    missing,
    owed: [...kept, ...insisted, ...removed.refused, ...removed.untried],
    untried: [...added.untried, ...kept, ...removed.untried],
    reasons: [...added.reasons, ...removed.reasons],
  };
}

const keyOf = ({ key }: Assigned) => key;

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
