import * as pulumi from "@pulumi/pulumi";
import type { DesiredState } from "../desired/model.ts";
import type { DeclaredApplication } from "../provider/contract.ts";
import { planEntra } from "./entra-plan.ts";
import { makeEntra } from "./make-entra.ts";
import { makeOkta } from "./make-okta.ts";
import { type OktaPlan, planOkta } from "./okta-plan.ts";
import { stopAt, warn } from "./problems.ts";
import { DeclaredApplications } from "./resources/declared-applications.ts";
import { RollcallProvider } from "./resources/provider.ts";
import { readDesiredState, readProviderConfig, readTokens } from "./settings.ts";

/** The Pulumi program: a spec becomes the applications that provision people. */
export async function main() {
  const config = new pulumi.Config();
  const { file, desired } = readDesiredState(config);
  const tokens = readTokens(config, desired);
  const provider = new RollcallProvider("rollcall", readProviderConfig(config));

  // Everything is looked up before anything is made, so that one run tells all that is wrong.
  const ask = provider.ask.bind(provider);
  const entra = await planEntra(
    desired.applications.filter((one) => one.idp === "entra"),
    ask,
  );
  const okta = await planOkta(
    desired.applications.filter((one) => one.idp === "okta"),
    ask,
  );
  stopAt([...entra.problems, ...okta.problems]);
  warn([...entra.warnings, ...okta.warnings]);

  const inside = whoIsIn(desired, okta.plans);
  const declared = new DeclaredApplications("applications", { applications: inside }, { provider });
  // Nothing is made before it is clear that nothing has to be refused.
  const options = { providers: { rollcall: provider }, dependsOn: declared };
  const applications = [
    ...entra.plans.map((plan) => [plan.desired.name, makeEntra(plan, tokens, options)]),
    ...okta.plans.map((plan) => [plan.desired.name, makeOkta(plan, file, options)]),
  ];
  return { applications: Object.fromEntries(applications) };
}

function whoIsIn({ applications }: DesiredState, okta: OktaPlan[]): Record<string, DeclaredApplication> {
  const existing = new Map(okta.map((plan) => [plan.desired.name, plan.existing?.id]));
  return Object.fromEntries(
    applications.map((application) => {
      const { name, idp, assignments, maxRemovals, exclusive } = application;
      const principals = assignments.map((one) => `${one.kind} ${one.name}`);
      const common = { idp, principals, maxRemovals, exclusive };
      if (application.idp === "entra") return [name, { ...common, displayName: application.displayName }];
      const { label, carrier, oidc } = application;
      const appId = existing.get(name);
      return [
        name,
        {
          ...common,
          displayName: label,
          carrier: carrier.kind,
          ...(appId === undefined ? {} : { appId }),
          ...(oidc && { signOn: oidc.label }),
        },
      ];
    }),
  );
}
