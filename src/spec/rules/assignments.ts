import { oneRoleOnly } from "../../products/product.ts";
import type { Finding } from "../../yaml/finding.ts";
import type { Path } from "../../yaml/tree.ts";
import { type ApplicationDraft, applicationsOf, error, itemsOf, type Rule, warning } from "../draft.ts";
import { effectiveMappings, effectiveRoles } from "../mappings.ts";

interface Assignment {
  kind: "group" | "user";
  name: string;
  id?: string;
  role?: string;
  path: Path;
}

/** Assignments that name exactly one principal; the others are reported by {@link assignmentNamesOne}. */
export function assignmentsOf(application: ApplicationDraft, at: Path): Assignment[] {
  const idp = application.entra ? "entra" : "okta";
  const list = application.entra ? application.entra.assignments : application.okta?.assignments;
  return itemsOf<{ group?: string; user?: string; role?: string; id?: string }>(list, [
    ...at,
    idp,
    "assignments",
  ]).flatMap(({ item, path }): Assignment[] => {
    const { group, user, ...rest } = item;
    if (group !== undefined && user === undefined) return [{ ...rest, kind: "group", name: group, path }];
    if (user !== undefined && group === undefined) return [{ ...rest, kind: "user", name: user, path }];
    return [];
  });
}

/** An assignment is of a group or of a user. */
export const assignmentNamesOne: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application }) => {
    const lists = [
      itemsOf(application.entra?.assignments, [...at, "entra", "assignments"]),
      itemsOf(application.okta?.assignments, [...at, "okta", "assignments"]),
    ];
    const wrong: Finding[] = lists.flat().flatMap(({ item, path }) => {
      const both = item.group !== undefined && item.user !== undefined;
      if (!both && (item.group !== undefined || item.user !== undefined)) return [];
      return [
        error("assignment-principal", {
          path: both ? [...path, "user"] : path,
          on: both ? "key" : "value",
          message: both
            ? "one assignment names both a group and a user"
            : "this assignment names neither a group nor a user",
          absent: both
            ? undefined
            : [
                [...path, "group"],
                [...path, "user"],
              ],
          why: "each assignment is one principal, so that a diff shows one line for each",
          help: both ? "make two of it" : "add group: or user:",
        }),
      ];
    });
    const noAddress = assignmentsOf(application, at).filter(
      ({ kind, name }) => application.entra && kind === "user" && !/^[^\s@]+@[^\s@]+$/.test(name),
    );
    return [
      ...wrong,
      ...noAddress.map(({ name, path }) =>
        error("user-name", {
          path: [...path, "user"],
          message: `${JSON.stringify(name)} is not a user principal name`,
          why: "Entra finds people by it; display names are not unique",
          help: `write it with its domain, as in ${name.replace(/\s+/g, ".").toLowerCase()}@acme.com`,
        }),
      ),
    ];
  });

/** The same grant twice, or two roles for one principal where a person can have one. */
export const duplicateAssignments: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application, product }) => {
    const { entra } = application;
    const single = entra && product && oneRoleOnly(effectiveMappings(product, entra));
    const known = new Set(entra && product ? effectiveRoles(product, entra).map((role) => role.value) : []);
    const byPrincipal = Map.groupBy(
      assignmentsOf(application, at),
      ({ kind, name, id }) => `${kind} ${id?.toLowerCase() ?? name.toLowerCase()}`,
    );
    return [...byPrincipal.values()].flatMap((same) =>
      same.flatMap((assignment, index): Finding[] => {
        const { kind, name, role, path } = assignment;
        const before = same.slice(0, index);
        const equal = before.find((other) => other.role === role);
        if (equal) {
          return [
            error("duplicate-assignment", {
              path: [...path, kind],
              message: `${kind} ${name} is already assigned${role ? ` as ${role}` : ""} in {other}`,
              other: equal.path,
              why: "whoever deletes one of the two lines believes the access gone while the other still gives it",
              help: "remove one of them",
            }),
          ];
        }
        // A role that does not exist is reported as such.
        const first = before.find((other) => known.has(other.role ?? ""));
        if (!single || first === undefined || !known.has(role ?? "")) return [];
        return [
          error("two-roles", {
            path: [...path, "role"],
            message: `${kind} ${name} is ${role} here and ${first.role} in {other}`,
            other: first.path,
            why: "the role mapping sends one role for each person; Entra fails the person when there are two",
            help: "keep the role that is meant",
          }),
        ];
      }),
    );
  });

/** One name and role with an id and without: the name may mean the same principal again. */
export const halfPinned: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application }) => {
    const alike = Map.groupBy(
      assignmentsOf(application, at),
      ({ kind, name, role }) => `${kind} ${name.toLowerCase()} ${role}`,
    );
    return [...alike.values()].flatMap((same) => {
      const pinned = same.find(({ id }) => id !== undefined);
      if (!pinned) return [];
      return same
        .filter(({ id }) => id === undefined)
        .map(({ kind, name, path }) =>
          error("duplicate-assignment", {
            path: [...path, kind],
            message: `${kind} ${name} is also assigned by its id, in {other}`,
            other: pinned.path,
            why: "the name alone may mean the same one again, and then either line gives the access without the other",
            help: "pin both with id:, or remove one of them",
          }),
        );
    });
  });

/** A list that is there and empty is obeyed; one that is not there is asked for. */
export const someoneIsAssigned: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) => {
    const { entra, okta } = application;
    const why = "an empty list takes everybody out, so it has to be meant";
    if (entra && entra.assignments === undefined && entra.scope !== "all") {
      return [
        error("missing-key", {
          path: [...path, "entra"],
          on: "key",
          message: `"assignments" is missing in ${path.join(".")}.entra`,
          absent: [[...path, "entra", "assignments"]],
          why,
          help: "list who gets in, or write assignments: []",
        }),
      ];
    }
    const list = entra ? entra.assignments : okta?.assignments;
    if (list?.length !== 0 || entra?.scope === "all") return [];
    return [
      warning("nobody-assigned", {
        path: [...path, entra ? "entra" : "okta", "assignments"],
        on: "key",
        message: "nobody is assigned",
        why: isExclusive(application)
          ? "everybody who is in loses access with the next update"
          : "only those stay in whom somebody assigned beside the spec",
        help: "add a group, if that is not meant",
      }),
    ];
  });

/** As the desired state has it: an application that was there before is other people's too. */
function isExclusive({ exclusive, okta }: ApplicationDraft): boolean {
  return exclusive ?? okta?.existing === undefined;
}
