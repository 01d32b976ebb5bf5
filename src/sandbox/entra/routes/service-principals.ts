import type { ServicePrincipalDocument } from "../documents.ts";
import { DIRECTORY_OBJECT, SERVICE_PRINCIPAL } from "../entity-types.ts";
import { badRequest, GraphError, invalidProperty } from "../graph-error.ts";
import { checkProperties, created, type GraphRouter, noContent, requiredString } from "../graph-router.ts";
import { deleteServicePrincipal } from "../lifecycle.ts";
import { servicePrincipalOf, visible } from "../lookup.ts";
import { ownerRoutes } from "../owners.ts";
import { ACCESS } from "../permissions.ts";
import { boundIds } from "../reference.ts";
import { renderServicePrincipal } from "../render.ts";

/** What of a service principal comes from its application and cannot be set on it. */
const READ_ONLY = [
  "id",
  "appId",
  "applicationTemplateId",
  "appDisplayName",
  "appOwnerOrganizationId",
  "servicePrincipalType",
];

/** Enterprise applications. */
export function servicePrincipalRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const { servicePrincipals, applications, owners } = tenant.documents;

  router.on("GET", "/servicePrincipals", ACCESS.readApplications, (call) =>
    router.page(
      call,
      SERVICE_PRINCIPAL,
      "servicePrincipals",
      visible(tenant, call, servicePrincipals),
      renderServicePrincipal,
    ),
  );

  router.on("POST", "/servicePrincipals", ACCESS.createApplications, ({ body, root, caller }) => {
    checkProperties(body, SERVICE_PRINCIPAL, ["owners@odata.bind"]);
    const appId = requiredString(body, "appId");
    const application = applications.values().find((one) => one.appId === appId);
    if (!application) {
      throw new GraphError(
        400,
        "NoBackingApplicationObject",
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
      );
    }
    if (servicePrincipals.values().some((principal) => principal.appId === appId)) {
      throw new GraphError(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      );
    }
    const { "owners@odata.bind": _bound, "@odata.type": _type, ...properties } = body;
    const principal: ServicePrincipalDocument = {
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      tags: [],
      ...properties,
      id: tenant.random.uuid(),
      appId,
      applicationTemplateId: application.applicationTemplateId,
      displayName: application.displayName,
      appDisplayName: application.displayName,
      appOwnerOrganizationId: tenant.tenantId,
      servicePrincipalType: "Application",
      servicePrincipalNames: [appId],
      createdDateTime: tenant.clock.now().toISOString(),
      appRoles: structuredClone(application.appRoles),
    };
    servicePrincipals.put(principal.id, principal);
    owners.put(principal.id, [...new Set([...boundIds(body, "owners"), caller.servicePrincipalId])]);
    tenant.consistency.created(principal.id);
    return created({
      "@odata.context": `${root}/$metadata#servicePrincipals/$entity`,
      ...renderServicePrincipal(principal),
    });
  });

  router.on("GET", "/servicePrincipals/:id", ACCESS.readApplications, (call) =>
    router.entity(
      call,
      SERVICE_PRINCIPAL,
      "servicePrincipals",
      renderServicePrincipal(servicePrincipalOf(tenant, call, call.params.id ?? "")),
    ),
  );

  router.on("PATCH", "/servicePrincipals/:id", ACCESS.writeApplications, (call) => {
    checkProperties(call.body, SERVICE_PRINCIPAL);
    const principal = servicePrincipalOf(tenant, call, call.params.id ?? "");
    const { "@odata.type": _type, ...properties } = call.body;
    for (const name of READ_ONLY) {
      if (properties[name] !== undefined && properties[name] !== principal[name]) {
        throw invalidProperty(name, "ServicePrincipal");
      }
    }
    if (properties.appRoles !== undefined && principal.appOwnerOrganizationId === tenant.tenantId) {
      throw badRequest("Property 'appRoles' is read-only: change it on the application object.");
    }
    servicePrincipals.put(principal.id, { ...principal, ...properties });
    return noContent;
  });

  router.on("DELETE", "/servicePrincipals/:id", ACCESS.writeApplications, (call) => {
    deleteServicePrincipal(tenant, servicePrincipalOf(tenant, call, call.params.id ?? "").id);
    return noContent;
  });

  ownerRoutes(
    router,
    "servicePrincipals",
    (call) => servicePrincipalOf(tenant, call, call.params.id ?? "").id,
    DIRECTORY_OBJECT,
  );
}
