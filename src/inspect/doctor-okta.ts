import { concernsCredentials } from "../clients/credentials-error.ts";
import { HttpError } from "../clients/http-error.ts";
import { type Check, failed, ok, unseen } from "./check.ts";
import type { Tenants } from "./tenants.ts";

/** What is read, by the scope that allows it; API tokens have the rights of the administrator who made them instead. */
const READS: [scope: string, path: string, purpose: string][] = [
  ["okta.apps.read", "/apps?limit=1", "finds applications, assignments and pushes"],
  ["okta.groups.read", "/groups?limit=1", "finds groups and members"],
  ["okta.users.read", "/users?limit=1", "finds people"],
  ["okta.profileMappings.read", "/mappings?limit=1", "reads profile mappings"],
  ["okta.logs.read", "/logs?limit=1", "reads the system log for `rollcall status`"],
];

/** Who is signed in to Okta and what that identity may read. What it may write shows only when something is written. */
export async function examineOkta(tenants: Tenants): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [scope, path, purpose] of READS) {
    try {
      await tenants.okta().get(path);
      checks.push(ok(scope, purpose));
    } catch (error) {
      if (!concernsCredentials(error) || !(error instanceof Error)) throw error;
      if (!(error instanceof HttpError) || error.status === 401) {
        return [failed("sign-in to Okta", error.message)];
      }
      checks.push(failed(scope, `is missing; ${purpose}. ${error.message}`));
    }
  }
  return [
    ok("sign-in to Okta", "works"),
    ...checks,
    unseen(
      "okta.apps.manage, okta.groups.manage, okta.profileMappings.manage",
      "`up` needs them, and nothing shows them without writing: grant them to the API service, with the role Application Administrator",
    ),
  ];
}
