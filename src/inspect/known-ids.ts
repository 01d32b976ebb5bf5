import { readFileSync } from "node:fs";
import { z } from "zod";
import { parseJson } from "./parse-json.ts";

/** Application of the spec -> what the tenant knows it by: a service principal's object id, or an id of Okta. */
export type KnownIds = ReadonlyMap<string, string>;

const outputs = z.object({
  applications: z.record(
    z.string(),
    z.object({ servicePrincipalObjectId: z.string().optional(), applicationId: z.string().optional() }),
  ),
});

/**
 * Ids from the outputs of a stack, with which an application that was renamed by hand is found again.
 * @param file what `pulumi stack output --json` printed
 * @throws when it is something else
 */
export function readKnownIds(file: string): KnownIds {
  return parseKnownIds(parseJson(readFileSync(file, "utf8")), file);
}

/** @param source where they come from, for the error */
export function parseKnownIds(value: unknown, source: string): KnownIds {
  const parsed = outputs.safeParse(value);
  if (!parsed.success) {
    throw new Error(
      `${source} does not hold the outputs of a rollcall stack, as \`pulumi stack output --json\` prints them.`,
    );
  }
  return new Map(
    Object.entries(parsed.data.applications).flatMap(
      ([name, { servicePrincipalObjectId, applicationId }]): [string, string][] => {
        const id = servicePrincipalObjectId ?? applicationId;
        return id === undefined ? [] : [[name, id]];
      },
    ),
  );
}
