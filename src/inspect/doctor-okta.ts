import { concernsCredentials } from "../clients/credentials-error.ts";
import { HttpError } from "../clients/http-error.ts";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { type Check, failed, ok, unseen } from "./check.ts";
import type { Tenants } from "./tenants.ts";

interface Read {
  /** API tokens have the rights of the administrator who made them instead. */
  scope: string;
  path: string;
  purpose: string;
  /** Which applications need it; all of them where nothing is said. */
  neededBy?: (application: DesiredOktaApplication) => boolean;
  /** What is left out without one that not everybody needs. */
  without?: string;
}

const mapsProfiles = ({ profileMappings }: DesiredOktaApplication) => Object.keys(profileMappings).length > 0;
const signsOn = ({ carrier, oidc }: DesiredOktaApplication) => carrier.kind === "saml" || oidc !== undefined;

const READS: Read[] = [
  { scope: "okta.apps.read", path: "/apps?limit=1", purpose: "finds applications, assignments and pushes" },
  { scope: "okta.groups.read", path: "/groups?limit=1", purpose: "finds groups and members" },
  { scope: "okta.users.read", path: "/users?limit=1", purpose: "finds people" },
  {
    scope: "okta.profileMappings.read",
    path: "/mappings?limit=1",
    purpose: "reads profile mappings",
    neededBy: mapsProfiles,
  },
  {
    scope: "okta.schemas.read",
    path: "/meta/schemas/user/default",
    purpose: "reads what profiles have, for profile mappings",
    neededBy: mapsProfiles,
  },
  {
    scope: "okta.policies.read",
    path: "/policies?type=OKTA_SIGN_ON&limit=1",
    purpose: "reads who may sign in, for SAML and OIDC applications",
    neededBy: signsOn,
  },
  {
    scope: "okta.logs.read",
    path: "/logs?limit=1",
    purpose: "reads the system log for `rollcall status`",
    without: "`rollcall status` cannot tell why somebody failed; nothing else needs it",
  },
];

/**
 * Who is signed in to Okta and what that identity may read. What it may write shows only when something is written.
 * @param applications that are to be read with it
 */
export async function examineOkta(
  tenants: Tenants,
  applications: readonly DesiredOktaApplication[],
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { scope, path, purpose, neededBy, without } of READS) {
    if (neededBy && !applications.some(neededBy)) continue;
    try {
      await tenants.okta().get(path);
      checks.push(ok(scope, purpose));
    } catch (error) {
      if (!concernsCredentials(error) || !(error instanceof Error)) throw error;
      if (!(error instanceof HttpError) || error.status === 401) {
        return [failed("sign-in to Okta", error.message)];
      }
      checks.push(
        without
          ? unseen(scope, `is missing: ${without}. ${error.message}`)
          : failed(scope, `is missing; ${purpose}. ${error.message}`),
      );
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
