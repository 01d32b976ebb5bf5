import { stringify } from "yaml";
import type { DesiredApplication } from "../desired/model.ts";

/**
 * The block that Data Mesh Manager's organization settings take under "SCIM configuration", as its guide writes it.
 * @returns undefined where the spec has no such mappings
 */
export function scimGroupMappingsYaml({ scimGroupMappings }: DesiredApplication): string | undefined {
  if (scimGroupMappings.length === 0) return undefined;
  return stringify({
    scimGroupMappings: scimGroupMappings.map((mapping) =>
      mapping.type === "organizationOwner"
        ? { scimGroup: mapping.scimGroup, type: mapping.type }
        : {
            scimGroup: mapping.scimGroup,
            type: mapping.type,
            teamId: mapping.teamId,
            teamMemberRole: mapping.teamMemberRole,
          },
    ),
  });
}
