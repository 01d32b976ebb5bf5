import { isDeepStrictEqual } from "node:util";
import type { Environment } from "../../clients/environment.ts";
import type { ProviderConfig } from "../contract.ts";
import { type CheckFailure, checkObject } from "./check.ts";
import type { Session } from "./context.ts";
import { type Difference, differences } from "./difference.ts";
import { PartlyDone } from "./partly-done.ts";
import type { Provider } from "./provider.ts";
import type { Context, Resource } from "./resource.ts";
import { isMap, isUnknown, type PropertyMap, plain, protect, redact, type Value } from "./values.ts";

/** A resource as the engine names it in a call; property values in wire form. */
export interface Subject {
  urn: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface DiffResult {
  differences: Difference[];
  /** Top-level properties that make a replacement of an update. */
  replaces: string[];
}

/** The engine's calls in plain terms: between the protocol above and the reconcilers below. */
export interface Calls {
  configure(args: PropertyMap): void;
  /** @param olds as in the state; empty for a resource that is new there */
  check(urn: string, olds: PropertyMap, inputs: PropertyMap): CheckFailure[];
  diff(subject: Subject, next: PropertyMap, ignored: string[]): Promise<DiffResult>;
  create(urn: string, inputs: PropertyMap, preview: boolean): Promise<{ id: string; outputs: Value }>;
  read(subject: Subject): Promise<{ id: string; inputs: Value; outputs: Value } | undefined>;
  update(subject: Subject, next: PropertyMap, preview: boolean): Promise<Value>;
  delete(subject: Subject): Promise<void>;
  invoke(
    token: string,
    args: PropertyMap,
    preview: boolean,
  ): Promise<{ result: Value } | { failures: CheckFailure[] }>;
}

export function calls(provider: Provider, session: Session): Calls {
  const { types } = provider.package;
  const refreshed = rememberRefreshes();

  /** Runs one call: plain values in, protected values out, secrets kept out of errors. */
  async function run<T>(
    urn: string,
    preview: boolean,
    secrets: Set<string>,
    work: (context: Context) => Promise<T>,
  ): Promise<T> {
    const { context, said } = session.context(urn, preview, secrets);
    try {
      return await work(context);
    } catch (error) {
      const message = redact(error instanceof Error ? error.message : String(error), secrets);
      if (error instanceof PartlyDone)
        throw new PartlyDone(error.id, protect(error.outputs, secrets) as PropertyMap, message, error);
      throw new Error(message, { cause: error });
    } finally {
      await said();
    }
  }

  return {
    configure: (args) => session.configure(readConfig(args)),

    check: (urn, olds, inputs) => {
      const spec = provider.package.resources[typeOf(urn)];
      if (!spec) return [{ property: "", reason: unknownType(urn, provider) }];
      const { inputProperties: properties, requiredInputs } = spec;
      // What an import has just read is checked against itself, and policies are nowhere in the tenant to be read.
      const unread = isDeepStrictEqual(olds, inputs) ? resourceFor(urn, provider).policies : [];
      const required = requiredInputs.filter((property) => !unread.includes(property));
      return checkObject(plain(inputs, new Set()) as PropertyMap, { properties, required }, types);
    },

    diff: (subject, next, ignored) => {
      const secrets = new Set<string>();
      const resource = resourceFor(subject.urn, provider);
      const wanted = plain(next, secrets) as PropertyMap;
      const planned = refreshed.isShown(subject.urn, wanted)
        ? { ...resource, plan: undefined, planReplacement: undefined }
        : resource;
      return run(subject.urn, true, secrets, (context) =>
        diff(planned, plainSubject(subject, secrets), wanted, ignored, context),
      );
    },

    create: (urn, inputs, preview) => {
      const secrets = new Set<string>();
      const resource = resourceFor(urn, provider);
      const known = plain(inputs, secrets);
      return run(urn, preview, secrets, async (context) => {
        const created = await resource.create(known, context);
        return { id: preview ? "" : created.id, outputs: protect(created.outputs, secrets) };
      });
    },

    read: (subject) => {
      const secrets = new Set<string>();
      const { id, inputs, outputs } = plainSubject(subject, secrets);
      const resource = resourceFor(subject.urn, provider);
      return run(subject.urn, true, secrets, async (context) => {
        const observed = await resource.read(
          Object.keys(inputs).length === 0 ? { id } : { id, inputs, outputs },
          context,
        );
        if (!observed) return undefined;
        if (Object.keys(inputs).length > 0) refreshed.note(subject.urn, inputs, context.env);
        return {
          id,
          inputs: protect(observed.inputs, secrets),
          outputs: protect(observed.outputs, secrets),
        };
      });
    },

    update: (subject, next, preview) => {
      const secrets = new Set<string>();
      const known = plainSubject(subject, secrets);
      const wanted = plain(next, secrets) as PropertyMap;
      return run(subject.urn, preview, secrets, async (context) =>
        protect(
          preview
            ? { ...known.outputs, ...wanted }
            : await resourceFor(subject.urn, provider).update(known, wanted, context),
          secrets,
        ),
      );
    },

    delete: (subject) => {
      const secrets = new Set<string>();
      const known = plainSubject(subject, secrets);
      return run(subject.urn, false, secrets, (context) =>
        resourceFor(subject.urn, provider).delete(known, context),
      );
    },

    invoke: async (token, args, preview) => {
      const secrets = new Set<string>();
      const known = plain(args, secrets) as PropertyMap;
      const spec = provider.package.functions[token];
      const invoke = provider.invokes[token];
      if (!spec || !invoke) throw new Error(`The rollcall provider has no function ${token}.`);
      const failures = checkObject(known, spec.inputs, types);
      if (failures.length > 0) return { failures };
      return run("", preview, secrets, async (context) => ({
        result: protect(await invoke(known, context), secrets),
      }));
    },
  };
}

/**
 * After a refresh has read a resource, the engine asks for a diff between what was found and what the state had, to show it.
 * Nothing is planned by that: the program, which may declare what was found, has not spoken yet.
 */
function rememberRefreshes() {
  const inputs = new Map<string, PropertyMap>();
  return {
    /** @param read the inputs that the state had */
    note: (urn: string, read: PropertyMap, env: Environment) => {
      // Then the engine asks for no diff of a refresh.
      if (!/^(1|true)$/i.test(env.PULUMI_ENABLE_LEGACY_REFRESH_DIFF ?? "")) inputs.set(urn, read);
    },
    /** Whether this, the first diff after a read, is that of the refresh. */
    isShown: (urn: string, next: PropertyMap): boolean => {
      const read = inputs.get(urn);
      inputs.delete(urn);
      return read !== undefined && isDeepStrictEqual(read, next);
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: see Provider.
type AnyResource = Resource<any, any>;

function resourceFor(urn: string, provider: Provider): AnyResource {
  const resource = provider.resources[typeOf(urn)];
  if (!resource) throw new Error(unknownType(urn, provider));
  return resource;
}

function unknownType(urn: string, provider: Provider): string {
  return `The rollcall provider has no resource ${typeOf(urn)}; it has ${Object.keys(provider.resources).join(", ")}.`;
}

/** `urn:pulumi:stack::project::parent$type::name` */
function typeOf(urn: string): string {
  const qualified = urn.split("::")[2] ?? "";
  return qualified.slice(qualified.lastIndexOf("$") + 1);
}

function plainSubject(subject: Subject, secrets: Set<string>) {
  return {
    id: subject.id,
    inputs: plain(subject.inputs, secrets) as PropertyMap,
    outputs: plain(subject.outputs, secrets) as PropertyMap,
  };
}

async function diff(
  resource: AnyResource,
  known: { id: string; inputs: PropertyMap; outputs: PropertyMap },
  next: PropertyMap,
  ignored: string[],
  context: Context,
): Promise<DiffResult> {
  const wanted = { ...next };
  for (const property of ignored) {
    const old = known.inputs[property];
    if (old === undefined) delete wanted[property];
    else wanted[property] = old;
  }
  const compared: PropertyMap = {
    ...(resource.comparable?.(known.inputs, wanted, known.outputs) ?? known.inputs),
  };
  for (const policy of resource.policies) {
    // An import cannot know it, so its absence is no difference.
    if (compared[policy] === undefined && wanted[policy] !== undefined) compared[policy] = wanted[policy];
  }
  const found = differences(compared, wanted);
  const replaces = resource.replaceOn.filter((property) =>
    found.some((difference) => difference.path === property),
  );
  const change = { ...known, next: wanted, differences: found };
  if (replaces.length > 0) {
    await resource.planReplacement?.(change, context);
    return { differences: found, replaces };
  }
  const more = (await resource.plan?.(change, context)) ?? [];
  return { differences: [...found, ...more], replaces };
}

/** A provider made by the engine from stack configuration gets its objects as JSON texts. */
function readConfig(args: PropertyMap): ProviderConfig {
  const known = plain(args, new Set()) as PropertyMap;
  const section = (name: "entra" | "okta") => {
    const value = known[name];
    const parsed: unknown = typeof value === "string" && !isUnknown(value) ? JSON.parse(value) : value;
    if (!isMap(parsed)) return {};
    return { [name]: Object.fromEntries(Object.entries(parsed).filter(([, item]) => !isUnknown(item))) };
  };
  return { ...section("entra"), ...section("okta") };
}
