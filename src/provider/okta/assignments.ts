import { NOT_YET } from "../../clients/http.ts";
import { HttpError, hasStatus } from "../../clients/http-error.ts";
import {
  type AppUser,
  assignGroup,
  assignUser,
  listAppGroups,
  listAppUsers,
  unassignGroup,
  unassignUser,
} from "../../clients/okta/app-assignments.ts";
import { application as readApplication } from "../../clients/okta/applications.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import { groupsById, usersById } from "../../clients/okta/principals.ts";
import { planSet, type SetChanges } from "../authoritative-set.ts";
import type { AppAssignmentsInputs, AppAssignmentsOutputs } from "../contract.ts";
import type { Context, Resource } from "../engine/resource.ts";
import { isUnknown } from "../engine/values.ts";
import { assertSameIds } from "../pinned-names.ts";
import { assertRemovalsAllowed, listed } from "../removal-limit.ts";
import { assertReplacementAllowed } from "../replacement.ts";
import { assertTakeOverMeant, isImported, ownEntries, warnOfUnseen } from "../take-over.ts";
import { switchesOf } from "./switches.ts";

type Inputs = AppAssignmentsInputs;
type Outputs = AppAssignmentsOutputs;

/** A group or user assigned by name, under its key: `group:datahub-users`. */
interface Assigned {
  key: string;
  kind: "group" | "user";
  id: string;
}

const identity = ({ kind, id }: Assigned) => `${kind} ${id}`;
const keysOf = (assigned: Assigned[]) => assigned.map(({ key }) => key);

