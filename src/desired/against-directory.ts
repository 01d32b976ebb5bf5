import type { EntraDirectory, EntraGroup } from "../directory/entra.ts";
import type { Directories } from "../directory/load.ts";
import type { OktaDirectory } from "../directory/okta.ts";
import { findProduct } from "../products/registry.ts";
import { error, warning } from "../spec/draft.ts";
import type { CheckedSpec } from "../spec/load.ts";
import { effectiveRoles } from "../spec/mappings.ts";
import type { Finding } from "../yaml/finding.ts";
import { nearest } from "../yaml/nearest.ts";
import type { Path } from "../yaml/tree.ts";
import { toDesiredState } from "./desired-state.ts";
import type { Conflict } from "./expectation.ts";
import { expectedArrivals } from "./expected-arrivals.ts";
import { assignedInOkta, matchesPush } from "./expected-okta.ts";
import type { DesiredEntraApplication, DesiredOktaApplication } from "./model.ts";

/** Okta's own push rules stop at this many groups. */
const MAX_GROUPS_OF_A_PREFIX = 100;

/** What a spec would come to with these people: `checked.report()` makes diagnostics of it. */
export function checkAgainstDirectory(checked: CheckedSpec, directories: Directories): Finding[] {
  return toDesiredState(checked).applications.flatMap((application) => {
    const at = ["applications", application.name, application.idp];
    const { conflicts } = expectedArrivals(application, directories);
    return [
      ...conflicts.map((conflict) => fromConflict(conflict, at, directories, application.idp)),
      ...(application.idp === "entra"
        ? checkEntra(checked, application, directories.entra, at)
        : checkOkta(application, directories.okta, at)),
    ];
  });
}

const CONFLICTS: Record<
  Conflict["kind"],
  { code: string; severity: "error" | "warning"; why: string; help: string }
> = {
  "missing-principal": {
    code: "missing-principal",
    severity: "error",
    why: "the assignment would be of nobody",
    help: "check the name, or ask whoever keeps the directory",
  },
  "ambiguous-principal": {
    code: "ambiguous-principal",
    severity: "error",
    why: "access would go to whichever is found first",
    help: "pin the one that is meant with id:",
  },
  "two-roles": {
    code: "two-roles",
    severity: "error",
    why: "the role mapping sends one role for each person; Entra fails the person when there are two",
    help: "take the person out of one of the groups, or give both the same role",
  },
  "no-user-name": {
    code: "no-user-name",
    severity: "warning",
    why: "a person without userName cannot be created in the product",
    help: "fill the attribute in the directory, or take userName from another",
  },
  "same-user-name": {
    code: "same-user-name",
    severity: "error",
    why: "both would become one person in the product, with the access of both",
    help: "correct one of them in the directory",
  },
  "not-active": {
    code: "not-active",
    severity: "warning",
    why: "the person does not arrive until Okta has activated them",
    help: "activate the person in Okta",
  },
};

function fromConflict(
  conflict: Conflict,
  at: Path,
  directories: Directories,
  idp: "entra" | "okta",
): Finding {
  const { code, severity, why, help } = CONFLICTS[conflict.kind];
  const near =
    conflict.kind === "missing-principal" ? nearest(conflict.who, namesIn(directories, idp)) : undefined;
  return {
    code,
    severity,
    path: conflict.place ? [...at, conflict.place.list, conflict.place.index] : at,
    on: "value",
    message: conflict.message,
    why,
    help: bringsAlong(conflict, directories, idp)
      ? "an application brought the group of this name along, which only its id can name: pin it with id:"
      : near === undefined
        ? help
        : `did you mean ${JSON.stringify(near)}?`,
  };
}

/** Okta finds a group of the type APP_GROUP by no name. */
function bringsAlong({ kind, who }: Conflict, { okta }: Directories, idp: "entra" | "okta"): boolean {
  if (kind !== "missing-principal" || idp === "entra") return false;
  return okta.groups.some(({ type, profile }) => type === "APP_GROUP" && profile.name === who);
}

function namesIn({ entra, okta }: Directories, idp: "entra" | "okta"): string[] {
  return idp === "entra"
    ? [
        ...entra.users.map((user) => user.userPrincipalName),
        ...entra.groups.map((group) => group.displayName),
      ]
    : [...okta.users.map((user) => user.profile.login), ...okta.groups.map((group) => group.profile.name)];
}

