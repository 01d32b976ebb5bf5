import { replaceAppRoles } from "../app-roles.ts";
import type { ApplicationDocument } from "../documents.ts";
import { APPLICATION, DIRECTORY_OBJECT } from "../entity-types.ts";
import { invalidProperty } from "../graph-error.ts";
import { checkProperties, created, type GraphRouter, noContent, requiredString } from "../graph-router.ts";
import { deleteApplication, propagateRoles } from "../lifecycle.ts";
import { applicationOf, visible } from "../lookup.ts";
import { ownerRoutes } from "../owners.ts";
import { ACCESS } from "../permissions.ts";
import { boundIds } from "../reference.ts";
import { renderApplication } from "../render.ts";

const MAX_DISPLAY_NAME = 256;
/** How many requests pass before a service principal has the roles of its application. */
const PROPAGATION_DELAY = 1;

/** App registrations, their roles and owners. */
export function applicationRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const { applications, owners } = tenant.documents;

  router.on("GET", "/applications", ACCESS.readApplications, (call) =>
    router.page(call, APPLICATION, "applications", visible(tenant, call, applications), renderApplication),
  );

  router.on("POST", "/applications", ACCESS.createApplications, ({ body, root, caller }) => {
    checkProperties(body, APPLICATION, ["owners@odata.bind"]);
    checkDisplayName(requiredString(body, "displayName"));
    const { "owners@odata.bind": _bound, "@odata.type": _type, appRoles, ...properties } = body;
    const application: ApplicationDocument = {
      ...properties,
      id: tenant.random.uuid(),
      appId: tenant.random.uuid(),
      applicationTemplateId: null,
      displayName: requiredString(body, "displayName"),
      createdDateTime: tenant.clock.now().toISOString(),
      appRoles: appRoles === undefined || appRoles === null ? [] : replaceAppRoles([], appRoles),
    };
    applications.put(application.id, application);
    owners.put(application.id, [...new Set([...boundIds(body, "owners"), caller.servicePrincipalId])]);
    tenant.consistency.created(application.id);
    return created({
      "@odata.context": `${root}/$metadata#applications/$entity`,
      ...renderApplication(application),
    });
  });

  router.on("GET", "/applications/:id", ACCESS.readApplications, (call) =>
    router.entity(
      call,
      APPLICATION,
      "applications",
      renderApplication(applicationOf(tenant, call, call.params.id ?? "")),
    ),
  );

  router.on("PATCH", "/applications/:id", ACCESS.writeApplications, (call) => {
    checkProperties(call.body, APPLICATION);
    const application = applicationOf(tenant, call, call.params.id ?? "");
    for (const name of ["id", "appId", "applicationTemplateId"]) {
      const value = call.body[name];
      if (value !== undefined && value !== application[name]) throw invalidProperty(name, "Application");
    }
    if (call.body.displayName !== undefined) checkDisplayName(call.body.displayName);
    const { "@odata.type": _type, appRoles, ...properties } = call.body;
    applications.put(application.id, {
      ...application,
      ...properties,
      ...(appRoles === undefined ? {} : { appRoles: replaceAppRoles(application.appRoles, appRoles) }),
    });
    tenant.consistency.later(`roles of ${application.id}`, PROPAGATION_DELAY, () =>
      propagateRoles(tenant, application.id),
    );
    return noContent;
  });

  router.on("DELETE", "/applications/:id", ACCESS.writeApplications, (call) => {
    deleteApplication(tenant, applicationOf(tenant, call, call.params.id ?? "").id);
    return noContent;
  });

  ownerRoutes(
    router,
    "applications",
    (call) => applicationOf(tenant, call, call.params.id ?? "").id,
    DIRECTORY_OBJECT,
  );
}

function checkDisplayName(value: unknown): void {
  if (typeof value !== "string" || value === "" || value.length > MAX_DISPLAY_NAME) {
    throw invalidProperty("displayName", "Application");
  }
}
