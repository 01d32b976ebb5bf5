import { defaultSchema, TEMPLATE_ID } from "../../../defaults/entra-schema.ts";
import { CUSTOM_TEMPLATE } from "../application-template.ts";
import { GraphError } from "../graph-error.ts";
import { type GraphCall, type GraphRouter, ok } from "../graph-router.ts";
import { applicationOf, servicePrincipalOf } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";

const NO_VERSION = "00000000000000000000000000000000";

/** Which synchronization templates an application offers; none unless it was made from an application template. */
export function synchronizationTemplateRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const register = (
    collection: string,
    find: (call: GraphCall) => { applicationTemplateId: string | null },
  ) => {
    const path = `/${collection}/:id/synchronization/templates`;
    const offered = (call: GraphCall) =>
      find(call).applicationTemplateId === CUSTOM_TEMPLATE.id ? [template()] : [];

    router.on("GET", path, ACCESS.readSynchronization, (call) =>
      ok({
        "@odata.context": `${call.root}/$metadata#${collection}('${call.params.id}')/synchronization/templates`,
        value: offered(call),
      }),
    );

    router.on("GET", `${path}/:templateId/schema`, ACCESS.readSynchronization, (call) => {
      const { templateId = "" } = call.params;
      if (!offered(call).some(({ id }) => id === templateId)) {
        throw new GraphError(404, "TemplateNotFound", `Template '${templateId}' was not found.`);
      }
      return ok(defaultSchema(`${templateId}.${NO_VERSION}`, "2.0"));
    });
  };
  register("servicePrincipals", (call) => servicePrincipalOf(tenant, call, call.params.id ?? ""));
  register("applications", (call) => applicationOf(tenant, call, call.params.id ?? ""));
}

function template() {
  return {
    id: TEMPLATE_ID,
    applicationId: CUSTOM_TEMPLATE.id,
    default: true,
    description: "SCIM provisioning for custom applications",
    discoverable: true,
    factoryTag: TEMPLATE_ID,
    metadata: [],
  };
}
