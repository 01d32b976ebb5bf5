import { type DeploymentContext, makeStep } from "./deployment.ts";
import { StepFailed } from "./result.ts";
import type { ResourceState } from "./state.ts";
import { makeUrn, packageOf, STACK_TYPE } from "./urn.ts";

/** What `pulumi import` is given. */
export interface ResourceImport {
  type: string;
  name: string;
  id: string;
  /** URN of the component that it is to stand below. */
  parent?: string;
  protect?: boolean;
}

/**
 * Takes an object that exists into the state, as `pulumi import` does.
 * @throws StepFailed when it is there already, is not found, or its parent is not in the state.
 */
export async function importResource(
  context: DeploymentContext,
  wanted: ResourceImport | undefined,
): Promise<void> {
  if (!wanted) throw new Error("`import` needs to be told what to import.");
  const { project, snapshot, providers, journal } = context;
  const { type, name, id, parent, protect } = wanted;
  const urn = makeUrn(project.stack, project.name, type, name, parent);
  if (snapshot.find(urn)) throw new StepFailed("It is in the state already.", urn);
  const above = parent ?? snapshot.resources.find((resource) => resource.type === STACK_TYPE)?.urn;
  if (parent && !snapshot.find(parent)) {
    throw new StepFailed(
      `Its parent, ${parent}, is not in the state: run \`up\` once, which makes it, and import then.`,
      urn,
    );
  }
  const provider =
    snapshot.resources.find(
      (resource) =>
        packageOf(resource.type) === packageOf(type) && resource.type.startsWith("pulumi:providers:"),
    ) ?? providers.defaultResource(packageOf(type), "");
  const serving = await providers.serving(type, provider);
  const read = await serving.read({ urn, id, inputs: {}, outputs: {} });
  if (!read) throw new StepFailed(`There is nothing with the id ${id}.`, urn);
  const { failures } = await serving.check(urn, read.inputs, read.inputs);
  if (failures.length > 0) {
    const wrong = failures.map(({ property, reason }) => `${property} ${reason}`).join("; ");
    throw new StepFailed(`The provider read what it would not take: ${wrong}.`, urn);
  }
  if (!snapshot.find(provider.urn)) snapshot.adopt(provider);
  const state: ResourceState = {
    urn,
    custom: true,
    type,
    ...read,
    dependencies: [],
    propertyDependencies: {},
    provider: `${provider.urn}::${provider.id}`,
    ...(above && { parent: above }),
    ...(protect && { protect }),
  };
  snapshot.adopt(state);
  journal.done(makeStep("import", state, [], snapshot));
}