function checkEntra(
  checked: CheckedSpec,
  application: DesiredEntraApplication,
  directory: EntraDirectory,
  at: Path,
): Finding[] {
  const product = findProduct(application.product);
  const entra = checked.spec.applications[application.name]?.entra;
  const privileged = new Set(
    product && entra
      ? effectiveRoles(product, entra).flatMap((role) => (role.privileged ? [role.value] : []))
      : [],
  );
  const people = new Set(directory.users.map((user) => user.id));
  // Letter case does not count, as in Graph's filters.
  const isCalled = (one: EntraGroup, name: string) => one.displayName.toLowerCase() === name.toLowerCase();
  const groupOf = ({ kind, name, id }: DesiredEntraApplication["assignments"][number]) =>
    kind === "group"
      ? directory.groups.find((one) => (id === undefined ? isCalled(one, name) : one.id === id))
      : undefined;
  const assigned = new Set(application.assignments.map((one) => groupOf(one)?.id));
  return application.assignments.flatMap((assignment, index): Finding[] => {
    const { name, role } = assignment;
    const path = [...at, "assignments", index, "group"];
    const group = groupOf(assignment);
    if (!group) return [];
    const members = group.members.filter((member) => people.has(member)).length;
    const nested = directory.groups
      .filter((inner) => group.members.includes(inner.id) && !assigned.has(inner.id))
      .map((inner) => inner.displayName);
    return [
      ...(nested.length === 0
        ? []
        : [
            warning("nested-group", {
              path,
              message: `group ${nested.join(" and ")} inside ${name} gives nobody access`,
              why: "Entra provisions the direct members of an assigned group only",
              help: `assign ${nested.join(" and ")} as well, if that is meant`,
            }),
          ]),
      ...(members > 0 || role === undefined
        ? []
        : [
            warning("role-granted-to-nobody", {
              path,
              message: `group ${name} has no members, so nobody has the role ${role}`,
              why: "a role that nobody has is either not needed or somebody is missing",
              help: "fill the group or remove the line",
            }),
          ]),
      ...(role === undefined || !privileged.has(role) || members <= checked.spec.maxAdminGroup
        ? []
        : [
            warning("admin-group-size", {
              path,
              message: `group ${name} makes ${members} people ${role}, more than ${checked.spec.maxAdminGroup}`,
              why: `whoever is ${role} can give access to others`,
              help: "grant it to a smaller group, or raise maxAdminGroup on purpose",
            }),
          ]),
    ];
  });
}

function checkOkta(application: DesiredOktaApplication, directory: OktaDirectory, at: Path): Finding[] {
  const assigned = assignedInOkta(application, directory, []).grants;
  return application.pushGroups.flatMap((push, index): Finding[] => {
    const path = [...at, "pushGroups", index, push.by === "name" ? "name" : "startsWith"];
    const groups = directory.groups.filter((group) => matchesPush(push, group));
    if (push.by === "prefix" && groups.length === 0) {
      const names = directory.groups.map((group) => group.profile.name.slice(0, push.startsWith.length));
      const near = nearest(push.startsWith, names);
      return [
        warning("push-pattern-empty", {
          path,
          message: `no group starts with ${JSON.stringify(push.startsWith)}`,
          why: "nothing is pushed until such a group exists and the next update runs",
          help:
            near === undefined
              ? "check the spelling; letter case counts"
              : `did you mean ${JSON.stringify(near)}?`,
        }),
      ];
    }
    const findings: Finding[] = [];
    if (groups.length > MAX_GROUPS_OF_A_PREFIX) {
      findings.push(
        error("push-pattern-wide", {
          path,
          message: `${groups.length} groups start with ${JSON.stringify(push.by === "prefix" ? push.startsWith : "")}`,
          why: `Okta's own rules push at most ${MAX_GROUPS_OF_A_PREFIX}; so many are seldom meant`,
          help: "write a longer prefix, or several",
        }),
      );
    }
    const hollow = groups.filter(
      (group) => group.members.length > 0 && !group.members.some((member) => assigned.has(member)),
    );
    for (const group of hollow) {
      findings.push(
        error("push-nobody-assigned", {
          path,
          message: `nobody in ${group.profile.name} is assigned, so the group would arrive empty`,
          why: "Okta pushes only those members who are assigned to the application as well",
          help: `add { group: ${group.profile.name} }, or a group with the same people, to assignments`,
        }),
      );
    }
    return findings;
  });
}
