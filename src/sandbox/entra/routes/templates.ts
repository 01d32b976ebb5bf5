import { CUSTOM_TEMPLATE, instantiate } from "../application-template.ts";
import { APPLICATION_TEMPLATE } from "../entity-types.ts";
import { invalidProperty, notFound } from "../graph-error.ts";
import { created, type GraphRouter, requiredString } from "../graph-router.ts";
import { ACCESS } from "../permissions.ts";
import { renderApplication, renderAsIs, renderServicePrincipal } from "../render.ts";

/** Shorter than for other applications; reported for instantiate alone (microsoft-graph-docs issue 10565). */
const MAX_DISPLAY_NAME = 90;

/** The gallery; of its thousands of entries only the one for custom applications is here. */
export function templateRoutes(router: GraphRouter): void {
  const { tenant } = router;

  router.on("GET", "/applicationTemplates", undefined, (call) =>
    router.page(call, APPLICATION_TEMPLATE, "applicationTemplates", [CUSTOM_TEMPLATE], renderAsIs),
  );

  router.on("GET", "/applicationTemplates/:id", undefined, (call) => {
    if (call.params.id !== CUSTOM_TEMPLATE.id) throw notFound(call.params.id ?? "");
    return router.entity(call, APPLICATION_TEMPLATE, "applicationTemplates", { ...CUSTOM_TEMPLATE });
  });

  router.on(
    "POST",
    "/applicationTemplates/:id/instantiate",
    ACCESS.createApplications,
    ({ params, body, root, caller }) => {
      if (params.id !== CUSTOM_TEMPLATE.id) throw notFound(params.id ?? "");
      const displayName = requiredString(body, "displayName");
      if (displayName.length > MAX_DISPLAY_NAME) throw invalidProperty("displayName", "Application");
      const made = instantiate(tenant, displayName, caller.servicePrincipalId);
      return created({
        "@odata.context": `${root}/$metadata#microsoft.graph.applicationServicePrincipal`,
        application: renderApplication(made.application),
        servicePrincipal: renderServicePrincipal(made.servicePrincipal),
      });
    },
  );
}
