import type { PropertyMap } from "./values.ts";

/** How one property changed, as a provider reports it. */
export type ChangeKind = "add" | "delete" | "update";

export interface DetailedChange {
  kind: ChangeKind;
  /** This change makes a new object. */
  replace: boolean;
  /** Compare old inputs with new ones; otherwise old outputs. */
  inputDiff: boolean;
}

export interface ProviderDiff {
  changed: boolean;
  /** Inputs that make a new object; empty for an update. */
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** Property path -> change; undefined when the provider does not say. */
  detailed?: Record<string, DetailedChange>;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

/** What is known of an object that exists. */
export interface Known {
  urn: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

/** A create or update that ended half way: the object is there, as far as `outputs` tells. */
export class InitFailed extends Error {
  override name = "InitFailed";
  readonly id: string;
  readonly outputs: PropertyMap;
  readonly reasons: string[];

  constructor(failed: { id: string; outputs: PropertyMap; reasons: string[] }, cause?: unknown) {
    super(failed.reasons.join("\n"), { cause });
    this.id = failed.id;
    this.outputs = failed.outputs;
    this.reasons = failed.reasons;
  }
}

/** A Pulumi resource provider, as the engine sees it: the plugin, or the stand-in for one that is not installed. */
export interface ResourceProvider {
  configure(config: PropertyMap): Promise<void>;
  check(
    urn: string,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(old: Known, news: PropertyMap, ignoreChanges: readonly string[]): Promise<ProviderDiff>;
  /** @throws InitFailed, as `update` */
  create(urn: string, inputs: PropertyMap, preview: boolean): Promise<{ id: string; outputs: PropertyMap }>;
  /** Undefined when the object is gone. */
  read(known: Known): Promise<Omit<Known, "urn"> | undefined>;
  update(
    old: Known,
    news: PropertyMap,
    preview: boolean,
    ignoreChanges: readonly string[],
  ): Promise<PropertyMap>;
  delete(known: Known): Promise<void>;
  invoke(
    token: string,
    args: PropertyMap,
    preview: boolean,
  ): Promise<{ result: PropertyMap; failures: CheckFailure[] }>;
  /** Asks it to stop waiting and to send nothing new; an operation in flight may fail because of it. */
  cancel(): Promise<void>;
  close(): void;
}
