import type { Diagnostic, EngineEvent, EngineResult, Operation, Step } from "./result.ts";
import { mapEntries, type PropertyMap, presentable, secretStrings, type Value } from "./values.ts";

/** Collects what a run does and says, and passes it on as it happens; no secret that it was told of goes through. */
export class Journal {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #secrets = new Set<string>();

  constructor(onEvent: (event: EngineEvent) => void) {
    this.#onEvent = onEvent;
  }

  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === "error");
  }

  /** Keeps every secret inside `value` out of later messages. */
  conceal(value: Value): void {
    for (const text of secretStrings(value)) if (text.length > 3) this.#secrets.add(text);
  }

  say(severity: Diagnostic["severity"], message: string, urn?: string): void {
    let text = message;
    for (const secret of this.#secrets) text = text.replaceAll(secret, "[secret]");
    const diagnostic: Diagnostic = { severity, message: text, ...(urn && { urn }) };
    this.diagnostics.push(diagnostic);
    this.#onEvent({ kind: "diagnostic", diagnostic });
  }

  start(step: Step): void {
    this.#onEvent({ kind: "start", step });
  }

  done(step: Step): void {
    this.steps.push(step);
    this.#onEvent({ kind: "done", step });
  }

  result(outputs: PropertyMap, exitCode: EngineResult["exitCode"]): EngineResult {
    const counts: Record<Operation, number> = {
      same: 0,
      import: 0,
      create: 0,
      update: 0,
      replace: 0,
      delete: 0,
      drifted: 0,
      gone: 0,
    };
    for (const { op } of this.steps) counts[op] += 1;
    return {
      steps: this.steps,
      counts,
      diagnostics: this.diagnostics,
      outputs: mapEntries(outputs, presentable),
      exitCode,
    };
  }
}
