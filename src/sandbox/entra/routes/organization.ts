import { type GraphRouter, ok } from "../graph-router.ts";
import { ACCESS } from "../permissions.ts";

/** The tenant itself and its licences. */
export function organizationRoutes(router: GraphRouter): void {
  const { tenant } = router;

  router.on("GET", "/organization", ACCESS.readOrganization, ({ root }) =>
    ok({
      "@odata.context": `${root}/$metadata#organization`,
      value: [
        { id: tenant.tenantId, displayName: "rollcall sandbox", verifiedDomains: [], tenantType: "AAD" },
      ],
    }),
  );

  router.on("GET", "/subscribedSkus", ACCESS.readOrganization, ({ root }) =>
    ok({
      "@odata.context": `${root}/$metadata#subscribedSkus`,
      value: [
        {
          id: `${tenant.tenantId}_078d2b04-f1bd-4111-bbd4-b4b1b354cef4`,
          skuId: "078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
          skuPartNumber: "AAD_PREMIUM",
          capabilityStatus: "Enabled",
          appliesTo: "User",
          servicePlans: [
            {
              servicePlanId: "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
              servicePlanName: "AAD_PREMIUM",
              provisioningStatus: "Success",
              appliesTo: "User",
            },
          ],
        },
      ],
    }),
  );
}
