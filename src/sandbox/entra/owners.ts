import type { EntityType } from "./entity-types.ts";
import { badRequest, notFound } from "./graph-error.ts";
import { type GraphCall, type GraphRouter, noContent } from "./graph-router.ts";
import { ACCESS } from "./permissions.ts";
import { referencedId } from "./reference.ts";
import { renderAsIs, renderDirectoryObject } from "./render.ts";

/** Owners of applications or service principals. `objectId` finds the object of a call. */
export function ownerRoutes(
  router: GraphRouter,
  collection: "applications" | "servicePrincipals",
  objectId: (call: GraphCall) => string,
  type: EntityType,
): void {
  const { tenant } = router;
  const { owners } = tenant.documents;

  router.on("GET", `/${collection}/:id/owners`, ACCESS.readApplications, (call) => {
    const objects = (owners.get(objectId(call)) ?? [])
      .map((id) => renderDirectoryObject(tenant, call.caller, id))
      .filter((object) => object !== undefined);
    return router.page(call, type, "directoryObjects", objects, renderAsIs);
  });

  router.on("POST", `/${collection}/:id/owners/$ref`, ACCESS.writeApplications, (call) => {
    const id = objectId(call);
    const owner = referencedId(call.body);
    const present = owners.get(id) ?? [];
    if (!renderDirectoryObject(tenant, call.caller, owner)) throw notFound(owner);
    if (present.includes(owner)) {
      throw badRequest(
        "One or more added object references already exist for the following modified properties: 'owners'.",
      );
    }
    owners.put(id, [...present, owner]);
    return noContent;
  });

  router.on("DELETE", `/${collection}/:id/owners/:ownerId/$ref`, ACCESS.writeApplications, (call) => {
    const id = objectId(call);
    const owner = call.params.ownerId ?? "";
    const present = owners.get(id) ?? [];
    if (!present.includes(owner)) throw notFound(owner);
    owners.put(
      id,
      present.filter((other) => other !== owner),
    );
    return noContent;
  });
}
