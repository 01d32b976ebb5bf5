import type { OktaPlan } from "../program/okta-plan.ts";
import { groupPushes } from "../provider/okta/group-pushes.ts";
import { type Finding, REPAIRED_BY_UP } from "./finding.ts";
import type { Tenants } from "./tenants.ts";

/** Compares the groups that an application pushes with those that names and prefixes of the spec ask for. */
export async function comparePushes(
  { desired, pushes }: OktaPlan,
  appId: string,
  { context }: Tenants,
): Promise<{ drift: Finding[]; notes: string[] }> {
  const inputs = { appId, pushes, prefixes: [], exclusive: true, pinned: [], application: desired.name };
  const observed = (await groupPushes.read({ id: appId, inputs }, context))?.inputs.pushes ?? {};
  const drift: Finding[] = [];
  const notes: string[] = [];
  for (const [id, { name, prefix }] of Object.entries(pushes)) {
    const found = observed[id];
    const by = prefix === undefined ? "" : `, whose name begins with "${prefix}",`;
    const say = (what: string) =>
      drift.push({ aspect: "push", message: `Group ${name}${by} ${what}`, help: REPAIRED_BY_UP });
    if (!found) say("is not pushed, and should be.");
    else if (found.status === "INACTIVE") say("is pushed no longer: its push was set inactive.");
    else if (found.status === "ERROR") say("could not be pushed by Okta.");
  }
  for (const [id, { name }] of Object.entries(observed)) {
    if (pushes[id]) continue;
    if (desired.exclusive) {
      drift.push({
        aspect: "push",
        message: `Group ${name} is pushed, and nobody declared it.`,
        help: "`up` ends the push, unless the group was renamed out of a prefix of the spec: then it stays, and is ended in Okta's console. If it is meant, declare it in the spec.",
      });
    } else {
      notes.push(`Group ${name} is pushed beside the spec, which is not exclusive and leaves it alone.`);
    }
  }
  return { drift, notes };
}
