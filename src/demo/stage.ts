import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type Document, parseDocument } from "yaml";
import { toDesiredState } from "../desired/desired-state.ts";
import { expectedArrivals } from "../desired/expected-arrivals.ts";
import type { DesiredApplication, DesiredState } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import type { Diagnostic, EngineEvent, EngineResult } from "../sandbox/engine/index.ts";
import { operate } from "../sandbox/operate.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { type TemporaryFolder, temporaryFolder } from "../sandbox/temporary-folder.ts";
import type { Kindness } from "../sandbox/unkind.ts";
import { loadSpec } from "../spec/load.ts";
import { type Arrived, readArrived } from "../verify/arrived.ts";
import { type ApplicationReport, reportApplication } from "./application-report.ts";

export interface StageOptions {
  spec: string;
  desired: DesiredState;
  directories: Directories;
  kindness?: Kindness;
  seed?: string;
  onEvent?: (event: EngineEvent) => void;
}

/** The sandbox with a spec applied to it, and what the demo does there. */
export class Stage {
  readonly sandbox: Sandbox;
  /** Where changed copies of the spec lie. */
  readonly #scratch: TemporaryFolder;
  #spec: string;
  /** The file that people know: the spec, or the one that it is a changed copy of. */
  #named: string;
  #desired: DesiredState;
  readonly #onEvent: (event: EngineEvent) => void;
  /** Application -> userNames that were active there at some verification. */
  readonly #seen = new Map<string, Set<string>>();

  private constructor(sandbox: Sandbox, options: StageOptions) {
    this.sandbox = sandbox;
    this.#scratch = temporaryFolder("rollcall-stage-");
    this.#spec = resolve(options.spec);
    this.#named = options.spec;
    this.#desired = options.desired;
    this.#onEvent = options.onEvent ?? (() => undefined);
  }

  static async open(options: StageOptions): Promise<Stage> {
    return new Stage(await startSandbox(options), options);
  }

  get desired(): DesiredState {
    return this.#desired;
  }

  /** A folder for whatever is to go with the stage. */
  get scratch(): string {
    return this.#scratch.path;
  }

  get spec(): string {
    return this.#spec;
  }

  /** The application that fills the part, when the spec has one. */
  application(name: string): DesiredApplication | undefined {
    return this.#desired.applications.find((application) => application.name === name);
  }

  /** Goes on with another spec. */
  useSpec(file: string): void {
    this.#take(file);
    this.#named = file;
  }

  #take(file: string): void {
    const { spec } = loadSpec(file);
    if (!spec) throw new Error(`${file} is not a valid spec`);
    this.#spec = resolve(file);
    this.#desired = toDesiredState(spec);
  }

  /** Goes on with a changed copy of the spec, which extends what the spec extends. */
  editSpec(name: string, edit: (document: Document) => void): void {
    const document: Document = parseDocument(readFileSync(this.#spec, "utf8"));
    const base = document.get("extends");
    if (typeof base === "string") {
      const there = relative(this.scratch, resolve(dirname(this.#spec), base));
      document.set("extends", there.replaceAll("\\", "/"));
    }
    edit(document);
    const file = join(this.scratch, name);
    writeFileSync(file, document.toString());
    this.#take(file);
  }

  /** Runs the Pulumi program on the sandbox. @throws with the engine's errors when it fails */
  async run(
    operation: "preview" | "up" | "refresh" | "destroy",
    expectNoChanges = false,
  ): Promise<EngineResult> {
    const result = await operate({
      operation,
      spec: this.#spec,
      stateFile: this.sandbox.stateFile,
      env: this.sandbox.env,
      expectNoChanges,
      onEvent: (event) => {
        this.#onEvent(
          event.kind === "diagnostic" ? { ...event, diagnostic: this.#naming(event.diagnostic) } : event,
        );
      },
    });
    const diagnostics = result.diagnostics.map((diagnostic) => this.#naming(diagnostic));
    if (result.exitCode === 1) {
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      throw new Error(errors.map(({ message }) => message).join("\n") || `${operation} failed`);
    }
    return { ...result, diagnostics };
  }

  /** A copy is named as the file that people know, and that as they see it from where they are. */
  #naming(diagnostic: Diagnostic): Diagnostic {
    const message = diagnostic.message
      .replaceAll(this.#spec, this.#named)
      .replaceAll(`${process.cwd()}${sep}`, "");
    return { ...diagnostic, message };
  }

  /** Lets both provisioning services do their work once. @returns what they could not do, in sentences */
  async provision(): Promise<string[]> {
    const failures: string[] = [];
    for (const outcome of Object.values(await this.sandbox.entra.runCycles())) {
      if (!outcome.ran) continue;
      for (const entry of outcome.report.entries) {
        if (entry.status === "failure")
          failures.push(
            `${entry.sourceIdentity.displayName}: ${entry.reason ?? entry.errorCode ?? "failed"}`,
          );
      }
    }
    const { failed } = await this.sandbox.okta.settle();
    return [...failures, ...failed.map(({ application, message }) => `${application}: ${message}`)];
  }

  /** Compares, for each application, what the spec promises with what is in its product. */
  async verify(): Promise<ApplicationReport[]> {
    const directories = this.sandbox.directories();
    const reports: ApplicationReport[] = [];
    for (const application of this.#desired.applications) {
      const seen = this.#seen.get(application.name) ?? new Set<string>();
      this.#seen.set(application.name, seen);
      const expectation = expectedArrivals(application, directories, seen);
      const arrived = await this.arrived(application);
      reports.push(reportApplication(application, expectation, arrived));
      for (const user of arrived.users) if (user.active) seen.add(user.userName);
    }
    return reports;
  }

  arrived(application: DesiredApplication): Promise<Arrived> {
    return readArrived(this.sandbox.scim(application));
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    this.#scratch.remove();
  }
}
