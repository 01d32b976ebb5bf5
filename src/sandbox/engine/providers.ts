import { randomUUID } from "node:crypto";
import { assertLoopbackEntra, assertLoopbackOkta } from "./loopback.ts";
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

  readonly #checked = new Map<string, Promise<void>>();

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
    return await this.serving(resource.type, state);
  }

  /** The provider that serves a type or function, when that leads nowhere but to the sandbox. */
  async serving(token: string, provider: ResourceState): Promise<ResourceProvider> {
    await this.#assertOffline(token, provider.inputs);
    return await this.configure(provider);
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

  /** Refuses a type or function that would reach a real service with the provider's configuration and the environment. */
  async #assertOffline(token: string, config: PropertyMap): Promise<void> {
    const packageName = packageOf(token);
    const service =
      packageName === "azuread" ? "entra" : packageName === "okta" ? "okta" : token.split(":")[1];
    if (service !== "entra" && service !== "okta") return;
    const settings = packageName === "rollcall" ? parsed(config[service]) : config;
    const given = (key: string) => {
      const value = reveal(settings[key] ?? null);
      return typeof value === "string" ? value : undefined;
    };
    const check = async () =>
      service === "entra"
        ? await assertLoopbackEntra(given("metadataHost"), this.#env)
        : assertLoopbackOkta(given("httpProxy"), this.#env);
    const key = `${service} ${given("metadataHost")} ${given("httpProxy")}`;
    const checked = this.#checked.get(key) ?? check();
    this.#checked.set(key, checked);
    await checked;
  }

  /** Asks all to stop waiting and to send nothing new. */
  async cancel(): Promise<void> {
    await this.#forEach((provider) => provider.cancel());
  }

  async close(): Promise<void> {
    await this.#forEach((provider) => provider.close());
  }

  async #forEach(act: (provider: ResourceProvider) => void | Promise<void>): Promise<void> {
    const running = await Promise.allSettled([...this.#configured.values()].map(({ provider }) => provider));
    await Promise.all(
      running.map((result) => (result.status === "fulfilled" ? act(result.value) : undefined)),
    );
  }
}

/** A section of the rollcall provider's configuration; one that comes from the stack's file is JSON text. */
function parsed(section: Value | undefined): PropertyMap {
  const value = reveal(section ?? null);
  if (typeof value === "string") return JSON.parse(value) as PropertyMap;
  return isMap(value) ? value : {};
}
