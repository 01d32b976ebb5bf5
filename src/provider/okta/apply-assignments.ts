import { HttpError } from "../../clients/http-error.ts";
import { assignGroup, assignUser, unassignGroup, unassignUser } from "../../clients/okta/app-assignments.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import type { SetChanges } from "../authoritative-set.ts";
import type { Context } from "../engine/resource.ts";
import { NOT_DONE, toBeRemoved } from "../left-to-do.ts";
import { KEPT, keepsWayIn } from "../ways-in.ts";
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
  /** Why, of each that was refused. */
  reasons: string[];
  /** What else was not done, under why, as {@link leftToDo} takes it. */
  left: [string, string[]][];
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
  const keeps = keepsWayIn(missing, ({ id }: Assigned) => id);
  const [kept, leaving] = added.stopped ? [[], []] : parted(remove, keeps);
  const unreached = added.stopped ? remove : [];
  // Groups first: whoever a group gives access cannot be unassigned by name.
  leaving.sort((one, other) => one.kind.localeCompare(other.kind));
  const insisted: Assigned[] = [];
  const removed = await oneByOne(leaving, removalOf, async (one) => {
    if (one.kind === "group") await unassignGroup(okta, appId, one.id);
    else if (!(await removeUser(okta, appId, one.id))) insisted.push(one);
  });
  const owed = [...kept, ...unreached, ...removed.refused, ...removed.untried];
  const groupsStay = owed.some(({ kind }) => kind === "group");
  if (!groupsStay) for (const { key } of insisted) warnOfInsistence(key, application, context);
  return {
    missing,
    owed: [...owed, ...insisted],
    reasons: [...added.reasons, ...removed.reasons],
    left: [
      [NOT_DONE, [...added.untried.map(keyOf), ...[...unreached, ...removed.untried].map(removalOf)]],
      [KEPT, kept.map(keyOf)],
      ["Assigned by name for as long as the group is", groupsStay ? insisted.map(keyOf) : []],
    ],
  };
}

const keyOf = ({ key }: Assigned) => key;
const removalOf = ({ key }: Assigned) => toBeRemoved(key);

/** @returns those of whom it is true, and the others */
function parted<Item>(items: Item[], isTrue: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isTrue), items.filter((item) => !isTrue(item))];
}

/** @returns whether the user is no longer assigned by name. */
async function removeUser(okta: OktaClient, appId: string, id: string): Promise<boolean> {
  try {
    await unassignUser(okta, appId, id);
    return true;
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "E0000046") throw error;
    return false;
  }
}

function warnOfInsistence(key: string, application: string, context: Context): void {
  context.warn(
    `${application}: ${key} stays assigned by name, because an assigned group gives access too and Okta refuses to take one without the other. In the console, Assignments > Convert Assignments makes it one through the group.`,
  );
}
