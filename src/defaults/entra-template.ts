import { defaultSchema } from "./entra-schema.ts";

const SOURCE = "Microsoft Entra ID";

export type SourceObject = "User" | "Group";

/**
 * Names by which attribute mappings of the template may read a user or group of Entra: those of the old Azure AD Graph
 * (`objectId`, `mobile`), not those of Microsoft Graph (`id`, `mobilePhone`).
 */
export function sourceAttributes(object: SourceObject): string[] {
  const { directories } = defaultSchema("offline", "1");
  const objects = directories.find(({ name }) => name === SOURCE)?.objects ?? [];
  return objects.find(({ name }) => name === object)?.attributes.map(({ name }) => name) ?? [];
}

/** Target attributes of the template's own mappings, with their matching priorities; 0 is not matched on. */
export function templatePriorities(object: SourceObject): Map<string, number> {
  const { synchronizationRules } = defaultSchema("offline", "1");
  const mappings = synchronizationRules
    .flatMap(({ objectMappings }) => objectMappings)
    .filter(({ sourceObjectName }) => sourceObjectName === object)
    .flatMap(({ attributeMappings }) => attributeMappings);
  return new Map(mappings.map((one) => [one.targetAttributeName, one.matchingPriority]));
}
