import type { ExpectedArrivals } from "./model.ts";

export interface Expectation extends ExpectedArrivals {
  /** What keeps people or groups from arriving as declared, one sentence each. Nothing is expected for them. */
  conflicts: Conflict[];
}

export interface Conflict {
  kind:
    | "missing-principal"
    | "ambiguous-principal"
    | "two-roles"
    | "no-user-name"
    | "same-user-name"
    | "not-active";
  /** userName, or the name in the directory where there is none. */
  who: string;
  message: string;
  /** The line of the spec to change, where there is one: an index into `assignments` or `pushGroups`. */
  place?: { list: "assignments" | "pushGroups"; index: number };
}
