import type { ApplicationDocument, AppRoleDocument, ServicePrincipalDocument } from "./documents.ts";
import type { TenantState } from "./tenant-state.ts";

/** The gallery's entry for an application that is not in the gallery. */
export const CUSTOM_TEMPLATE = {
  id: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
  displayName: "Custom",
  homePageUrl: null,
  supportedSingleSignOnModes: ["password", "saml", "external", "oidc"],
  supportedProvisioningTypes: [],
  logoUrl: "https://az495088.vo.msecnd.net/app-logo/custom_215.png",
  categories: [],
  publisher: null,
  description: null,
};

/** The role that people get who are assigned without choosing one. */
export const USER_ROLE_ID = "18d14569-c3bd-439b-9a66-3a2aee01d14f";
const MSIAM_ROLE_ID = "b9632174-c057-4f7e-951b-be3adc52bfe6";

const HOME_PAGE =
  "https://account.activedirectory.windowsazure.com:444/applications/default.aspx?metadata=customappsso|ISV9.1|primary|z";

/** How many requests pass before a new application, and then its service principal, is found. */
const APPLICATION_DELAY = 1;
const SERVICE_PRINCIPAL_DELAY = 2;

/** Makes the application and the service principal of a template; neither is found at once. The caller becomes their owner. */
export function instantiate(
  tenant: TenantState,
  displayName: string,
  ownerId: string,
): { application: ApplicationDocument; servicePrincipal: ServicePrincipalDocument } {
  const { documents, random, clock, consistency } = tenant;
  const appId = random.uuid();
  const createdDateTime = clock.now().toISOString();
  const common = { appId, applicationTemplateId: CUSTOM_TEMPLATE.id, displayName, createdDateTime };
  const application: ApplicationDocument = {
    id: random.uuid(),
    ...common,
    signInAudience: "AzureADMyOrg",
    identifierUris: [],
    tags: [],
    publicClient: { redirectUris: [] },
    web: {
      homePageUrl: HOME_PAGE,
      redirectUris: [],
      logoutUrl: null,
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
    },
    api: { oauth2PermissionScopes: [userImpersonation(random.uuid(), displayName)] },
    appRoles: defaultRoles(),
  };
  const servicePrincipal: ServicePrincipalDocument = {
    id: random.uuid(),
    ...common,
    accountEnabled: true,
    appDisplayName: displayName,
    appOwnerOrganizationId: tenant.tenantId,
    appRoleAssignmentRequired: true,
    servicePrincipalType: "Application",
    servicePrincipalNames: [appId],
    signInAudience: "AzureADMyOrg",
    homepage: HOME_PAGE,
    replyUrls: [],
    preferredSingleSignOnMode: null,
    appRoles: defaultRoles(),
    tags: [
      "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
      "WindowsAzureActiveDirectoryIntegratedApp",
    ],
  };
  documents.applications.put(application.id, application);
  documents.servicePrincipals.put(servicePrincipal.id, servicePrincipal);
  for (const { id } of [application, servicePrincipal]) documents.owners.put(id, [ownerId]);
  consistency.created(application.id, APPLICATION_DELAY);
  consistency.created(servicePrincipal.id, SERVICE_PRINCIPAL_DELAY);
  return { application, servicePrincipal };
}

function defaultRoles(): AppRoleDocument[] {
  const role = (id: string, name: string): AppRoleDocument => ({
    id,
    allowedMemberTypes: ["User"],
    description: name,
    displayName: name,
    isEnabled: true,
    origin: "Application",
    value: null,
  });
  return [role(USER_ROLE_ID, "User"), role(MSIAM_ROLE_ID, "msiam_access")];
}

function userImpersonation(id: string, displayName: string): Record<string, unknown> {
  return {
    id,
    value: "user_impersonation",
    type: "User",
    isEnabled: true,
    adminConsentDescription: `Allow the application to access ${displayName} on behalf of the signed-in user.`,
    adminConsentDisplayName: `Access ${displayName}`,
    userConsentDescription: `Allow the application to access ${displayName} on your behalf.`,
    userConsentDisplayName: `Access ${displayName}`,
  };
}
