import type { PendingOperation, ResourceState } from "./state.ts";

type Save = (resources: readonly ResourceState[], pending: readonly PendingOperation[]) => void;

/**
 * The stack's resources while a run works on them: those that the program has registered so far, in that order, and
 * the rest of what was there before. Each change is saved at once, so that a kill loses at most the step under way.
 */
export class Snapshot {
  #rest: ResourceState[];
  readonly #registered: ResourceState[] = [];
  readonly #pending: PendingOperation[] = [];
  readonly #save: Save;

  constructor(resources: readonly ResourceState[], save: Save) {
    this.#rest = [...resources];
    this.#save = save;
  }

  /** Everything, what depends after what it depends on. */
  get resources(): readonly ResourceState[] {
    return [...this.#registered, ...this.#rest];
  }

  /** What the program has not registered, what depends first: the order to delete it in. */
  get leftovers(): readonly ResourceState[] {
    return this.#rest.toReversed();
  }

  /** The object that an earlier run left for `urn`. */
  old(urn: string): ResourceState | undefined {
    return this.#rest.find((resource) => resource.urn === urn && !resource.delete);
  }

  isRegistered(urn: string): boolean {
    return this.#registered.some((resource) => resource.urn === urn);
  }

  find(urn: string): ResourceState | undefined {
    return this.#registered.find((resource) => resource.urn === urn) ?? this.old(urn);
  }

  /** Takes over what the program registered; the old object of the same URN is dropped, or kept to be deleted later. */
  register(state: ResourceState, replaced?: ResourceState): void {
    this.#rest = this.#rest.flatMap((resource) => {
      if (resource === replaced) return [{ ...resource, delete: true }];
      return resource.urn === state.urn && !resource.delete ? [] : [resource];
    });
    this.#registered.push(state);
    this.save();
  }

  /** Puts `next` in the place of an old resource; undefined when it is no more. */
  swap(old: ResourceState, next: ResourceState | undefined): void {
    this.#rest = this.#rest.flatMap((resource) => (resource === old ? (next ?? []) : resource));
    this.save();
  }

  /** Adds what exists already and was not made by a run. */
  adopt(state: ResourceState): void {
    this.#rest.push(state);
    this.save();
  }

  setOutputs(urn: string, outputs: ResourceState["outputs"]): void {
    const resource = this.#registered.find((candidate) => candidate.urn === urn);
    if (resource) resource.outputs = outputs;
    this.save();
  }

  /** Runs an operation that changes the world, with a note of it in the state while it is under way. */
  async during<T>(
    type: PendingOperation["type"],
    resource: ResourceState,
    operation: () => Promise<T>,
  ): Promise<T> {
    const note: PendingOperation = { type, resource };
    this.#pending.push(note);
    this.save();
    try {
      return await operation();
    } finally {
      this.#pending.splice(this.#pending.indexOf(note), 1);
    }
  }

  save(): void {
    this.#save(this.resources, this.#pending);
  }
}
