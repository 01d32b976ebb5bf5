import type { ChangeKind } from "./resource-provider.ts";
import type { PropertyMap } from "./values.ts";

/** What is done to a resource; `drifted` and `gone` are what a refresh finds. */
export type Operation = "same" | "import" | "create" | "update" | "replace" | "delete" | "drifted" | "gone";

/** One line of a diff. Values are JSON as a person may see it: secrets are masked, unknown ones say so. */
export interface PropertyChange {
  path: string;
  kind: ChangeKind;
  old?: string;
  new?: string;
  /** This change makes a new object. */
  replace: boolean;
}

export interface Step {
  op: Operation;
  urn: string;
  type: string;
  name: string;
  /** How deep it stands below the stack. */
  depth: number;
  diff: PropertyChange[];
}

export interface Diagnostic {
  severity: "info" | "warning" | "error";
  message: string;
  /** The resource it is about. */
  urn?: string;
}

export type EngineEvent =
  /** A step is about to be taken. In a preview there is only "done". */
  | { kind: "start"; step: Step }
  | { kind: "done"; step: Step }
  | { kind: "diagnostic"; diagnostic: Diagnostic };

export interface EngineResult {
  steps: Step[];
  counts: Record<Operation, number>;
  diagnostics: Diagnostic[];
  /** The stack's outputs, secrets masked. */
  outputs: PropertyMap;
  /** 0 fine, 7 changes where none were expected, 1 anything else. */
  exitCode: 0 | 1 | 7;
}

/** A step that could not be taken; the message is for a person and names no resource. */
export class StepFailed extends Error {
  override name = "StepFailed";
  readonly urn: string | undefined;

  constructor(message: string, urn?: string, cause?: unknown) {
    super(message, { cause });
    this.urn = urn;
  }
}
