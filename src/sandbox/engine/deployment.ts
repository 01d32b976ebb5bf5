import { randomUUID } from "node:crypto";
import type { Hooks } from "./hooks.ts";
import type { Journal } from "./journal.ts";
import type { Project } from "./project.ts";
import { compare, detailedChanges } from "./property-diff.ts";
import type { Providers } from "./providers.ts";
import { InitFailed, type Known, type ProviderDiff, type ResourceProvider } from "./resource-provider.ts";
import { type Operation, type PropertyChange, type Step, StepFailed } from "./result.ts";
import type { Snapshot } from "./snapshot.ts";
import type { ResourceState } from "./state.ts";
import { isProviderType, makeUrn, nameOf, packageOf } from "./urn.ts";
import { equal, keepSecrets, type PropertyMap } from "./values.ts";
import { errorText } from "./wire.ts";

/** What the program wants a resource to be. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent?: string;
  inputs: PropertyMap;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** Reference to an explicit provider; the package's default provider without it. */
  provider?: string;
  /** Version of the package that the program uses; names its default provider. */
  version: string;
  protect: boolean;
  deletedWith?: string;
  ignoreChanges: string[];
  additionalSecretOutputs: string[];
  beforeCreate: string[];
  onError: string[];
}

export interface DeploymentContext {
  project: Project;
  preview: boolean;
  snapshot: Snapshot;
  providers: Providers;
  hooks: Hooks;
  journal: Journal;
}

/** Brings the stack to what the program registers, one resource at a time. */
export class Deployment {
  readonly #context: DeploymentContext;

  constructor(context: DeploymentContext) {
    this.#context = context;
  }

  /** @throws StepFailed */
  async register(goal: Goal): Promise<ResourceState> {
    const { project, snapshot } = this.#context;
    const urn = makeUrn(project.stack, project.name, goal.type, goal.name, goal.parent);
    if (snapshot.isRegistered(urn)) {
      throw new StepFailed(
        `The program makes two resources of the type ${goal.type} with the name "${goal.name}".`,
        urn,
      );
    }
    try {
      if (isProviderType(goal.type)) return await this.#registerProvider(this.#stateOf(goal, urn));
      if (!goal.custom) return await this.#registerComponent(this.#stateOf(goal, urn));
      return await this.#registerCustom(goal, urn);
    } catch (error) {
      throw error instanceof StepFailed ? error : new StepFailed(errorText(error), urn, error);
    }
  }

  /** The provider that serves a type or function, by an explicit reference or by default. */
  async providerFor(
    token: string,
    reference: string | undefined,
    version: string,
  ): Promise<ResourceProvider> {
    return await this.#context.providers.serving(token, await this.#providerState(token, reference, version));
  }

  setOutputs(urn: string, outputs: PropertyMap): void {
    this.#context.journal.conceal(outputs);
    this.#context.snapshot.setOutputs(urn, outputs);
  }

  /** Deletes what the program no longer registers, dependents first. */
  async deleteLeftovers(isStopped: () => boolean): Promise<void> {
    for (const resource of this.#context.snapshot.leftovers) {
      if (isStopped()) return;
      await this.delete(resource);
    }
  }

