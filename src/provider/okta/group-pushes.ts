import { NOT_YET } from "../../clients/http.ts";
import { hasStatus } from "../../clients/http-error.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import { type GroupPushMapping, listGroupPushes } from "../../clients/okta/group-push.ts";
import { groupsById } from "../../clients/okta/principals.ts";
import type { GroupPush, GroupPushesInputs, GroupPushesOutputs } from "../contract.ts";
import { PartlyDone } from "../engine/partly-done.ts";
import type { Context, Resource } from "../engine/resource.ts";
import { isUnknown } from "../engine/values.ts";
import { leftToDo } from "../left-to-do.ts";
import { assertSameIds, type Principals } from "../pinned-names.ts";
import { listed } from "../removal-limit.ts";
import {
  assertTakeOverMeant,
  isImported,
  mentionStrangers,
  ownEntries,
  warnOfLeft,
  warnOfUnseen,
  withOwed,
} from "../take-over.ts";
import { type Applied, applyPushes } from "./apply-pushes.ts";

type Inputs = GroupPushesInputs;
type Outputs = GroupPushesOutputs;
type Pushes = Record<string, GroupPush>;

/** The authoritative set of groups that one Okta application pushes. Its id is the application's. */
export const groupPushes: Resource<Inputs, Outputs> = {
  replaceOn: ["appId"],
  policies: ["prefixes", "exclusive", "pinned", "application"],

  comparable: (inputs, next, outputs) => {
    const own = ownPushes(inputs, outputs, next);
    const renamed = renamedOut(own, next);
    const kept = Object.entries(own).filter(([id]) => !(id in renamed));
    // Whether removing a push deletes its group is nowhere in Okta: an import cannot know it.
    const pushes = Object.fromEntries(
      kept.map(([id, push]) => [
        id,
        { ...push, deleteTargetGroup: push.deleteTargetGroup ?? next.pushes[id]?.deleteTargetGroup ?? false },
      ]),
    );
    return { ...inputs, pushes };
  },

  async plan({ inputs, outputs, next }, context) {
    assertNamesKept(outputs, next);
    warnOfLeft(inputs, Object.keys(inputs.pushes), ownPushes(inputs, outputs, next), next, context);
    if (isImported(inputs)) assertImportDeclared(inputs, outputs, next, context);
    for (const [id, { name, prefix }] of Object.entries(renamedOut(inputs.pushes, next))) {
      context.warn(
        name === id
          ? `${next.application}: the group ${id}, pushed because its name began with "${prefix}", is not to be found in Okta. Its push stays as it is; if the group was deleted, remove the push in Okta's console.`
          : `${next.application}: ${name} was pushed because its name began with "${prefix}", and no longer does. As with Okta's own rules it stays pushed; to end that, remove the push in Okta's console, or name the group differently.`,
      );
    }
    const leaving = Object.entries(ownPushes(inputs, outputs, next)).filter(
      ([id]) => !next.pushes[id] && !(id in renamedOut(inputs.pushes, next)),
    );
    warnOfDeletedGroups(Object.fromEntries(leaving), next.application, context);
    for (const { name, status } of Object.values(inputs.pushes)) {
      if (status === "ERROR") {
        context.warn(`${next.application}: Okta could not push ${name}. The next \`up\` links it anew.`);
      }
    }
    return [];
  },

  async planReplacement({ inputs, outputs, next }, context) {
    warnOfDeletedGroups(withOwed(inputs.pushes, outputs), next.application, context);
  },

  async create(inputs, context) {
    if (context.preview && (isUnknown(inputs.appId) || Object.keys(inputs.pushes).some(isUnknown))) {
      return { id: inputs.appId, outputs: inputs };
    }
    const okta = context.okta();
    const live = await listGroupPushes(okta, inputs.appId, { awaitCreation: NOT_YET.justCreated });
    const undeclared = inputs.exclusive
      ? live.filter(({ sourceGroupId }) => !inputs.pushes[sourceGroupId])
      : [];
    const names = await namesOf(okta, undeclared);
    assertTakeOverMeant(
      undeclared.map((push) => shown(push, names)),
      "pushed groups",
      inputs.application,
      context,
    );
    if (context.preview) return { id: inputs.appId, outputs: inputs };
    const ending = undeclared.map((push) => [push.sourceGroupId, observed(push, undefined, {}, names)]);
    const old = Object.fromEntries(ending);
    const applied = await applyPushes(okta, inputs.appId, inputs.pushes, live, undeclared, old);
    return { id: inputs.appId, outputs: settled(inputs, applied, {}, old) };
  },

  async read({ id, inputs, outputs }, context) {
    const okta = context.okta();
    let live: GroupPushMapping[];
    try {
      live = await listGroupPushes(okta, id, { awaitCreation: NOT_YET.createdEarlier });
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
    const known = { ...outputs?.owed, ...inputs?.pushes };
    const prefixOf = outputs?.prefixOf ?? {};
    const managed = live.filter(
      ({ sourceGroupId }) => known[sourceGroupId] || prefixOf[sourceGroupId] || inputs?.exclusive !== false,
    );
    const names = await namesOf(okta, managed);
    if (inputs?.exclusive === false) {
      const strangers = live.filter((push) => !managed.includes(push));
      const called = await namesFor(okta, strangers);
      mentionStrangers(called, "pushed groups", inputs.application, context);
    }
    const pushes = Object.fromEntries(
      managed
        .sort((one, other) => shown(one, names).localeCompare(shown(other, names)))
        .map((push) => [push.sourceGroupId, observed(push, known[push.sourceGroupId], prefixOf, names)]),
    );
    const inputsNow = { ...inputs, appId: id, pushes } as Inputs;
    const declared = outputs?.declared ?? Object.keys(pushes);
    const owed = Object.fromEntries(Object.entries(outputs?.owed ?? {}).filter(([id]) => id in pushes));
    // Old names come before those that were given meanwhile: by them the spec has the groups.
    const knownGroups = { ...named(pushes), ...named(known), ...outputs?.knownGroups };
    return {
      inputs: inputsNow,
      outputs: { ...outputsOf(inputsNow, managed, prefixOf, owed), knownGroups, declared },
    };
  },

  async update({ id, inputs, outputs }, next, context) {
    assertNamesKept(outputs, next);
    if (isImported(inputs)) assertImportDeclared(inputs, outputs, next, context);
    const okta = context.okta();
    const live = await listGroupPushes(okta, id, { awaitCreation: NOT_YET.createdEarlier });
    const own = ownPushes(inputs, outputs, next);
    const kept = renamedOut(own, next);
    const undeclared = live.filter(
      ({ sourceGroupId }) => !next.pushes[sourceGroupId] && !kept[sourceGroupId],
    );
    const remove = undeclared.filter(({ sourceGroupId }) => own[sourceGroupId]);
    const unseen = next.exclusive ? undeclared.filter((push) => !remove.includes(push)) : [];
    warnOfUnseen(await namesFor(okta, unseen), "pushed groups", next.application, context);
    const applied = await applyPushes(okta, id, next.pushes, live, remove, own);
    const prefixOf = Object.fromEntries(
      Object.keys(kept).flatMap((group) => {
        const prefix = kept[group]?.prefix ?? outputs.prefixOf?.[group];
        return prefix ? [[group, prefix]] : [];
      }),
    );
    return settled(next, applied, prefixOf, own);
  },

  async delete({ id, inputs, outputs }, context) {
    const okta = context.okta();
    const pushes = withOwed(inputs.pushes, outputs);
    try {
      const live = await listGroupPushes(okta, id);
      const remove = live.filter(({ sourceGroupId }) => pushes[sourceGroupId]);
      const ended = remove.map(({ sourceGroupId: group }) => [group, pushes[group]]);
      warnOfDeletedGroups(Object.fromEntries(ended), inputs.application, context);
      const { reasons, left } = await applyPushes(okta, id, {}, [], remove, pushes);
      if (reasons.length > 0) throw new Error(leftToDo(inputs.application, reasons, left));
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  },
};

/** Of pushes that end, names those that take their group along. */
function warnOfDeletedGroups(ending: Pushes, application: string, context: Context): void {
  const deleted = Object.values(ending).filter(({ deleteTargetGroup }) => deleteTargetGroup);
  if (deleted.length === 0) return;
  context.warn(
    [
      `${application}: Okta deletes these groups in the product, and with them whatever was granted to them there:`,
      ...listed(deleted.map(({ name }) => name).sort()),
    ].join("\n"),
  );
}

/** Name -> id of the groups that are pushed by their name. */
function named(pushes: Pushes): Principals {
  const entries = Object.entries(pushes).filter(([, { prefix }]) => prefix === undefined);
  return Object.fromEntries(entries.map(([id, { name }]) => [name, id]));
}

/** Whatever the product grants to the group it knows by a name, members of another group of that name would inherit. */
function assertNamesKept({ knownGroups = {} }: Outputs, { pushes, pinned, application }: Inputs): void {
  const byName = named(pushes);
  const moved = new Set(Object.values(byName));
  // A group that the spec has under its new name is no other group's predecessor.
  const known = Object.entries(knownGroups).filter(([, id]) => !moved.has(id));
  const unpinned = Object.entries(byName).filter(([, id]) => !pinned.includes(id));
  assertSameIds(Object.fromEntries(known), Object.fromEntries(unpinned), new Set(), application);
}

function ownPushes(inputs: Inputs, outputs: Outputs, next: Inputs): Pushes {
  return ownEntries(inputs, withOwed(inputs.pushes, outputs), next, next.pushes, outputs.declared);
}

function assertImportDeclared(inputs: Inputs, outputs: Outputs, next: Inputs, context: Context): void {
  const undeclared = Object.entries(ownPushes(inputs, outputs, next)).filter(([id]) => !(id in next.pushes));
  assertTakeOverMeant(
    undeclared.map(([, { name }]) => name),
    "pushed groups",
    next.application,
    context,
  );
}

/** Pushes by a prefix that the spec still has, of groups whose name no longer begins so. */
function renamedOut(old: Pushes, next: Pick<Inputs, "pushes" | "prefixes">): Pushes {
  const entries = Object.entries(old).filter(
    ([id, { name, prefix }]) =>
      !next.pushes[id] && prefix !== undefined && next.prefixes.includes(prefix) && !name.startsWith(prefix),
  );
  return Object.fromEntries(entries);
}

function observed(
  push: GroupPushMapping,
  known: GroupPush | undefined,
  prefixOf: Record<string, string>,
  names: ReadonlyMap<string, string>,
): GroupPush {
  const prefix = known?.prefix ?? prefixOf[push.sourceGroupId];
  return {
    name: shown(push, names),
    ...(prefix === undefined ? {} : { prefix }),
    status: push.status,
    deleteTargetGroup: known?.deleteTargetGroup ?? false,
  };
}

async function namesOf(okta: OktaClient, pushes: GroupPushMapping[]): Promise<Map<string, string>> {
  const groups = await groupsById(
    okta,
    pushes.map(({ sourceGroupId }) => sourceGroupId),
  );
  return new Map(groups.map(({ id, profile }) => [id, profile.name]));
}

async function namesFor(okta: OktaClient, pushes: GroupPushMapping[]): Promise<string[]> {
  const names = await namesOf(okta, pushes);
  return pushes.map((push) => shown(push, names));
}

function shown({ sourceGroupId }: GroupPushMapping, names: ReadonlyMap<string, string>): string {
  return names.get(sourceGroupId) ?? sourceGroupId;
}

/** @throws PartlyDone when some of it failed. */
function settled(
  inputs: Inputs,
  { mappings, owed, reasons, left }: Applied,
  kept: Record<string, string>,
  old: Pushes,
): Outputs {
  const owing = Object.fromEntries(
    owed.flatMap(({ sourceGroupId: group }) => (old[group] ? [[group, old[group]]] : [])),
  );
  const outputs = outputsOf(inputs, mappings, kept, owing);
  if (reasons.length === 0) return outputs;
  const done = new Set(mappings.map(({ sourceGroupId }) => sourceGroupId));
  const knownGroups = Object.fromEntries(
    Object.entries(outputs.knownGroups).filter(([, group]) => done.has(group)),
  );
  throw new PartlyDone(
    inputs.appId,
    { ...outputs, knownGroups },
    leftToDo(inputs.application, reasons, left),
  );
}

function outputsOf(
  inputs: Inputs,
  mappings: GroupPushMapping[],
  kept: Record<string, string>,
  owed: Pushes,
): Outputs {
  const prefixes = Object.entries(inputs.pushes).flatMap(([id, { prefix }]) =>
    prefix ? [[id, prefix]] : [],
  );
  return {
    ...inputs,
    mappingIds: Object.fromEntries(mappings.map(({ sourceGroupId, id }) => [sourceGroupId, id])),
    prefixOf: { ...kept, ...Object.fromEntries(prefixes) },
    knownGroups: named(inputs.pushes),
    declared: Object.keys({ ...kept, ...inputs.pushes, ...owed }),
    owed,
  };
}
