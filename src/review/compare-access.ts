import type { DesiredApplication } from "../desired/model.ts";
import type { Say } from "./change.ts";
import { describeIdentities, type Named, nameAmong, nameKeyOf, pairPrincipals } from "./pair-principals.ts";

interface Principal extends Named {
  /** "" where no role is named. */
  roles: Set<string>;
}

/** Who is assigned no longer, anew, or with another role, and whose name stands for somebody else. */
export function compareAccess(
  before: DesiredApplication,
  after: DesiredApplication,
  label: string,
  say: Say,
): void {
  const nameKey = nameKeyOf(after.idp);
  const pairs = pairPrincipals(principalsOf(before), principalsOf(after), nameKey);
  for (const { effect, sentence } of describeIdentities(pairs, `on ${label}`, nameKey)) say(effect, sentence);
  const named = nameAmong(pairs, nameKey);
  const loses = (principal: Principal, roles: Iterable<string>) => {
    for (const role of roles) say("removal", `${named(principal)} loses ${grant(role, label)}`);
  };
  const gains = (principal: Principal, roles: Iterable<string>) => {
    for (const role of roles) say("gain", `${named(principal)} gains ${grant(role, label)}`);
  };
  for (const [old, now] of pairs.kept) {
    const lost = [...old.roles].filter((role) => !now.roles.has(role));
    const gained = [...now.roles].filter((role) => !old.roles.has(role));
    if (lost.length === 1 && gained.length === 1) {
      say("change", `${named(now)} changes from ${roleName(lost[0])} to ${roleName(gained[0])} on ${label}`);
      continue;
    }
    loses(now, lost);
    gains(now, gained);
  }
  for (const principal of pairs.gone) loses(principal, principal.roles);
  for (const principal of pairs.come) gains(principal, principal.roles);
}

/** Two entries are of one principal when they pin the same id, or without ids when the name is the same. */
function principalsOf(application: DesiredApplication): Principal[] {
  const nameKey = nameKeyOf(application.idp);
  const principals = new Map<string, Principal>();
  for (const assignment of application.assignments) {
    const { kind, name, id } = assignment;
    const key = JSON.stringify([kind, id ?? null, id === undefined ? nameKey(name) : ""]);
    const principal = principals.get(key) ?? {
      kind,
      name,
      ...(id === undefined ? {} : { id }),
      roles: new Set<string>(),
    };
    principal.roles.add("role" in assignment ? (assignment.role ?? "") : "");
    principals.set(key, principal);
  }
  return [...principals.values()];
}

const roleName = (role: string | undefined) => role || "no role";

const grant = (role: string, label: string) => (role ? `${role} on ${label}` : `access to ${label}`);
