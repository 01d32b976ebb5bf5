import type { Environment } from "../../clients/environment.ts";
import type { GraphClient } from "../../clients/graph/client.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import type { Difference } from "./difference.ts";

/** What a reconciler may use while it serves one call of the engine. */
export interface Context {
  graph(): Promise<GraphClient>;
  okta(): OktaClient;
  env: Environment;
  /** Only ask, change nothing; some inputs may be unknown. */
  preview: boolean;
  /** Shown beside the resource, once for each text in a run. */
  warn(message: string): void;
  info(message: string): void;
}

/**
 * One reconciler: observe, compare, change only what differs, return what is. Inputs and outputs are plain values;
 * the server keeps secrets marked.
 */
export interface Resource<Inputs extends object, Outputs extends Inputs> {
  /** Inputs that make another object: a change replaces the resource. */
  replaceOn: readonly (keyof Inputs & string)[];
  /** Inputs that guide rollcall and are nowhere in the tenant, so that an import cannot know them. */
  policies: readonly (keyof Inputs & string)[];
  /** The old inputs as they are to be compared with the next: spellings that mean the same made alike. */
  comparable?(inputs: Inputs, next: Inputs, outputs: Outputs): Inputs;
  /** Beyond comparing inputs: refuses what must not happen, so that a preview fails already, and names other changes. */
  plan?(change: PlannedChange<Inputs, Outputs>, context: Context): Promise<Difference[]>;
  /** As `plan`, where the change replaces the resource: the new object is created and the old one deleted. */
  planReplacement?(change: PlannedChange<Inputs, Outputs>, context: Context): Promise<void>;
  /** Under `context.preview` it returns what can be known; unknown outputs are left out. */
  create(inputs: Inputs, context: Context): Promise<Created<Inputs, Outputs>>;
  /** undefined when the object is gone. `known` has nothing but an id when the resource is imported. */
  read(known: Known<Inputs, Outputs>, context: Context): Promise<Observed<Inputs, Outputs> | undefined>;
  update(known: Required<Known<Inputs, Outputs>>, next: Inputs, context: Context): Promise<Outputs>;
  delete(known: Required<Known<Inputs, Outputs>>, context: Context): Promise<void>;
}

export interface Known<Inputs, Outputs> {
  id: string;
  inputs?: Inputs;
  outputs?: Outputs;
}

export interface PlannedChange<Inputs, Outputs> {
  id: string;
  inputs: Inputs;
  outputs: Outputs;
  next: Inputs;
  /** What differs between `inputs` and `next`. */
  differences: Difference[];
}

export interface Created<Inputs, Outputs> {
  id: string;
  outputs: Partial<Outputs> & Inputs;
}

export interface Observed<Inputs, Outputs> {
  inputs: Inputs;
  outputs: Outputs;
}

/** A look-up. Arguments are plain and known. */
export type Invoke<Args, Result> = (args: Args, context: Context) => Promise<Result>;
