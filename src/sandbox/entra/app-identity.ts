import type { FederatedCredential } from "./client-assertion.ts";
import type { Permission } from "./permissions.ts";

/** An application that signs in to the tenant by itself: a deployment identity. */
export interface AppIdentity {
  clientId: string;
  displayName: string;
  clientSecret?: string;
  federatedCredentials?: FederatedCredential[];
  /** Application permissions that an administrator has consented to. */
  permissions: Permission[];
}

/** The least that `rollcall` needs to set everything up and to report on it. */
export const DEPLOYMENT_PERMISSIONS: Permission[] = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "AuditLog.Read.All",
  "Group.Read.All",
  "Synchronization.ReadWrite.All",
  "User.Read.All",
];
