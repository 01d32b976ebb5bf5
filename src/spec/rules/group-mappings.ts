import type { Finding } from "../../yaml/finding.ts";
import { nearest } from "../../yaml/nearest.ts";
import type { Path } from "../../yaml/tree.ts";
import { applicationsOf, error, itemsOf, type Rule, warning } from "../draft.ts";
import { assignmentsOf } from "./assignments.ts";

/** Team roles that Data Mesh Manager brings; organizations add their own. */
const TEAM_ROLES = ["Owner", "Member", "Steward"];

/** Groups in Data Mesh Manager's scimGroupMappings arrive, and each becomes a thing once. */
export const groupMappingsFit: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application, product }) => {
    if (!product?.scimGroupMappings) return [];
    const arriving = arrivingGroups(application, at);
    const seen = new Map<string, Path>();
    return itemsOf(application.scimGroupMappings, [...at, "scimGroupMappings"]).flatMap(
      ({ item, path }): Finding[] => {
        const findings: Finding[] = [];
        const { scimGroup } = item;
        if (scimGroup !== undefined && arriving && !arriving.some((matches) => matches(scimGroup))) {
          const [verb, where] = application.entra
            ? ["assigned", "entra.assignments"]
            : ["pushed", "okta.pushGroups"];
          findings.push(
            error("group-not-provisioned", {
              path: [...path, "scimGroup"],
              message: `group ${scimGroup} is mapped but not ${verb}`,
              why: "it never arrives, so nobody gets what the mapping promises",
              help: `add it to ${where}`,
            }),
          );
        }
        const key = JSON.stringify(item, Object.keys(item).toSorted());
        const first = seen.get(key);
        if (first !== undefined) {
          findings.push(
            error("duplicate-mapping", {
              path: scimGroup === undefined ? path : [...path, "scimGroup"],
              message: "this mapping is already given in {other}",
              other: first,
              why: "whoever deletes one of the two believes it gone",
              help: "remove one of them",
            }),
          );
        }
        seen.set(key, path);
        if (
          "teamMemberRole" in item &&
          item.teamMemberRole !== undefined &&
          !TEAM_ROLES.includes(item.teamMemberRole)
        ) {
          const near = nearest(item.teamMemberRole, TEAM_ROLES);
          if (near) {
            findings.push(
              warning("team-role", {
                path: [...path, "teamMemberRole"],
                message: `${JSON.stringify(item.teamMemberRole)} is not a role that Data Mesh Manager brings`,
                why: `it brings ${TEAM_ROLES.join(", ")}; an organization may have others`,
                help: `did you mean ${JSON.stringify(near)}?`,
              }),
            );
          }
        }
        return findings;
      },
    );
  });

/** Tests for the groups that arrive; undefined where all do. */
function arrivingGroups(
  application: Parameters<typeof assignmentsOf>[0],
  at: Parameters<typeof assignmentsOf>[1],
): ((name: string) => boolean)[] | undefined {
  const { entra, okta } = application;
  if (entra?.scope === "all" || (!entra && !okta)) return undefined;
  if (okta) {
    return itemsOf(okta.pushGroups, at).map(
      ({ item }) =>
        (name: string) =>
          item.name === name || (item.startsWith !== undefined && name.startsWith(item.startsWith)),
    );
  }
  return assignmentsOf(application, at)
    .filter(({ kind }) => kind === "group")
    .map((assignment) => (name: string) => assignment.name.toLowerCase() === name.toLowerCase());
}
