import { concernsCredentials } from "../clients/credentials-error.ts";
import type { TokenClaims } from "../clients/graph/client.ts";
import { hasStatus } from "../clients/http-error.ts";
import { type Check, failed, ok, unseen } from "./check.ts";
import type { Tenants } from "./tenants.ts";

/**
 * The least set of Graph's application permissions, what each is for, larger ones that hold it too, and what is left out without one that
 * not everybody needs. Microsoft documents less
 * for the synchronization API than what works (401 without Synchronization.ReadWrite.All).
 */
const NEEDED: { permission: string; purpose: string; or: string[]; without?: string }[] = [
  {
    permission: "Application.ReadWrite.OwnedBy",
    purpose: "makes applications and their roles",
    or: ["Application.ReadWrite.All", "Directory.ReadWrite.All"],
  },
  {
    permission: "Synchronization.ReadWrite.All",
    purpose: "sets up and reads provisioning jobs, provisions on demand",
    or: [],
  },
  {
    permission: "AppRoleAssignment.ReadWrite.All",
    purpose:
      "assigns people and groups; it can also grant itself anything, so guard this identity like a global administrator",
    or: [],
  },
  {
    permission: "User.Read.All",
    purpose: "finds people",
    or: ["User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  },
  {
    permission: "Group.Read.All",
    purpose: "finds groups and members",
    or: ["Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  },
  {
    permission: "ProvisioningLog.Read.All",
    purpose: "reads the provisioning logs for `rollcall status`",
    or: ["AuditLog.Read.All"],
    without: "`rollcall status` cannot tell who failed, and ends with 3; nothing else needs it",
  },
];

const GRANT = "Add it under App registrations > API permissions > Microsoft Graph, and grant admin consent.";

/** Administrators who may do all of it when a person signs in by the Azure CLI. */
const DIRECTORY_ROLES: Record<string, string> = {
  "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
  "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
};

/** Who is signed in to Entra, with which permissions and roles, and which licences the tenant has. */
export async function examineEntra(tenants: Tenants): Promise<Check[]> {
  const what = "sign-in to Entra";
  let claims: TokenClaims | undefined;
  try {
    claims = await tenants.graphClaims();
  } catch (error) {
    if (!concernsCredentials(error) || !(error instanceof Error)) throw error;
    return [failed(what, error.message)];
  }
  const name = claims?.app_displayname;
  const signedIn = ok(what, name ? `as ${name}` : "works");
  return [signedIn, ...permissions(claims), await licence(tenants)];
}

function permissions(claims: TokenClaims | undefined): Check[] {
  if (!claims) {
    return [unseen("Graph permissions", "the token does not say; `rollcall drift` finds out by trying")];
  }
  const granted = new Set([...(claims.roles ?? []), ...(claims.scp ?? "").split(" ")]);
  const roles = (claims.wids ?? []).flatMap((id) => DIRECTORY_ROLES[id] ?? []);
  const people = claims.scp === undefined ? [] : [directoryRole(roles)];
  return [
    ...people,
    ...NEEDED.map(({ permission, purpose, or, without }) => {
      const held = [permission, ...or].find((one) => granted.has(one));
      if (held) return ok(permission, held === permission ? purpose : `${purpose} (by ${held})`);
      if (without) return unseen(permission, `is missing: ${without}. ${GRANT}`);
      return failed(permission, `is missing; ${purpose}. ${GRANT}`);
    }),
  ];
}

function directoryRole(roles: string[]): Check {
  const what = "directory role";
  if (roles.length > 0) return ok(what, roles.join(", "));
  return failed(
    what,
    `none of ${Object.values(DIRECTORY_ROLES).join(", ")}: a person who signs in needs one of them`,
  );
}

async function licence(tenants: Tenants): Promise<Check> {
  const what = "Entra ID P1 or P2";
  try {
    const graph = await tenants.graph();
    const skus = await graph.list<{ servicePlans: { servicePlanName: string }[] }>("/subscribedSkus");
    const plans = skus.flatMap(({ servicePlans }) =>
      servicePlans.map(({ servicePlanName }) => servicePlanName),
    );
    if (plans.some((plan) => plan.startsWith("AAD_PREMIUM")))
      return ok(what, "is there: groups can be assigned");
    return failed(what, "is missing, and without it no groups can be assigned, only people one by one");
  } catch (error) {
    if (!hasStatus(error, 401, 403)) throw error;
    return unseen(
      what,
      "assigning groups needs it; this identity may not read licences (Organization.Read.All)",
    );
  }
}
