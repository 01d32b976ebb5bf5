import { type DeploymentContext, makeStep } from "./deployment.ts";
import { StepFailed } from "./result.ts";
import type { ResourceState } from "./state.ts";
import { makeUrn, packageOf, STACK_TYPE } from "./urn.ts";

/** One entry of a file for `pulumi import --file`. */
export interface ResourceImport {
  type: string;
  name: string;
  /** Absent for a component, which has no object in the tenant. */
  id?: string;
  component?: boolean;
  /** Name of the entry that it is to stand below. */
  parent?: string;
}

export interface ImportFile {
  resources: readonly ResourceImport[];
  protect?: boolean;
}

/**
 * Takes objects that exist into the state, as `pulumi import --file` does; a component that is there already stays as it is.
 * @throws StepFailed when one is there already, is not found, or its parent is not in the file.
 */
export async function importResources(
  context: DeploymentContext,
  { resources, protect = false }: ImportFile,
): Promise<void> {
  const { project, snapshot } = context;
  const urns = new Map<string, string>();
  for (const wanted of resources) {
    const { type, name, parent, component } = wanted;
    const urn = makeUrn(project.stack, project.name, type, name, parent && urns.get(parent));
    if (parent && !urns.has(parent))
      throw new StepFailed(`Its parent, ${parent}, does not stand above it in the file.`, urn);
    urns.set(name, urn);
    const above = (parent && urns.get(parent)) ?? stackOf(context);
    if (!component) await importObject(context, { ...wanted, urn, above, protect });
    else if (!snapshot.find(urn)) snapshot.adopt({ ...bare(urn, type, above), custom: false });
  }
}

const stackOf = ({ snapshot }: DeploymentContext) =>
  snapshot.resources.find((resource) => resource.type === STACK_TYPE)?.urn;

const bare = (urn: string, type: string, parent: string | undefined) => ({
  urn,
  type,
  inputs: {},
  outputs: {},
  dependencies: [],
  propertyDependencies: {},
  ...(parent && { parent }),
});

async function importObject(
  { snapshot, providers, journal }: DeploymentContext,
  {
    urn,
    type,
    id = "",
    above,
    protect,
  }: ResourceImport & { urn: string; above: string | undefined; protect: boolean },
): Promise<void> {
  if (snapshot.find(urn)) throw new StepFailed("It is in the state already.", urn);
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
    ...bare(urn, type, above),
    custom: true,
    ...read,
    provider: `${provider.urn}::${provider.id}`,
    ...(protect && { protect }),
  };
  snapshot.adopt(state);
  journal.done(makeStep("import", state, [], snapshot));
}
