import { randomUUID } from "node:crypto";
import { assertLoopback, assertLoopbackEnvironment } from "./loopback.ts";
import { type Project, packageConfig } from "./project.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { ResourceState } from "./state.ts";
import { makeUrn, packageOf, providerType } from "./urn.ts";
import { isMap, type PropertyMap, reveal, type Value } from "./values.ts";

/** Makes the provider of a package, not yet configured. */
export type ProviderFactory = (packageName: string) => Promise<ResourceProvider>;

/** The configured providers of a run, by the URN of their provider resource. */
export class Providers {
  readonly #project: Project;
  readonly #env: NodeJS.ProcessEnv;
  readonly #make: ProviderFactory;
  readonly #configured = new Map<string, { config: PropertyMap; provider: Promise<ResourceProvider> }>();

  constructor(project: Project, env: NodeJS.ProcessEnv, make: ProviderFactory) {
    this.#project = project;
    this.#env = env;
    this.#make = make;
  }

  /** The provider that a resource of the state was made with. */
  async ofState(resource: ResourceState, resources: readonly ResourceState[]): Promise<ResourceProvider> {
    const urn = resource.provider?.split("::").slice(0, -1).join("::");
    const state = resources.find((candidate) => candidate.urn === urn);
    if (!state) throw new Error(`The state does not hold the provider of ${resource.urn}.`);
    return await this.configure(state);
  }

  /** Configures the provider that a provider resource describes; the same configuration is not applied twice. */
  async configure(state: ResourceState): Promise<ResourceProvider> {
    const known = this.#configured.get(state.urn);
    if (known && JSON.stringify(known.config) === JSON.stringify(state.inputs)) return await known.provider;
    if (known) (await known.provider).close();
    const provider = this.#start(packageOf(state.type), state.inputs);
    this.#configured.set(state.urn, { config: state.inputs, provider });
    return await provider;
  }

  async #start(packageName: string, config: PropertyMap): Promise<ResourceProvider> {
    assertConfigLoopback(config, packageName);
    const provider = await this.#make(packageName);
    await provider.configure(config);
    return provider;
  }

  /** The resource that stands for a package's default provider, as Pulumi names it. */
  defaultResource(packageName: string, version: string): ResourceState {
    const type = providerType(packageName);
    const name = version ? `default_${version.replaceAll(".", "_")}` : "default";
    const inputs: PropertyMap = { ...packageConfig(this.#project, packageName), ...(version && { version }) };
    return {
      urn: makeUrn(this.#project.stack, this.#project.name, type, name),
      custom: true,
      type,
      id: randomUUID(),
      inputs,
      outputs: inputs,
      dependencies: [],
      propertyDependencies: {},
    };
  }

  /** Refuses a type or function that would reach a real service by the environment. */
  assertOffline(token: string): void {
    const packageName = packageOf(token);
    const module = token.split(":")[1] ?? "";
    if (packageName === "azuread" || module === "entra") assertLoopbackEnvironment("entra", this.#env);
    if (packageName === "okta" || module === "okta") assertLoopbackEnvironment("okta", this.#env);
  }

  async close(): Promise<void> {
    for (const { provider } of this.#configured.values()) {
      await provider.then(
        (running) => running.close(),
        () => undefined,
      );
    }
  }
}

/** Hosts that provider arguments or stack configuration may name. */
function assertConfigLoopback(config: PropertyMap, where: string): void {
  const visit = (key: string, value: Value): void => {
    const plain = reveal(value);
    if (isMap(plain)) for (const [inner, item] of Object.entries(plain)) visit(inner, item);
    else if ((key === "metadataHost" || key === "httpProxy") && typeof plain === "string") {
      assertLoopback(plain, `${where}'s ${key}`);
    }
  };
  for (const [key, value] of Object.entries(config)) visit(key, value);
}
