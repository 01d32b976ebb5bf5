import type { SynchronizationSchema } from "../clients/graph/synchronization-schema.ts";
import schema from "./entra-schema.json" with { type: "json" };

/** The synchronization template of custom applications. Their schema calls the target "customappsso" all the same. */
export const TEMPLATE_ID = "scim";

const TARGET_DIRECTORY_ID = "00000000-0000-0000-0000-0000000000c5";

/**
 * The schema that a new job starts with: a reconstruction from what Microsoft documents of the template `scim`; the real one was not
 * seen. `id` and `version` become those of the job or the template, the target directory gets the id given.
 */
export function defaultSchema(
  id: string,
  version: string,
  targetDirectoryId = TARGET_DIRECTORY_ID,
): SynchronizationSchema {
  const copy = structuredClone(schema) as unknown as SynchronizationSchema;
  const target = copy.directories.find((directory) => directory.id === TARGET_DIRECTORY_ID);
  if (target) target.id = targetDirectoryId;
  delete copy["@odata.context"];
  return { ...copy, id, version };
}
