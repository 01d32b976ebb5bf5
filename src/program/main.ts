import * as pulumi from "@pulumi/pulumi";
import type { DesiredEntraApplication, DesiredState } from "../desired/model.ts";
import { EntraApplication } from "./entra-application.ts";
import { assignmentKey, type EntraPlan, planEntra } from "./entra-plan.ts";
import { nonGalleryTemplate } from "./entra-template.ts";
import { RollcallProvider } from "./resources/provider.ts";
import { readDesiredState, readProviderConfig, readTokens } from "./settings.ts";

type Tokens = Record<string, pulumi.Output<string>>;

/** The Pulumi program: a spec becomes the applications that provision people. */
export async function main() {
  const config = new pulumi.Config();
  const desired = readDesiredState(config);
  const tokens = readTokens(config, desired);
  const provider = new RollcallProvider("rollcall", readProviderConfig(config));

  const plans = await planEntra(entraApplications(desired), (token, args) => provider.ask(token, args));

  return {
    applications: Object.fromEntries(
      plans.map((plan) => [plan.desired.name, makeEntra(plan, tokens, provider)]),
    ),
  };
}

function entraApplications({ applications }: DesiredState): DesiredEntraApplication[] {
  return applications.filter((application) => application.idp === "entra");
}

function makeEntra(
  { desired, assignments, namesakes }: EntraPlan,
  tokens: Tokens,
  provider: RollcallProvider,
) {
  const made = new EntraApplication(
    desired.name,
    {
      displayName: desired.displayName,
      templateId: nonGalleryTemplate(
        new pulumi.Config("azuread").get("environment") ?? process.env.ARM_ENVIRONMENT,
      ),
      tenantUrl: desired.tenantUrl,
      token: tokens[desired.token.secret] ?? "",
      roles: desired.roles,
      assignments,
      pinned: desired.assignments.filter(({ id }) => id !== undefined).map(assignmentKey),
      exclusive: desired.exclusive,
      maxRemovals: desired.maxRemovals,
      scope: desired.scope,
      mappings: desired.mappings,
      provisioning: desired.provisioning,
      namesakes,
    },
    { providers: { rollcall: provider }, protect: desired.protect },
  );
  return {
    identityProvider: "Microsoft Entra ID",
    displayName: desired.displayName,
    scimUrl: desired.scimUrl,
    applicationObjectId: made.applicationObjectId,
    servicePrincipalObjectId: made.servicePrincipalObjectId,
    jobId: made.jobId,
    status: made.status,
    portal: made.portal,
  };
}
