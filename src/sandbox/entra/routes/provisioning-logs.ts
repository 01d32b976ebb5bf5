import { PROVISIONING_OBJECT_SUMMARY } from "../entity-types.ts";
import type { GraphRouter } from "../graph-router.ts";
import { ACCESS } from "../permissions.ts";
import { renderAsIs } from "../render.ts";

/** The provisioning logs: what each cycle did with whom, newest first. */
export function provisioningLogRoutes(router: GraphRouter): void {
  router.on("GET", "/auditLogs/provisioning", ACCESS.readLogs, (call) =>
    router.page(
      call,
      PROVISIONING_OBJECT_SUMMARY,
      "auditLogs/provisioning",
      router.tenant.documents.logs.values().reverse(),
      renderAsIs,
    ),
  );
}
