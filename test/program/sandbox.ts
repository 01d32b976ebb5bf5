import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import type { EngineOptions, EngineResult } from "../../src/sandbox/engine/index.ts";
import { operate } from "../../src/sandbox/operate.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { loadSpec } from "../../src/spec/load.ts";

/** Kind tenants with the sandbox's people, a receiver, an empty stack, and a spec that a test may rewrite. */
export class ProgramSandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "rollcall-program-"));
  readonly specFile = join(this.folder, "spec.yaml");
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** @param spec names every endpoint and secret that the test will use. */
  static async start(spec: string): Promise<ProgramSandbox> {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-spec-"));
    const file = join(folder, "spec.yaml");
    writeFileSync(file, spec);
    const desired = desiredState(file);
    rmSync(folder, { recursive: true });
    const { directories } = loadDirectory(join(import.meta.dirname, "../../config/directory.sandbox.yaml"));
    if (!directories) throw new Error("The sandbox's directory is not as it should be.");
    const started = new ProgramSandbox(
      await startSandbox({ desired, directories, kindness: { kind: true } }),
    );
    started.spec(spec);
    return started;
  }

  get entra() {
    return this.#sandbox.entra;
  }

  get okta() {
    return this.#sandbox.okta;
  }

  get env() {
    return this.#sandbox.env;
  }

  get stateFile() {
    return this.#sandbox.stateFile;
  }

  spec(text: string): void {
    writeFileSync(this.specFile, text);
  }

  desired(): DesiredState {
    return desiredState(this.specFile);
  }

  /** Runs the offline engine on the spec as it is now. */
  run(
    operation: EngineOptions["operation"],
    options: { env?: Record<string, string> } & Pick<EngineOptions, "expectNoChanges" | "imports"> = {},
  ): Promise<EngineResult> {
    const { env, ...rest } = options;
    return operate({
      operation,
      spec: this.specFile,
      stateFile: this.stateFile,
      env: { ...this.env, ...env },
      ...rest,
    });
  }

  /** The state file as it lies on disk. */
  state(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  async stop(): Promise<void> {
    await this.#sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function desiredState(file: string): DesiredState {
  const { spec, diagnostics } = loadSpec(file);
  if (!spec) throw new Error(`The test's spec is wrong: ${JSON.stringify(diagnostics)}`);
  return toDesiredState(spec);
}

export function messages({ diagnostics }: EngineResult, severity: "error" | "warning" | "info"): string[] {
  return diagnostics.filter((one) => one.severity === severity).map(({ message }) => message);
}

/** What was done, without what stayed as it was. */
export function changes({ steps }: EngineResult): string[] {
  return steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
}
