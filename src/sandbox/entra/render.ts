import type { Caller } from "./caller.ts";
import type {
  ApplicationDocument,
  AssignmentDocument,
  GroupDocument,
  JobDocument,
  ServicePrincipalDocument,
  UserDocument,
} from "./documents.ts";
import type { GraphObject } from "./filter.ts";
import type { TenantState } from "./tenant-state.ts";

/** A user as Graph returns it; the manager is a relation, not a property. */
export function renderUser(user: UserDocument): GraphObject {
  const { manager: _, more, ...properties } = user;
  return { ...properties, otherMails: [], onPremisesSyncEnabled: null, ...more };
}

/** A group as Graph returns it. Nulls are there on purpose: clients take an absent `membershipRule` for a difference. */
export function renderGroup(group: GroupDocument): GraphObject {
  const { members: _members, owners: _owners, ...properties } = group;
  return {
    ...properties,
    groupTypes: [],
    isAssignableToRole: null,
    mail: null,
    membershipRule: null,
    membershipRuleProcessingState: null,
    onPremisesSyncEnabled: null,
    preferredDataLocation: null,
    proxyAddresses: [],
    visibility: null,
  };
}

export function renderApplication(application: ApplicationDocument): GraphObject {
  return {
    identifierUris: [],
    signInAudience: "AzureADMyOrg",
    tags: [],
    keyCredentials: [],
    passwordCredentials: [],
    requiredResourceAccess: [],
    oauth2RequirePostResponse: false,
    ...application,
  };
}

export function renderServicePrincipal(principal: ServicePrincipalDocument): GraphObject {
  return {
    alternativeNames: [],
    keyCredentials: [],
    notificationEmailAddresses: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    preferredSingleSignOnMode: null,
    replyUrls: [],
    samlMetadataUrl: null,
    ...principal,
  };
}

export function renderJob({ servicePrincipalId: _, allowDeletes: _allow, ...job }: JobDocument): GraphObject {
  return { ...job };
}

export type DirectoryObject = GraphObject & { id: string };

/**
 * Any object of the directory, as a member of a list of mixed types. Of types that the caller may not read only the id is
 * told; undefined when there is no such object or it is in the recycle bin.
 */
export function renderDirectoryObject(
  tenant: TenantState,
  caller: Caller,
  id: string,
): DirectoryObject | undefined {
  const { users, groups, servicePrincipals } = tenant.documents;
  const user = users.get(id);
  if (user?.deletedDateTime === null) {
    return typed("user", id, caller.permissions.has("User.Read.All") && renderUser(user));
  }
  const group = groups.get(id);
  if (group?.deletedDateTime === null) {
    return typed("group", id, caller.permissions.has("GroupMember.Read.All") && renderGroup(group));
  }
  const principal = servicePrincipals.get(id);
  if (!principal) return undefined;
  const readable = caller.permissions.has("Application.Read.All");
  return typed("servicePrincipal", id, readable && renderServicePrincipal(principal));
}

function typed(type: string, id: string, object: GraphObject | false): DirectoryObject {
  return { "@odata.type": `#microsoft.graph.${type}`, ...(object || {}), id };
}

export function renderAssignment(assignment: AssignmentDocument): GraphObject {
  return { ...assignment, deletedDateTime: null };
}

/** For what is stored as it is shown. */
export function renderAsIs(document: object): GraphObject {
  return { ...document };
}
