import type { Finding } from "../../yaml/finding.ts";
import type { Path } from "../../yaml/tree.ts";
import { applicationsOf, itemsOf, type Rule, warning } from "../draft.ts";

/** Two groups of one name, told apart by their ids, are one group to a product. */
export const groupNamesDistinct: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application: { entra, okta } }) => {
    const assigned = itemsOf(entra?.assignments, [...at, "entra", "assignments"]).map(({ item, path }) => ({
      name: item.group,
      id: item.id,
      path: [...path, "group"],
    }));
    const pushed = itemsOf(okta?.pushGroups, [...at, "okta", "pushGroups"]).map(({ item, path }) => ({
      name: item.name,
      id: item.id,
      path: [...path, "name"],
    }));
    return [...sameName(assigned), ...sameName(pushed)];
  });

function sameName(groups: { name: string | undefined; id: string | undefined; path: Path }[]): Finding[] {
  const seen = new Map<string, { id: string; path: Path }>();
  return groups.flatMap(({ name, id, path }) => {
    if (name === undefined || id === undefined) return [];
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), { id: id.toLowerCase(), path });
    if (first === undefined || first.id === id.toLowerCase()) return [];
    return [
      warning("same-group-name", {
        path,
        message: `${name} is also the name of another group, in {other}`,
        other: first.path,
        why: "a group is matched with the product's by its name, so only one of the two arrives as a group",
        help: "rename one of them in the directory, if the product is to have both",
      }),
    ];
  });
}
