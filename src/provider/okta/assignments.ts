import { NOT_YET } from "../../clients/http.ts";
import { hasStatus } from "../../clients/http-error.ts";
import { type AppUser, listAppGroups, listAppUsers } from "../../clients/okta/app-assignments.ts";
import { application as readApplication } from "../../clients/okta/applications.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import { groupsById, usersById } from "../../clients/okta/principals.ts";
import { planSet } from "../authoritative-set.ts";
import type { AppAssignmentsInputs, AppAssignmentsOutputs } from "../contract.ts";
import { PartlyDone } from "../engine/partly-done.ts";
import type { Context, Resource } from "../engine/resource.ts";
import { isUnknown } from "../engine/values.ts";
import { leftToDo } from "../left-to-do.ts";
import { assertSameIds } from "../pinned-names.ts";
import { assertRemovalsAllowed, listed } from "../removal-limit.ts";
import { assertReplacementAllowed } from "../replacement.ts";
import {
  assertTakeOverMeant,
  isImported,
  mentionStrangers,
  notOwed,
  owedRemovals,
  ownEntries,
  takenBack,
  warnOfLeft,
  warnOfUnseen,
  withOwed,
} from "../take-over.ts";
import { type Applied, type Assigned, applyAssignments } from "./apply-assignments.ts";
import { switchesOf } from "./switches.ts";

type Inputs = AppAssignmentsInputs;
type Outputs = AppAssignmentsOutputs;

const identity = ({ kind, id }: Assigned) => `${kind} ${id}`;
const idOf = ({ id }: Assigned) => id;
const keysOf = (assigned: Assigned[]) => assigned.map(({ key }) => key);

/** The authoritative set of groups and users assigned to one Okta application. Its id is the application's. */
export const appAssignments: Resource<Inputs, Outputs> = {
  replaceOn: ["appId"],
  policies: ["exclusive", "maxRemovals", "pinned", "provisioning", "application"],

  comparable: (inputs, next, outputs) => ({ ...inputs, assignments: ownAssignments(inputs, outputs, next) }),

  async plan({ inputs, outputs, next }, context) {
    assertNamesKept(outputs, next);
    const declared = read(next.assignments);
    const own = ownAssignments(inputs, outputs, next);
    const before = read(own);
    if (isImported(inputs))
      assertTakeOverMeant(losing(before, declared), "assignments", next.application, context);
    warnOfLeft(inputs, Object.keys(inputs.assignments), own, next, context);
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
    const counted = losing(notOwed([...before, ...takenOver], outputs, idOf), declared);
    assertRemovalsAllowed(counted, next.application, next.maxRemovals, context.env);
    if (next.provisioning === "paused" && leaving.length > 0) warnOfKeptAccess(leaving, next, context);
    return takenBack(outputs, next.assignments);
  },

  async planReplacement({ inputs, outputs, next }, context) {
    const ids = { old: inputs.appId, next: next.appId };
    assertReplacementAllowed(ids, Object.keys(withOwed(inputs.assignments, outputs)), next, context);
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
    const applied = context.preview
      ? { missing: [], owed: [], reasons: [], left: [] }
      : await applyAssignments(okta, inputs.appId, changes, inputs.application, context);
    return { id: inputs.appId, outputs: settled(inputs, applied, users) };
  },

  async read({ id, inputs, outputs }, context) {
    const owed = read(outputs?.owed ?? {});
    const known = [...owed, ...read(inputs?.assignments ?? {})];
    let live: Assigned[];
    let users: AppUser[];
    try {
      ({ live, users } = await observe(context.okta(), id, known, NOT_YET.createdEarlier));
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
    const present = new Set(live.map(identity));
    const declared = new Set(known.map(identity));
    const strangers = live.filter((one) => !declared.has(identity(one)));
    const managed = inputs?.exclusive === false ? live.filter((one) => !strangers.includes(one)) : live;
    if (inputs?.exclusive === false)
      mentionStrangers(keysOf(strangers), "assignments", inputs.application, context);
    const observed = { ...inputs, appId: id, assignments: inOrder(managed, known) } as Inputs;
    return {
      inputs: observed,
      outputs: {
        ...observed,
        declared: outputs?.declared ?? Object.keys(observed.assignments),
        owed: Object.fromEntries(
          owed.filter((one) => present.has(identity(one))).map(({ key, id }) => [key, id]),
        ),
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
    const counted = keysOf(notOwed(changes.remove, outputs, idOf));
    assertRemovalsAllowed(counted, next.application, next.maxRemovals, context.env);
    warnOfUnseen(keysOf(changes.unseen), "assignments", next.application, context);
    const applied = await applyAssignments(context.okta(), id, changes, next.application, context);
    return settled(next, applied, users);
  },

  async delete({ id, inputs, outputs }, context) {
    const before = read(withOwed(inputs.assignments, outputs));
    const shown = new Set(before.map(identity));
    try {
      const { live } = await observe(context.okta(), id, before, 0);
      const remove = live.filter((one) => shown.has(identity(one)));
      if (remove.length > 0) await warnOfRemovals(id, keysOf(remove), inputs.application, context);
      const changes = { add: [], remove, unseen: [] };
      const { application } = inputs;
      const { reasons, left } = await applyAssignments(context.okta(), id, changes, application, context);
      if (reasons.length > 0) throw new Error(leftToDo(application, reasons, left));
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
  return ownEntries(inputs, withOwed(inputs.assignments, outputs), next, next.assignments, outputs.declared);
}

/** @throws PartlyDone when some of it failed. */
function settled(inputs: Inputs, { missing, owed, reasons, left }: Applied, users: AppUser[]): Outputs {
  const removals = owed.map(({ key, id }) => ({ key, id, value: id }));
  const owing = owedRemovals(removals, inputs.assignments);
  const absent = new Set(keysOf(missing));
  const known = Object.entries(inputs.assignments).filter(([key]) => !absent.has(key));
  const outputs = {
    ...inputs,
    declared: Object.keys({ ...inputs.assignments, ...owing }),
    owed: owing,
    knownPrincipals: Object.fromEntries(known),
    notProvisioned: waiting(users, inputs.provisioning),
  };
  if (reasons.length === 0) return outputs;
  throw new PartlyDone(inputs.appId, outputs, leftToDo(inputs.application, reasons, left));
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
