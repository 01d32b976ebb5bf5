import { oneRoleOnly } from "../../products/product.ts";
import type { Finding } from "../../yaml/finding.ts";
import { listOf, nearest } from "../../yaml/nearest.ts";
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

/** Each assignment gives a role that the product has, and gives one where the product has roles. */
export const rolesFit: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application, product }) => {
    if (!product || !application.entra) return [];
    const known = effectiveRoles(product, application.entra).map((role) => role.value);
    return itemsOf(application.entra.assignments, [...at, "entra", "assignments"]).flatMap(
      ({ item, path }): Finding[] => {
        const who = item.group ?? item.user ?? "this principal";
        if (item.role === undefined) {
          if (known.length === 0) return [];
          return [
            error("missing-role", {
              path: item.group === undefined ? [...path, "user"] : [...path, "group"],
              message: `${who} is assigned without a role`,
              absent: [[...path, "role"]],
              why: `${product.title} knows people by role; without one Entra sends none, and they can do nothing or keep what they had`,
              help: `add role: ${listOf(known)}`,
            }),
          ];
        }
        if (known.includes(item.role)) return [];
        if (known.length === 0) {
          return [
            error("unknown-role", {
              path: [...path, "role"],
              message: `${product.title} takes no role from Entra`,
              why: "the role would not arrive, and the line would promise it",
              help: product.open ? "declare it under entra.roles, or leave role out" : "leave role out",
            }),
          ];
        }
        const near = nearest(item.role, known);
        return [
          error("unknown-role", {
            path: [...path, "role"],
            message: `${product.title} has no role ${JSON.stringify(item.role)}`,
            why: `its roles are ${known.join(", ")}; it drops an unknown one without an error`,
            help: near ? `did you mean ${JSON.stringify(near)}?` : `write ${listOf(known)}`,
          }),
        ];
      },
    );
  });

/** Ids are pinned for roles that there are; a misspelt one would let rollcall make the role a second time. */
export const roleIdsFit: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application, product }) => {
    const { entra } = application;
    if (!product || !entra) return [];
    const known = effectiveRoles(product, entra).map((role) => role.value);
    return Object.keys(entra.roleIds ?? {})
      .filter((value) => !known.includes(value))
      .map((value) => {
        const near = nearest(value, known);
        return error("unknown-role", {
          path: [...path, "entra", "roleIds", value],
          on: "key",
          message: `roleIds names ${JSON.stringify(value)}, which is no role of ${product.title}${product.open ? " under entra.roles" : ""}`,
          why: "the id would be ignored, and the role that it was meant for made anew beside the one that people have",
          help: near
            ? `did you mean ${JSON.stringify(near)}?`
            : known.length > 0
              ? `write ${listOf(known)}`
              : "remove the line",
        });
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
