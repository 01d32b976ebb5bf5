import type { PatchFlavor } from "../../../provisioning/entra/input.ts";
import type { ScimTarget } from "../../exchange.ts";
import { isLoopback } from "../../outbound.ts";
import type { SecretDocument } from "../documents.ts";
import { GraphError } from "../graph-error.ts";
import type { TenantState } from "../tenant-state.ts";

const USER_AGENT = "rollcall-sandbox/entra";
const OPT_IN_FLAG = "aadOptscim062020";

/** What the keys of `synchronization/secrets` say. */
export interface Credentials {
  target: ScimTarget;
  patchFlavor: PatchFlavor;
  syncAll: boolean;
  /** Undefined when accidental deletions are not held back. */
  deleteThreshold: number | undefined;
}

/**
 * Reads a job's credentials.
 * @throws GraphError 400 CredentialsMissing without a tenant URL; others for one that Entra does not take
 */
export function credentialsOf(tenant: TenantState, secrets: readonly SecretDocument[]): Credentials {
  const value = (key: string) => secrets.find((secret) => secret.key === key)?.value;
  const baseUrl = value("BaseAddress");
  if (baseUrl === undefined) {
    throw new GraphError(400, "CredentialsMissing", "Credentials are missing: no value for BaseAddress.");
  }
  if (!URL.canParse(baseUrl) || (new URL(baseUrl).protocol !== "https:" && !isLoopback(baseUrl))) {
    throw new GraphError(
      400,
      "InvalidBaseAddress",
      "The tenant URL must be an absolute URL with the scheme https.",
    );
  }
  if ((value("AuthenticationType") ?? "").startsWith("OAuth2")) {
    throw new GraphError(
      400,
      "NotSupported",
      "The sandbox knows no other AuthenticationType than a secret token.",
    );
  }
  return {
    target: { baseUrl, token: value("SecretToken") ?? "", outbound: tenant.outbound, userAgent: USER_AGENT },
    patchFlavor: new URL(baseUrl).search.includes(OPT_IN_FLAG) ? OPT_IN_FLAG : "default",
    syncAll: value("SyncAll")?.toLowerCase() === "true",
    deleteThreshold: deleteThreshold(value("SyncNotificationSettings")),
  };
}

function deleteThreshold(settings: string | undefined): number | undefined {
  if (settings === undefined) return undefined;
  try {
    const parsed = JSON.parse(settings) as {
      DeleteThresholdEnabled?: boolean;
      DeleteThresholdValue?: number;
    };
    return parsed.DeleteThresholdEnabled === true ? parsed.DeleteThresholdValue : undefined;
  } catch {
    return undefined;
  }
}
