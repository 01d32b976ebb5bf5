/** What Microsoft Graph documents of a resource type: its properties, and how a list of it can be queried. */
export interface EntityType {
  /** As in `@odata.type`, without the "#". */
  name: string;
  /** As the directory's messages call it. */
  resource: string;
  properties: ReadonlySet<string>;
  /** What v1.0 returns without $select; everything when absent. */
  defaults?: readonly string[];
  /**
   * Properties that $filter takes. "basic": eq, in, startsWith, ge, le as the type allows. "advanced": only with
   * ConsistencyLevel: eventual and $count=true.
   */
  filterable: Readonly<Record<string, "basic" | "advanced">>;
  defaultPage: number;
  maxPage: number;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

export const USER: EntityType = {
  name: "microsoft.graph.user",
  resource: "User",
  properties: new Set(
    words(`id deletedDateTime aboutMe accountEnabled ageGroup assignedLicenses assignedPlans authorizationInfo birthday
      businessPhones city companyName consentProvidedForMinor country createdDateTime creationType customSecurityAttributes
      department displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType externalUserState
      externalUserStateChangeDateTime faxNumber givenName hireDate identities imAddresses interests isManagementRestricted
      isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates mail
      mailboxSettings mailNickname mobilePhone mySite officeLocation onPremisesDistinguishedName onPremisesDomainName
      onPremisesExtensionAttributes onPremisesImmutableId onPremisesLastSyncDateTime onPremisesProvisioningErrors
      onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName otherMails
      passwordPolicies passwordProfile pastProjects postalCode preferredDataLocation preferredLanguage preferredName
      provisionedPlans proxyAddresses refreshTokensValidFromDateTime responsibilities schools securityIdentifier
      serviceProvisioningErrors showInAddressList signInActivity signInSessionsValidFromDateTime skills state streetAddress
      surname usageLocation userPrincipalName userType`),
  ),
  defaults:
    words(`businessPhones displayName givenName id jobTitle mail mobilePhone officeLocation preferredLanguage surname
    userPrincipalName`),
  filterable: {
    id: "basic",
    accountEnabled: "basic",
    city: "basic",
    companyName: "advanced",
    country: "basic",
    createdDateTime: "basic",
    department: "basic",
    displayName: "basic",
    employeeId: "basic",
    givenName: "basic",
    jobTitle: "basic",
    mail: "basic",
    mailNickname: "basic",
    mobilePhone: "advanced",
    officeLocation: "advanced",
    onPremisesImmutableId: "basic",
    otherMails: "basic",
    proxyAddresses: "basic",
    state: "basic",
    streetAddress: "advanced",
    surname: "basic",
    usageLocation: "basic",
    userPrincipalName: "basic",
    userType: "basic",
  },
  defaultPage: 100,
  maxPage: 999,
};

export const GROUP: EntityType = {
  name: "microsoft.graph.group",
  resource: "Group",
  properties: new Set(
    words(`id deletedDateTime allowExternalSenders assignedLabels assignedLicenses autoSubscribeNewMembers classification
      createdDateTime creationOptions description displayName expirationDateTime groupTypes hasMembersWithLicenseErrors
      hideFromAddressLists hideFromOutlookClients isArchived isAssignableToRole isManagementRestricted
      isSubscribedByMail licenseProcessingState mail mailEnabled mailNickname membershipRule membershipRuleProcessingState
      onPremisesDomainName onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesProvisioningErrors
      onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled organizationId preferredDataLocation
      preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions resourceProvisioningOptions
      securityEnabled securityIdentifier serviceProvisioningErrors theme uniqueName unseenCount visibility
      writebackConfiguration`),
  ),
  filterable: {
    id: "basic",
    createdDateTime: "basic",
    description: "advanced",
    displayName: "basic",
    groupTypes: "basic",
    mail: "basic",
    mailEnabled: "basic",
    mailNickname: "basic",
    securityEnabled: "basic",
    proxyAddresses: "basic",
  },
  defaultPage: 100,
  maxPage: 999,
};

export const APPLICATION: EntityType = {
  name: "microsoft.graph.application",
  resource: "Application",
  properties: new Set(
    words(`id deletedDateTime addIns api appId applicationTemplateId appRoles authenticationBehaviors certification
      createdDateTime createdByAppId defaultRedirectUri description disabledByMicrosoftStatus displayName
      groupMembershipClaims identifierUris info isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient keyCredentials logo
      managerApplications nativeAuthenticationApisEnabled notes oauth2RequirePostResponse optionalClaims
      parentalControlSettings passwordCredentials publicClient publisherDomain requestSignatureVerification
      requiredResourceAccess samlMetadataUrl serviceManagementReference servicePrincipalLockConfiguration signInAudience spa
      tags tokenEncryptionKeyId uniqueName verifiedPublisher web windows onPremisesPublishing`),
  ),
  filterable: {
    id: "basic",
    appId: "basic",
    applicationTemplateId: "basic",
    createdDateTime: "basic",
    displayName: "basic",
    identifierUris: "basic",
    publisherDomain: "advanced",
    signInAudience: "advanced",
    tags: "basic",
  },
  defaultPage: 100,
  maxPage: 999,
};

export const SERVICE_PRINCIPAL: EntityType = {
  name: "microsoft.graph.servicePrincipal",
  resource: "ServicePrincipal",
  properties: new Set(
    words(`id deletedDateTime accountEnabled addIns alternativeNames appDescription appDisplayName appId
      applicationTemplateId appOwnerOrganizationId appRoleAssignmentRequired appRoles createdByAppId createdDateTime
      customSecurityAttributes description disabledByMicrosoftStatus displayName errorUrl homepage info isDisabled
      isManagementRestricted keyCredentials loginUrl logoutUrl notes notificationEmailAddresses oauth2PermissionScopes
      passwordCredentials passwordSingleSignOnSettings preferredSingleSignOnMode preferredTokenSigningKeyEndDateTime
      preferredTokenSigningKeyThumbprint publisherName publishedPermissionScopes replyUrls
      resourceSpecificApplicationPermissions samlMetadataUrl samlSingleSignOnSettings servicePrincipalNames
      servicePrincipalType signInAudience tags tokenEncryptionKeyId verifiedPublisher`),
  ),
  filterable: {
    id: "basic",
    accountEnabled: "basic",
    alternativeNames: "basic",
    appId: "basic",
    applicationTemplateId: "basic",
    appOwnerOrganizationId: "basic",
    displayName: "basic",
    servicePrincipalNames: "basic",
    servicePrincipalType: "basic",
    tags: "basic",
  },
  defaultPage: 100,
  maxPage: 999,
};

export const APP_ROLE_ASSIGNMENT: EntityType = {
  name: "microsoft.graph.appRoleAssignment",
  resource: "AppRoleAssignment",
  properties: new Set(
    words(`id deletedDateTime appRoleId createdDateTime principalDisplayName principalId principalType resourceDisplayName
      resourceId creationTimestamp`),
  ),
  filterable: { principalDisplayName: "basic", resourceId: "basic" },
  defaultPage: 100,
  maxPage: 999,
};

export const APPLICATION_TEMPLATE: EntityType = {
  name: "microsoft.graph.applicationTemplate",
  resource: "ApplicationTemplate",
  properties: new Set(
    words(`id categories description displayName homePageUrl logoUrl publisher supportedProvisioningTypes
      supportedSingleSignOnModes isEntraIntegrated supportedClaimConfiguration configurationUris informationalUrls`),
  ),
  filterable: { id: "basic", displayName: "basic", publisher: "basic", categories: "basic" },
  defaultPage: 100,
  maxPage: 999,
};

/** What `members`, `owners` and `directoryObjects` hold: any of the types above. */
export const DIRECTORY_OBJECT: EntityType = {
  name: "microsoft.graph.directoryObject",
  resource: "DirectoryObject",
  properties: new Set([
    "@odata.type",
    ...USER.properties,
    ...GROUP.properties,
    ...SERVICE_PRINCIPAL.properties,
  ]),
  filterable: {
    id: "basic",
    displayName: "advanced",
    userPrincipalName: "advanced",
    accountEnabled: "advanced",
  },
  defaultPage: 100,
  maxPage: 999,
};

export const PROVISIONING_OBJECT_SUMMARY: EntityType = {
  name: "microsoft.graph.provisioningObjectSummary",
  resource: "ProvisioningObjectSummary",
  properties: new Set(
    words(`id activityDateTime changeId cycleId durationInMilliseconds initiatedBy jobId modifiedProperties
      provisioningAction provisioningStatusInfo provisioningSteps servicePrincipal sourceIdentity sourceSystem targetIdentity
      targetSystem tenantId`),
  ),
  filterable: {
    id: "basic",
    activityDateTime: "basic",
    changeId: "basic",
    cycleId: "basic",
    jobId: "basic",
    provisioningAction: "basic",
    "provisioningStatusInfo/status": "basic",
    "servicePrincipal/id": "basic",
    "servicePrincipal/displayName": "basic",
    "sourceIdentity/id": "basic",
    "sourceIdentity/displayName": "basic",
    "targetIdentity/id": "basic",
    "targetIdentity/displayName": "basic",
    tenantId: "basic",
  },
  defaultPage: 100,
  maxPage: 999,
};
