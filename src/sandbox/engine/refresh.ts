import { type DeploymentContext, known, makeStep } from "./deployment.ts";
import { compare } from "./property-diff.ts";
import { StepFailed } from "./result.ts";
import { isProviderType } from "./urn.ts";
import { keepSecrets } from "./values.ts";
import { errorText } from "./wire.ts";

/**
 * Reads every object of the stack as it is now and takes that for what it was.
 * @throws StepFailed when one cannot be read
 */
export async function refresh(context: DeploymentContext, isStopped: () => boolean): Promise<void> {
  const { snapshot, providers, journal } = context;
  for (const resource of snapshot.resources) {
    journal.conceal([resource.inputs, resource.outputs]);
    if (!resource.custom || isProviderType(resource.type)) continue;
    if (isStopped()) return;
    try {
      const provider = await providers.ofState(resource, snapshot.resources);
      const read = await provider.read(known(resource));
      if (!read) {
        journal.done(makeStep("gone", resource, [], snapshot));
        snapshot.swap(resource, undefined);
        continue;
      }
      // As Pulumi does, to show what was found; a provider that refuses it here refuses every run.
      await provider.diff({ urn: resource.urn, ...read }, resource.inputs, []);
      const outputs = keepSecrets(read.outputs, {}, resource.additionalSecretOutputs);
      journal.conceal([read.inputs, outputs]);
      const drift = compare(resource.inputs, read.inputs);
      if (drift.length > 0) journal.done(makeStep("drifted", resource, drift, snapshot));
      const { initErrors: _, ...whole } = resource;
      snapshot.swap(resource, { ...whole, id: read.id, inputs: read.inputs, outputs });
    } catch (error) {
      throw new StepFailed(errorText(error), resource.urn, error);
    }
  }
}
