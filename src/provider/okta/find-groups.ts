import { groupsStartingWith } from "../../clients/okta/principals.ts";
import type { FindOktaGroupsArgs, FindOktaGroupsResult } from "../contract.ts";
import type { Context } from "../engine/resource.ts";

/** Groups made in Okta whose name begins with one of the prefixes, letter by letter; what Okta's own push rules match. */
export async function findOktaGroups(
  args: FindOktaGroupsArgs,
  context: Context,
): Promise<FindOktaGroupsResult> {
  const okta = context.okta();
  const matches: FindOktaGroupsResult["matches"] = [];
  for (const prefix of args.prefixes) {
    const groups = (await groupsStartingWith(okta, prefix))
      .filter(({ type, profile }) => type === "OKTA_GROUP" && profile.name.startsWith(prefix))
      .map(({ id, profile }) => ({ id, name: profile.name }))
      .sort((one, other) => one.name.localeCompare(other.name));
    matches.push({ prefix, groups });
  }
  return { matches };
}
