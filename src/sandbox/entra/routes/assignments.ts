import type { AssignmentDocument, ServicePrincipalDocument } from "../documents.ts";
import { APP_ROLE_ASSIGNMENT } from "../entity-types.ts";
import { badRequest, notFound } from "../graph-error.ts";
import {
  checkProperties,
  created,
  type GraphCall,
  type GraphRouter,
  noContent,
  requiredString,
} from "../graph-router.ts";
import { groupOf, isVisible, servicePrincipalOf, userOf, visible } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";
import { renderAssignment } from "../render.ts";
import type { TenantState } from "../tenant-state.ts";

/** The "role" of an assignment to an application that has none. */
const DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

/** Who is assigned to an enterprise application, and with which role; and to what somebody is assigned. */
export function assignmentRoutes(router: GraphRouter): void {
  resourceRoutes(router);
  const { tenant } = router;
  for (const [collection, access, find] of [
    ["users", ACCESS.readUsers, userOf],
    ["groups", ACCESS.readGroups, groupOf],
    ["servicePrincipals", ACCESS.readApplications, servicePrincipalOf],
  ] as const) {
    router.on("GET", `/${collection}/:id/appRoleAssignments`, access, (call) => {
      const { id } = find(tenant, call, call.params.id ?? "");
      const granted = visible(tenant, call, tenant.documents.assignments).filter(
        ({ principalId }) => principalId === id,
      );
      return router.page(
        call,
        APP_ROLE_ASSIGNMENT,
        `${collection}('${id}')/appRoleAssignments`,
        granted,
        renderAssignment,
      );
    });
  }
}

function resourceRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const { assignments } = tenant.documents;
  const list = "/servicePrincipals/:id/appRoleAssignedTo";

  router.on("GET", list, ACCESS.readApplications, (call) => {
    const { id } = servicePrincipalOf(tenant, call, call.params.id ?? "");
    const present = visible(tenant, call, assignments).filter(
      (assignment) => assignment.resourceId === id && !isInRecycleBin(tenant, assignment.principalId),
    );
    return router.page(
      call,
      APP_ROLE_ASSIGNMENT,
      `servicePrincipals('${id}')/appRoleAssignedTo`,
      present,
      renderAssignment,
    );
  });

  router.on("POST", list, ACCESS.writeAssignments, (call) => {
    checkProperties(call.body, APP_ROLE_ASSIGNMENT);
    const resource = servicePrincipalOf(tenant, call, call.params.id ?? "");
    if (requiredString(call.body, "resourceId") !== resource.id) {
      throw badRequest("The resourceId of the assignment is not the service principal of the request.");
    }
    const principal = principalOf(tenant, call, requiredString(call.body, "principalId"));
    const appRoleId = requiredString(call.body, "appRoleId");
    checkRole(resource, appRoleId, principal.type);
    const doubled = assignments
      .values()
      .some(
        (one) =>
          one.resourceId === resource.id && one.principalId === principal.id && one.appRoleId === appRoleId,
      );
    if (doubled) throw badRequest("Permission being assigned already exists on the object");
    const assignment: AssignmentDocument = {
      id: tenant.random.id("", 43),
      appRoleId,
      createdDateTime: tenant.clock.now().toISOString(),
      principalDisplayName: principal.displayName,
      principalId: principal.id,
      principalType: principal.type,
      resourceDisplayName: resource.displayName,
      resourceId: resource.id,
    };
    assignments.put(assignment.id, assignment);
    tenant.consistency.created(assignment.id);
    return created({
      "@odata.context": `${call.root}/$metadata#servicePrincipals('${resource.id}')/appRoleAssignedTo/$entity`,
      ...renderAssignment(assignment),
    });
  });

  router.on("GET", `${list}/:assignmentId`, ACCESS.readApplications, (call) =>
    router.entity(
      call,
      APP_ROLE_ASSIGNMENT,
      "appRoleAssignments",
      renderAssignment(assignmentOf(tenant, call)),
    ),
  );

  router.on("DELETE", `${list}/:assignmentId`, ACCESS.writeAssignments, (call) => {
    assignments.delete(assignmentOf(tenant, call).id);
    return noContent;
  });
}

function assignmentOf(tenant: TenantState, call: GraphCall): AssignmentDocument {
  const { id } = servicePrincipalOf(tenant, call, call.params.id ?? "");
  const key = call.params.assignmentId ?? "";
  const assignment = tenant.documents.assignments.get(key);
  if (assignment?.resourceId !== id || !isVisible(tenant, call, key)) throw notFound(key);
  return assignment;
}

interface Principal {
  id: string;
  type: AssignmentDocument["principalType"];
  displayName: string;
}

function principalOf(tenant: TenantState, call: GraphCall, id: string): Principal {
  const { users, groups, servicePrincipals } = tenant.documents;
  if (!isVisible(tenant, call, id) || isInRecycleBin(tenant, id)) throw notFound(id);
  const user = users.get(id);
  if (user) return { id, type: "User", displayName: user.displayName };
  const group = groups.get(id);
  if (group) {
    if (!group.securityEnabled)
      throw badRequest("Only security-enabled groups can be assigned to an application.");
    return { id, type: "Group", displayName: group.displayName };
  }
  const principal = servicePrincipals.get(id);
  if (!principal) throw notFound(id);
  return { id, type: "ServicePrincipal", displayName: principal.displayName };
}

function checkRole(resource: ServicePrincipalDocument, roleId: string, type: Principal["type"]): void {
  const needed = type === "ServicePrincipal" ? "Application" : "User";
  const offered = resource.appRoles.filter(
    ({ isEnabled, allowedMemberTypes }) => isEnabled && allowedMemberTypes.includes(needed),
  );
  if (roleId === DEFAULT_ACCESS ? offered.length === 0 : offered.some(({ id }) => id === roleId)) return;
  throw badRequest(`Permission being assigned was not found on application '${resource.id}'.`);
}

function isInRecycleBin({ documents }: TenantState, id: string): boolean {
  return Boolean(documents.users.get(id)?.deletedDateTime ?? documents.groups.get(id)?.deletedDateTime);
}
