import type { ErrorDescription } from "../http.ts";

/** Reads Okta's `{ errorCode, errorSummary, errorCauses }`, and knows which scope a refusal means. */
export function describeOktaError(status: number, body: unknown, request: string): ErrorDescription {
  const error = (typeof body === "object" && body !== null ? body : {}) as {
    errorCode?: string;
    errorSummary?: string;
    errorCauses?: { errorSummary?: string }[];
  };
  const causes = (error.errorCauses ?? []).flatMap(({ errorSummary }) => errorSummary ?? []);
  const described = {
    code: error.errorCode ?? "",
    detail: [error.errorSummary, ...causes].filter(Boolean).join(" "),
  };
  const help = helpFor(status, request);
  return help ? { ...described, help } : described;
}

const SCOPES: [RegExp, string][] = [
  [/\/group-push\//, "okta.apps.manage and okta.groups.manage (to read: .read)"],
  [/\/api\/v1\/apps\b/, "okta.apps.manage (to read: okta.apps.read)"],
  [/\/api\/v1\/groups\b/, "okta.groups.read"],
  [/\/api\/v1\/users\b/, "okta.users.read"],
  [/\/api\/v1\/logs\b/, "okta.logs.read"],
];

function helpFor(status: number, request: string): string | undefined {
  if (status === 401) return "Is OKTA_API_TOKEN of this org, and has it not expired (30 days without use)?";
  if (status !== 403) return undefined;
  const scope = SCOPES.find(([path]) => path.test(request))?.[1];
  return scope && `The identity that runs this needs ${scope}, and an administrator role that allows it.`;
}
