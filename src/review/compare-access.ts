import type { DesiredApplication } from "../desired/model.ts";
import type { Say } from "./change.ts";

interface Principal {
  kind: "user" | "group";
  name: string;
  /** "" where no role is named. */
  roles: Set<string>;
}

/** Who is assigned no longer, anew, or with another role. */
export function compareAccess(
  before: DesiredApplication,
  after: DesiredApplication,
  label: string,
  say: Say,
): void {
  const old = principalsOf(before);
  const now = principalsOf(after);
  for (const [key, { kind, name, roles }] of old) {
    const kept = now.get(key)?.roles;
    const lost = [...roles].filter((role) => !kept?.has(role));
    const gained = [...(kept ?? [])].filter((role) => !roles.has(role));
    if (kept && lost.length === 1 && gained.length === 1) {
      say(
        "change",
        `${kind} ${name} changes from ${roleName(lost[0])} to ${roleName(gained[0])} on ${label}`,
      );
      continue;
    }
    for (const role of lost) say("removal", `${kind} ${name} loses ${grant(role, "access to", "on", label)}`);
    for (const role of gained) say("gain", `${kind} ${name} gains ${grant(role, "access to", "on", label)}`);
  }
  for (const [key, { kind, name, roles }] of now) {
    if (old.has(key)) continue;
    for (const role of roles) say("gain", `${kind} ${name} gains ${grant(role, "access to", "on", label)}`);
  }
}

/** Two entries are of one principal when they pin the same id, or without ids when the name is the same. */
function principalsOf(application: DesiredApplication): Map<string, Principal> {
  const principals = new Map<string, Principal>();
  for (const assignment of application.assignments) {
    const { kind, name, id } = assignment;
    const key = `${kind}:${id ?? (application.idp === "entra" ? name.toLowerCase() : name)}`;
    const principal = principals.get(key) ?? { kind, name, roles: new Set<string>() };
    principal.roles.add("role" in assignment ? (assignment.role ?? "") : "");
    principals.set(key, principal);
  }
  return principals;
}

const roleName = (role: string | undefined) => role || "no role";

const grant = (role: string, access: string, on: string, label: string) =>
  role ? `${role} ${on} ${label}` : `${access} ${label}`;