/** The authoritative set of groups and users assigned to one Okta application. Its id is the application's. */
export const appAssignments: Resource<Inputs, Outputs> = {
  replaceOn: ["appId"],
  policies: ["exclusive", "maxRemovals", "pinned", "provisioning", "application"],

  comparable: (inputs, next, outputs) => ({ ...inputs, assignments: ownAssignments(inputs, outputs, next) }),

  async plan({ inputs, outputs, next }, context) {
    assertNamesKept(outputs, next);
    const declared = read(next.assignments);
    const before = read(ownAssignments(inputs, outputs, next));
    if (isImported(inputs))
      assertTakeOverMeant(losing(before, declared), "assignments", next.application, context);
    let takenOver: Assigned[] = [];
    if (next.exclusive && inputs.exclusive === false) {
      const { live } = await observe(
        context.okta(),
        next.appId,
        [...before, ...declared],
        NOT_YET.createdEarlier,
      );
      takenOver = planSet(live, declared, {
        identity,
        wasShown: () => true,
        exclusive: true,
        takeOver: true,
      }).remove;
      if (takenOver.length > 0) {
        context.warn(
          [
            `exclusive: true takes over ${next.application}, and removes who is not declared:`,
            ...listed(keysOf(takenOver)),
          ].join("\n"),
        );
      }
    }
    const leaving = losing([...before, ...takenOver], declared);
    assertRemovalsAllowed(leaving, next.application, next.maxRemovals, context.env);
    if (next.provisioning === "paused" && leaving.length > 0) warnOfKeptAccess(leaving, next, context);
    return [];
  },

  async planReplacement({ inputs, next }, context) {
    const ids = { old: inputs.appId, next: next.appId };
    assertReplacementAllowed(ids, Object.keys(inputs.assignments), next, context);
  },

  async create(inputs, context) {
    const declared = read(inputs.assignments);
    if (context.preview && (isUnknown(inputs.appId) || declared.some(({ id }) => isUnknown(id)))) {
      return { id: inputs.appId, outputs: inputs };
    }
    const okta = context.okta();
    const { live, users } = await observe(okta, inputs.appId, declared, NOT_YET.justCreated);
    const rules = { identity, wasShown: () => false, exclusive: inputs.exclusive, takeOver: true };
    const changes = planSet(live, declared, rules);
    assertTakeOverMeant(keysOf(changes.remove), "assignments", inputs.application, context);
    if (!context.preview) await apply(okta, inputs.appId, changes, inputs.application, context);
    return {
      id: inputs.appId,
      outputs: {
        ...inputs,
        declared: keysOf(declared),
        knownPrincipals: inputs.assignments,
        notProvisioned: waiting(users, inputs.provisioning),
      },
    };
  },

  async read({ id, inputs, outputs }, context) {
    const known = read(inputs?.assignments ?? {});
    let live: Assigned[];
    let users: AppUser[];
    try {
      ({ live, users } = await observe(context.okta(), id, known, NOT_YET.createdEarlier));
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
    const declared = new Set(known.map(identity));
    const managed = inputs?.exclusive === false ? live.filter((one) => declared.has(identity(one))) : live;
    const observed = { ...inputs, appId: id, assignments: inOrder(managed, known) } as Inputs;
    return {
      inputs: observed,
      outputs: {
        ...observed,
        declared: outputs?.declared ?? [],
        // Whoever was let in by hand and is in the spec by now was written by nobody.
        knownPrincipals: { ...observed.assignments, ...outputs?.knownPrincipals },
        notProvisioned: waiting(users, inputs?.provisioning ?? "on"),
      },
    };
  },

  async update({ id, inputs, outputs }, next, context) {
    assertNamesKept(outputs, next);
    const declared = read(next.assignments);
    const before = read(ownAssignments(inputs, outputs, next));
    if (isImported(inputs))
      assertTakeOverMeant(losing(before, declared), "assignments", next.application, context);
    const shown = new Set(before.map(identity));
    const { live, users } = await observe(
      context.okta(),
      id,
      [...before, ...declared],
      NOT_YET.createdEarlier,
    );
    const changes = planSet(live, declared, {
      identity,
      wasShown: (one) => shown.has(identity(one)),
      exclusive: next.exclusive,
      takeOver: inputs.exclusive === false,
    });
    assertRemovalsAllowed(keysOf(changes.remove), next.application, next.maxRemovals, context.env);
    warnOfUnseen(keysOf(changes.unseen), "assignments", next.application, context);
    await apply(context.okta(), id, changes, next.application, context);
    return {
      ...next,
      declared: keysOf(declared),
      knownPrincipals: next.assignments,
      notProvisioned: waiting(users, next.provisioning),
    };
  },

  async delete({ id, inputs }, context) {
    const before = read(inputs.assignments);
    const shown = new Set(before.map(identity));
    try {
      const { live } = await observe(context.okta(), id, before, 0);
      const remove = live.filter((one) => shown.has(identity(one)));
      if (remove.length > 0) await warnOfRemovals(id, keysOf(remove), inputs.application, context);
      await apply(context.okta(), id, { add: [], remove, unseen: [] }, inputs.application, context);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  },
};

/** Logins that were assigned while provisioning was off, and that Okta does not provision by itself. */
export function waiting(users: AppUser[], provisioning: Inputs["provisioning"]): string[] {
  if (provisioning !== "on") return [];
  return users
    .filter(({ syncState }) => syncState === "DISABLED")
    .map(({ credentials, id }) => credentials?.userName ?? id)
    .sort();
}

function warnOfKeptAccess(leaving: string[], { application }: Inputs, context: Context): void {
  context.warn(
    [
      `${application} is paused, so Okta tells the product of nobody who is taken out now, not even once SCIM is on again. These stay active there until somebody deactivates them by hand:`,
      ...listed(leaving),
    ].join("\n"),
  );
}

/** Says of an application that stays behind what becomes of those who are taken out of it. */
async function warnOfRemovals(
  id: string,
  keys: string[],
  application: string,
  context: Context,
): Promise<void> {
  const { active, deactivateUsers } = switchesOf(await readApplication(context.okta(), id));
  const then =
    active && deactivateUsers
      ? "Okta deactivates in the product whoever has no other way in"
      : "SCIM is off there, so Okta deactivates nobody in the product: they stay active until somebody does it by hand";
  context.warn(
    [`${application} stays in Okta, and these are taken out of it; ${then}:`, ...listed(keys)].join("\n"),
  );
}

function assertNamesKept(outputs: Outputs, next: Inputs): void {
  assertSameIds(outputs.knownPrincipals ?? {}, next.assignments, new Set(next.pinned), next.application);
}

function ownAssignments(inputs: Inputs, outputs: Outputs, next: Inputs): Inputs["assignments"] {
  return ownEntries(inputs, inputs.assignments, next, next.assignments, outputs.declared);
}

function read(assignments: Record<string, string>): Assigned[] {
  return Object.entries(assignments).map(([key, id]) => ({
    key,
    kind: key.startsWith("user:") ? "user" : "group",
    id,
  }));
}

function losing(before: Assigned[], declared: Assigned[]): string[] {
  const staying = new Set(
    declared.flatMap((one) => [identity(one), isUnknown(one.id) ? one.key : identity(one)]),
  );
  return [
    ...new Set(keysOf(before.filter((one) => !staying.has(identity(one)) && !staying.has(one.key)))),
  ].sort();
}

/**
 * Who is assigned by name, under the keys of `known` where these name them, and everybody who is in. People in through a group
 * are among the latter only.
 */
export async function observe(
  okta: OktaClient,
  appId: string,
  known: Assigned[],
  awaitCreation: number,
): Promise<{ live: Assigned[]; users: AppUser[] }> {
  const groups = await listAppGroups(okta, appId, { awaitCreation });
  const users = await listAppUsers(okta, appId, { awaitCreation });
  const named = users.filter(({ scope }) => scope === "USER");
  const keys = new Map(known.map((one) => [identity(one), one.key]));
  const strangers = (kind: Assigned["kind"], items: { id: string }[]) =>
    items.map(({ id }) => id).filter((id) => !keys.has(`${kind} ${id}`));
  const names = new Map<string, string>();
  for (const group of await groupsById(okta, strangers("group", groups)))
    names.set(group.id, group.profile.name);
  for (const user of await usersById(okta, strangers("user", named))) names.set(user.id, user.profile.login);
  const taken = new Set(keys.values());
  const keyed = (kind: Assigned["kind"], id: string): Assigned => {
    const name = `${kind}:${names.get(id) ?? id}`;
    // Names of groups that come from other directories need not be unique.
    const key = keys.get(`${kind} ${id}`) ?? (taken.has(name) ? `${name} (${id})` : name);
    taken.add(key);
    return { key, kind, id };
  };
  const live = [...groups.map(({ id }) => keyed("group", id)), ...named.map(({ id }) => keyed("user", id))];
  return { live, users };
}

/** Adds first, so that who moves from one way in to another is never out. */
async function apply(
  okta: OktaClient,
  appId: string,
  changes: SetChanges<Assigned, Assigned>,
  application: string,
  context: Context,
): Promise<void> {
  for (const { kind, id } of changes.add) {
    await (kind === "group" ? assignGroup(okta, appId, id) : assignUser(okta, appId, id));
  }
  // Groups first: whoever a group gives access cannot be unassigned by name.
  const groupsFirst = [...changes.remove].sort((one, other) => one.kind.localeCompare(other.kind));
  for (const { key, kind, id } of groupsFirst) {
    if (kind === "group") await unassignGroup(okta, appId, id);
    else await removeUser(okta, appId, id, key, application, context);
  }
}

async function removeUser(
  okta: OktaClient,
  appId: string,
  id: string,
  key: string,
  application: string,
  context: Context,
): Promise<void> {
  try {
    await unassignUser(okta, appId, id);
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "E0000046") throw error;
    context.warn(
      `${application}: ${key} stays assigned by name, because an assigned group gives access too and Okta refuses to take one without the other. In the console, Assignments > Convert Assignments makes it one through the group.`,
    );
  }
}

/** Declared keys first and in their order, so that a refresh that finds nothing new changes nothing. */
function inOrder(live: Assigned[], declared: Assigned[]): Record<string, string> {
  const present = new Set(live.map(identity));
  const stated = declared.filter((one) => present.has(identity(one)));
  const keys = new Set(keysOf(stated));
  const others = live
    .filter(({ key }) => !keys.has(key))
    .sort((one, other) => one.key.localeCompare(other.key));
  return Object.fromEntries([...stated, ...others].map(({ key, id }) => [key, id]));
}
