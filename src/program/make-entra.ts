import * as pulumi from "@pulumi/pulumi";
import { pinnedKeys } from "./distinct-keys.ts";
import { EntraApplication } from "./entra-application.ts";
import { assignmentKeys } from "./entra-inputs.ts";
import type { EntraPlan } from "./entra-plan.ts";
import { nonGalleryTemplate } from "./entra-template.ts";
import type { Tokens } from "./settings.ts";

/** Makes one application of Entra; returns what people want to know about it. */
export function makeEntra(
  { desired, assignments, namesakes }: EntraPlan,
  tokens: Tokens,
  options: pulumi.ComponentResourceOptions,
) {
  const { displayName, scimUrl } = desired;
  const made = new EntraApplication(
    desired.name,
    {
      displayName,
      templateId: nonGalleryTemplate(
        new pulumi.Config("azuread").get("environment") ?? process.env.ARM_ENVIRONMENT,
      ),
      tenantUrl: desired.tenantUrl,
      token: tokens[desired.token.secret] ?? "",
      roles: desired.roles,
      assignments,
      pinned: pinnedKeys(assignmentKeys(desired.assignments)),
      exclusive: desired.exclusive,
      maxRemovals: desired.maxRemovals,
      scope: desired.scope,
      mappings: desired.mappings,
      provisioning: desired.provisioning,
      namesakes,
    },
    { ...options, protect: desired.protect },
  );
  const { applicationObjectId, servicePrincipalObjectId, jobId, status, portal } = made;
  return {
    identityProvider: "Microsoft Entra ID",
    displayName,
    scimUrl,
    applicationObjectId,
    servicePrincipalObjectId,
    jobId,
    status,
    portal,
  };
}
