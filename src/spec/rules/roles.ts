import type { Finding } from "../../yaml/finding.ts";
import { listOf, nearest } from "../../yaml/nearest.ts";
import type { Path } from "../../yaml/tree.ts";
import { applicationsOf, error, itemsOf, type Rule } from "../draft.ts";
import { effectiveRoles } from "../mappings.ts";

/** A role has a value and an id that no other has. Values differ in more than letter case: they name resources in lower case. */
export const rolesDistinct: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application: { entra } }) => {
    const values = itemsOf(entra?.roles, [...path, "entra", "roles"]).flatMap(({ item, path: at }) =>
      item.value === undefined ? [] : [{ text: item.value, path: [...at, "value"] }],
    );
    const ids = Object.entries(entra?.roleIds ?? {}).flatMap(([value, id]) =>
      id === undefined ? [] : [{ text: id, value, path: [...path, "entra", "roleIds", value] }],
    );
    return [
      ...repeated(values).map(({ again, first }) =>
        error("duplicate-role", {
          path: again.path,
          message: `the role ${again.text} is already declared ${again.text === first.text ? "" : `as ${first.text} `}in {other}`,
          other: first.path,
          why: "an application has one role of a value, and people do not tell letter case apart",
          help: "remove one of them, or give it another value",
        }),
      ),
      ...repeated(ids).map(({ again, first }) =>
        error("duplicate-role", {
          path: again.path,
          message: `${again.value} has the id of ${first.value} ({other})`,
          other: first.path,
          why: "whoever is given the one role would have the other",
          help: "look both ids up in the manifest of the app registration, under appRoles",
        }),
      ),
    ];
  });

function repeated<T extends { text: string; path: Path }>(entries: T[]): { again: T; first: T }[] {
  const seen = new Map<string, T>();
  return entries.flatMap((entry) => {
    const first = seen.get(entry.text.toLowerCase());
    if (first) return [{ again: entry, first }];
    seen.set(entry.text.toLowerCase(), entry);
    return [];
  });
}

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
