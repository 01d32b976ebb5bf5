import type { CheckFailure, Known, ProviderDiff, ResourceProvider } from "../resource-provider.ts";
import { typeOf } from "../urn.ts";
import { equal, keepSecrets, type PropertyMap, revealAll } from "../values.ts";

/**
 * One resource type of a provider that is not installed: the calls that the real one makes, as a row of a table. Inputs
 * and outputs are plain here; secrets are marked again by the engine's side of it.
 */
export interface StandIn<Service> {
  /** Every input that the program may set. */
  inputs: readonly string[];
  /** Those that cannot be missing. */
  required: readonly string[];
  /**
   * Properties that the program leaves alone, and what they usually are. Found otherwise they become inputs, as the real
   * providers make them, and the next `up` sets them back.
   */
  usual?: PropertyMap;
  /** Inputs whose change makes a new object. */
  replaceOn: readonly string[];
  create(service: Service, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }>;
  /** Undefined when the object is gone. */
  read(service: Service, id: string, outputs: PropertyMap): Promise<PropertyMap | undefined>;
  update(service: Service, id: string, inputs: PropertyMap, old: PropertyMap): Promise<PropertyMap>;
  delete(service: Service, id: string, outputs: PropertyMap): Promise<void>;
}

/** A function of such a provider. */
export type StandInFunction<Service> = (service: Service, args: PropertyMap) => Promise<PropertyMap>;

/**
 * A provider made of stand-ins.
 * @param connect reaches the service; called at the first request, with the provider's configuration.
 */
export function standInProvider<Service>(
  packageName: string,
  table: Record<string, StandIn<Service>>,
  connect: (config: PropertyMap) => Promise<Service>,
  functions: Record<string, StandInFunction<Service>> = {},
): ResourceProvider {
  let config: PropertyMap = {};
  let service: Promise<Service> | undefined;
  const reach = () => {
    service ??= connect(revealAll(config));
    return service;
  };
  const find = (urn: string): StandIn<Service> => {
    const standIn = table[typeOf(urn)];
    if (!standIn) {
      throw new Error(
        `The offline engine has no stand-in for ${typeOf(urn)}; it knows ${Object.keys(table).join(", ")}. Use \`pulumi\` for it.`,
      );
    }
    return standIn;
  };

  return {
    async configure(given) {
      config = given;
    },
    async check(urn, _olds, news) {
      const failures: CheckFailure[] = find(urn)
        .required.filter((property) => news[property] === undefined)
        .map((property) => ({ property, reason: "is required" }));
      return { inputs: news, failures };
    },
    async diff(old, news): Promise<ProviderDiff> {
      const replaces = find(old.urn).replaceOn.filter((key) => !equal(old.inputs[key], news[key]));
      return { changed: true, replaces, deleteBeforeReplace: false };
    },
    async create(urn, inputs, preview) {
      if (preview) return { id: "", outputs: inputs };
      const { id, outputs } = await find(urn).create(await reach(), revealAll(inputs));
      return { id, outputs: keepSecrets(outputs, inputs) };
    },
    async read(known) {
      const outputs = await find(known.urn).read(await reach(), known.id, revealAll(known.outputs));
      if (!outputs) return undefined;
      const set = Object.keys(known.inputs);
      const inputs: PropertyMap = {};
      // An import knows no inputs yet and takes all of them from what is there.
      for (const key of set.length > 0 ? set : find(known.urn).inputs) {
        const value = outputs[key] ?? known.inputs[key];
        if (value !== undefined) inputs[key] = value;
      }
      for (const [key, usual] of Object.entries(find(known.urn).usual ?? {})) {
        const value = outputs[key];
        if (value !== undefined && !equal(value, usual)) inputs[key] = value;
      }
      return {
        id: known.id,
        inputs: keepSecrets(inputs, known.inputs),
        outputs: keepSecrets(outputs, known.inputs),
      };
    },
    async update(old, news, preview) {
      // As the real providers: an update in place keeps the ids that others depend on.
      if (preview) return { ...old.outputs, ...news };
      const outputs = await find(old.urn).update(
        await reach(),
        old.id,
        revealAll(news),
        revealAll(old.outputs),
      );
      return keepSecrets(outputs, news);
    },
    async delete(known: Known) {
      await find(known.urn).delete(await reach(), known.id, revealAll(known.outputs));
    },
    async invoke(token, args) {
      const answer = functions[token];
      if (!answer) {
        throw new Error(
          `The offline engine has no stand-in for the ${packageName} function ${token}. Use \`pulumi\` for it.`,
        );
      }
      return { result: await answer(await reach(), revealAll(args)), failures: [] };
    },
    async cancel() {},
    close() {},
  };
}
