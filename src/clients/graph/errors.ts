import type { ErrorDescription } from "../http.ts";

/** Reads Graph's `{ error: { code, message } }`, and knows which permission a refusal means. */
export function describeGraphError(status: number, body: unknown, request: string): ErrorDescription {
  const error = errorOf(body);
  const code = typeof error.code === "string" ? error.code : "";
  const detail = typeof error.message === "string" ? error.message : "";
  const help = missingPermission(status, code, request);
  return help ? { code, detail, help } : { code, detail };
}

function errorOf(body: unknown): Record<string, unknown> {
  if (typeof body !== "object" || body === null || !("error" in body)) return {};
  return typeof body.error === "object" && body.error !== null ? (body.error as Record<string, unknown>) : {};
}

const NEEDED: [RegExp, string][] = [
  [/\/synchronization\b/, "Synchronization.ReadWrite.All or ownership of the service principal"],
  [/\/appRoleAssignedTo\b/, "AppRoleAssignment.ReadWrite.All (to read: Application.Read.All)"],
  [/\/auditLogs\/provisioning\b/, "ProvisioningLog.Read.All (or AuditLog.Read.All)"],
  [/\/groups\b/, "Group.Read.All (members: GroupMember.Read.All)"],
  [/\/users\b/, "User.Read.All"],
  [
    /\/(applications|servicePrincipals|applicationTemplates)\b/,
    "Application.ReadWrite.OwnedBy (to read: Application.Read.All)",
  ],
];

/** The synchronization service answers 401 with code UnknownError where the rest of Graph answers 403. */
function missingPermission(status: number, code: string, request: string): string | undefined {
  if (status === 401 && code === "InvalidAuthenticationToken") return undefined;
  if (status !== 401 && status !== 403) return undefined;
  const permission = NEEDED.find(([path]) => path.test(request))?.[1];
  return permission && `${permission} is missing from the identity that runs this, or admin consent for it.`;
}
