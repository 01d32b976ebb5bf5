import type { AppRole } from "../desired/model.ts";
import type { Say } from "./change.ts";

/** Which app roles come, go, or change what they are; Entra knows a role by its id, people by its value. */
export function compareRoles(before: AppRole[], after: AppRole[], label: string, say: Say): void {
  const now = byValue(after);
  const nowById = new Map(after.map((role) => [role.id, role.value]));
  for (const { value, id, description } of before) {
    const kept = now.get(value);
    const heir = nowById.get(id);
    if (kept?.id === id) {
      if (kept.description !== description)
        say("other", `the role ${value} of ${label} is described as: ${kept.description}`);
      continue;
    }
    const holders = `whoever holds it ${heir === undefined ? "loses it" : `holds ${heir} from now on`}`;
    say(
      "removal",
      kept
        ? `the role ${value} of ${label} has the id ${kept.id} instead of ${id}, which makes it another role to Entra: ${holders}, but for assignments declared here`
        : `the role ${value} is removed from ${label}: ${holders}, assignments made by hand included`,
    );
  }
  const old = byValue(before);
  for (const { value } of after) if (!old.has(value)) say("other", `${label} gets the role ${value}`);
}

const byValue = (roles: AppRole[]) => new Map(roles.map((role) => [role.value, role]));