  /** @throws StepFailed when the resource is protected or its provider cannot delete it. */
  async delete(resource: ResourceState): Promise<void> {
    const { preview, snapshot, providers } = this.#context;
    if (resource.protect && !resource.delete) {
      throw new StepFailed(
        `${resource.urn} is protected, so it is not deleted. To delete it on purpose, take \`protect\` off in the spec, run \`up\`, and try again.`,
        resource.urn,
      );
    }
    const step = this.#step("delete", resource, []);
    if (isDefaultProvider(resource)) return snapshot.swap(resource, undefined);
    if (preview) return this.#context.journal.done(step);
    this.#context.journal.start(step);
    const goesAlong = snapshot.leftovers.some(({ urn }) => urn === resource.deletedWith);
    if (resource.custom && !isProviderType(resource.type) && !goesAlong) {
      const provider = await providers.ofState(resource, snapshot.resources);
      await this.#attempt(resource.urn, () =>
        snapshot.during("deleting", resource, () => provider.delete(known(resource))),
      );
    }
    snapshot.swap(resource, undefined);
    this.#context.journal.done(step);
  }

  async #providerState(
    token: string,
    reference: string | undefined,
    version: string,
  ): Promise<ResourceState> {
    const { providers, snapshot, journal } = this.#context;
    if (reference) {
      const urn = reference.split("::").slice(0, -1).join("::");
      const state = snapshot.find(urn);
      if (!state) throw new Error(`The program refers to a provider that it has not registered: ${urn}.`);
      return state;
    }
    const wanted = providers.defaultResource(packageOf(token), version);
    if (snapshot.isRegistered(wanted.urn)) return snapshot.find(wanted.urn) ?? wanted;
    const state = { ...wanted, id: snapshot.old(wanted.urn)?.id ?? wanted.id ?? randomUUID() };
    journal.conceal(state.inputs);
    snapshot.register(state);
    return state;
  }

  async #registerComponent(state: ResourceState): Promise<ResourceState> {
    const { snapshot, journal } = this.#context;
    const old = snapshot.old(state.urn);
    const step = this.#step(old ? "same" : "create", state, []);
    const next = old ? { ...state, outputs: old.outputs } : state;
    snapshot.register(next);
    journal.done(step);
    return next;
  }

  async #registerProvider(state: ResourceState): Promise<ResourceState> {
    const { snapshot, journal, providers } = this.#context;
    journal.conceal(state.inputs);
    const old = snapshot.old(state.urn);
    const diff = old ? compare(old.inputs, state.inputs) : [];
    const next = { ...state, id: old?.id ?? state.id ?? randomUUID(), outputs: state.inputs };
    await providers.configure(next);
    snapshot.register(next);
    journal.done(this.#step(old ? (diff.length > 0 ? "update" : "same") : "create", state, diff));
    return next;
  }

  async #registerCustom(goal: Goal, urn: string): Promise<ResourceState> {
    const { snapshot, journal } = this.#context;
    const { providers } = this.#context;
    const providerState = await this.#providerState(goal.type, goal.provider, goal.version);
    const provider = await providers.serving(goal.type, providerState);
    const old = snapshot.old(urn);
    const wanted = old ? withIgnored(goal.inputs, old.inputs, goal.ignoreChanges) : goal.inputs;
    journal.conceal(wanted);
    const { inputs, failures } = await provider.check(urn, old?.inputs ?? {}, wanted);
    if (failures.length > 0) {
      throw new StepFailed(
        failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join("\n"),
        urn,
      );
    }
    const next: ResourceState = {
      ...this.#stateOf(goal, urn),
      inputs,
      provider: `${providerState.urn}::${providerState.id}`,
    };
    if (!old)
      return await this.#create(goal, next, provider, this.#step("create", next, compare({}, inputs)));

    const diff = await this.#diff(provider, old, inputs, goal.ignoreChanges);
    if (!diff.changed) {
      const same = {
        ...next,
        ...(old.id !== undefined && { id: old.id }),
        outputs: old.outputs,
      };
      snapshot.register(same);
      journal.done(this.#step("same", next, []));
      return same;
    }
    const changes = diff.detailed
      ? detailedChanges(diff.detailed, old, inputs)
      : compare(old.inputs, inputs, diff.replaces);
    return diff.replaces.length > 0
      ? await this.#replace(goal, next, old, provider, diff, this.#step("replace", next, changes))
      : await this.#update(goal, next, old, provider, this.#step("update", next, changes));
  }

  /** As Pulumi does, a provider is not asked when the inputs are what they were: what counts as drift has to be an input. */
  async #diff(
    provider: ResourceProvider,
    old: ResourceState,
    inputs: PropertyMap,
    ignoreChanges: readonly string[],
  ): Promise<ProviderDiff> {
    if (equal(old.inputs, inputs)) return { changed: false, replaces: [], deleteBeforeReplace: false };
    return await provider.diff(known(old), inputs, ignoreChanges);
  }

  async #create(
    goal: Goal,
    next: ResourceState,
    provider: ResourceProvider,
    step: Step,
    replaced?: ResourceState,
  ) {
    const { preview, snapshot, hooks, journal } = this.#context;
    const { urn, inputs } = next;
    await this.#attempt(urn, () => hooks.beforeCreate(goal.beforeCreate, urn, inputs, preview));
    if (!preview) journal.start(step);
    const create = () => provider.create(urn, inputs, preview);
    let made: { id: string; outputs: PropertyMap };
    try {
      made = preview ? await create() : await snapshot.during("creating", next, create);
    } catch (error) {
      this.#keepHalf(goal, next, error, replaced);
      await hooks.createFailed(goal.onError, urn, inputs, errorText(error));
      throw new StepFailed(errorText(error), urn, error);
    }
    const state = this.#settle(goal, next, made.outputs, made.id);
    snapshot.register(state, replaced);
    journal.done(step);
    return state;
  }

  async #update(goal: Goal, next: ResourceState, old: ResourceState, provider: ResourceProvider, step: Step) {
    const { preview, snapshot, journal } = this.#context;
    if (!preview) journal.start(step);
    const update = () => provider.update(known(old), next.inputs, preview, goal.ignoreChanges);
    let outputs: PropertyMap;
    try {
      outputs = preview ? await update() : await snapshot.during("updating", old, update);
    } catch (error) {
      this.#keepHalf(goal, next, error);
      throw new StepFailed(errorText(error), next.urn, error);
    }
    const state = this.#settle(goal, next, outputs, old.id);
    snapshot.register(state);
    journal.done(step);
    return state;
  }

  /** The new object is made first and the old one deleted at the end, unless both cannot be at once. */
  async #replace(
    goal: Goal,
    next: ResourceState,
    old: ResourceState,
    provider: ResourceProvider,
    diff: ProviderDiff,
    step: Step,
  ) {
    if (old.protect) {
      throw new StepFailed(
        `${old.urn} is protected, and ${diff.replaces.join(", ")} cannot change without making it anew.`,
        old.urn,
      );
    }
    if (!diff.deleteBeforeReplace) return await this.#create(goal, next, provider, step, old);
    await this.delete(old);
    return await this.#create(goal, next, provider, step);
  }

  /** As Pulumi does, takes what was asked for into the state, with what there is of it, though the step failed. */
  #keepHalf(goal: Goal, next: ResourceState, error: unknown, replaced?: ResourceState): void {
    if (!(error instanceof InitFailed)) return;
    const state = this.#settle(goal, next, error.outputs, error.id);
    this.#context.snapshot.register({ ...state, initErrors: error.reasons }, replaced);
  }

  #settle(goal: Goal, next: ResourceState, raw: PropertyMap, id: string | undefined): ResourceState {
    const outputs = keepSecrets(raw, {}, goal.additionalSecretOutputs);
    this.#context.journal.conceal(outputs);
    return { ...next, outputs, ...(id && { id }) };
  }

  #stateOf(goal: Goal, urn: string): ResourceState {
    return {
      urn,
      custom: goal.custom,
      type: goal.type,
      inputs: goal.inputs,
      outputs: {},
      dependencies: goal.dependencies,
      propertyDependencies: goal.propertyDependencies,
      ...(goal.parent && { parent: goal.parent }),
      ...(goal.protect && { protect: true }),
      ...(goal.deletedWith && { deletedWith: goal.deletedWith }),
      ...(goal.additionalSecretOutputs.length > 0 && {
        additionalSecretOutputs: goal.additionalSecretOutputs,
      }),
    };
  }

  async #attempt<T>(urn: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw new StepFailed(errorText(error), urn, error);
    }
  }

  #step(op: Operation, state: ResourceState, diff: PropertyChange[]): Step {
    return makeStep(op, state, diff, this.#context.snapshot);
  }
}

export function makeStep(
  op: Operation,
  state: ResourceState,
  diff: PropertyChange[],
  snapshot: Snapshot,
): Step {
  let depth = 0;
  for (let parent = state.parent; parent; parent = snapshot.find(parent)?.parent) depth += 1;
  return { op, urn: state.urn, type: state.type, name: nameOf(state.urn), depth, diff };
}

/** Made by the engine and not by the program, so no step of its own. */
function isDefaultProvider(resource: ResourceState): boolean {
  return isProviderType(resource.type) && resource.parent === undefined;
}

/** A resource of the state as its provider is told of it. */
export function known({ urn, id, inputs, outputs }: ResourceState): Known {
  return { urn, id: id ?? "", inputs, outputs };
}

/** The new inputs with the top-level ones that are to be left alone as they were. */
function withIgnored(news: PropertyMap, olds: PropertyMap, ignored: readonly string[]): PropertyMap {
  const result = { ...news };
  for (const key of ignored) {
    const old = olds[key];
    if (old === undefined) delete result[key];
    else result[key] = old;
  }
  return result;
}
