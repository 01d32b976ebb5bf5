import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { PROJECT_DIRECTORY } from "../../src/sandbox/operate.ts";
import type { LoggedRequest } from "../../src/sandbox/request-log.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import type { Kindness } from "../../src/sandbox/unkind.ts";
import { loadSpec } from "../../src/spec/load.ts";
import type { Engine } from "./engine.ts";
import { offlineEngine } from "./offline.ts";
import { realEngine } from "./real.ts";

export interface WorldOptions {
  engine: Engine["kind"];
  kindness?: Kindness;
  seed?: string;
  /** YAML of the spec; the sandbox's own by default. */
  spec?: string;
  /** The SCIM token of every application: a dump holds digests of tokens, which are random otherwise. */
  token?: string;
  /** Further endpoints that lead to the receiver, for applications that move: endpoint -> name of the application. */
  moves?: Record<string, string>;
}

/** A sandbox, a spec in a file of its own, and an engine that works on both. */
export interface World {
  sandbox: Sandbox;
  engine: Engine;
  /** Environment of the engine; what is set here stands over the sandbox's. */
  env: NodeJS.ProcessEnv;
  /** What the spec asks for as it is now. */
  spec(): DesiredState;
  /** Changes the spec as a person does in an editor. */
  edit(change: (spec: Document) => void): void;
  /** Writes that took effect since the last call, in both tenants: `PATCH /v1.0/applications/…`. */
  writes(): string[];
  /** Both tenants without ids and times. */
  dump(): { entra: unknown; okta: unknown };
  close(): Promise<void>;
}

export const SANDBOX_SPEC = join(PROJECT_DIRECTORY, "config/sandbox.yaml");
const PEOPLE = join(PROJECT_DIRECTORY, "config/directory.sandbox.yaml");

export async function openWorld(options: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-world-"));
  const specFile = join(folder, "spec.yaml");
  writeFileSync(specFile, options.spec ?? readFileSync(SANDBOX_SPEC, "utf8"));
  const { directories } = loadDirectory(PEOPLE);
  if (!directories) throw new Error(`${PEOPLE} is wrong`);
  const sandbox = await startSandbox({
    desired: withMoves(desiredIn(specFile), options.moves ?? {}),
    directories,
    kindness: options.kindness ?? { seed: options.seed ?? "rollcall" },
    ...(options.seed && { seed: options.seed }),
  });
  const env: NodeJS.ProcessEnv = {};
  if (options.token !== undefined) useToken(sandbox, env, options.token);
  const engineFolder = join(folder, options.engine);
  mkdirSync(engineFolder);
  const settings = { sandbox, spec: specFile, env, folder: engineFolder };
  const engine = options.engine === "real" ? realEngine(settings) : offlineEngine(settings);
  let seen = [0, 0];
  return {
    sandbox,
    engine,
    env,
    spec: () => desiredIn(specFile),
    edit: (change) => {
      const document = parseDocument(readFileSync(specFile, "utf8"));
      change(document);
      writeFileSync(specFile, document.toString());
    },
    writes: () => {
      const logs = [sandbox.entra.log, sandbox.okta.log];
      const fresh = logs.flatMap((log, index) =>
        log
          .writes()
          .filter(({ number, status }) => number > (seen[index] ?? 0) && status < 400 && status > 0),
      );
      seen = logs.map((log) => log.list().at(-1)?.number ?? 0);
      return fresh.map(describe);
    },
    dump: () => ({ entra: sandbox.entra.dump(), okta: sandbox.okta.dump() }),
    close: async () => {
      engine.dispose();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function useToken({ env: own, receiver }: Sandbox, env: NodeJS.ProcessEnv, token: string): void {
  for (const name of Object.keys(own)) if (name.startsWith("ROLLCALL_SECRET_")) env[name] = token;
  for (const { name } of receiver.tenants) receiver.setTokens(name, [token]);
}

/** The receiver serves what a spec names when the sandbox starts, so the places to move to are named there. */
function withMoves({ applications, ...rest }: DesiredState, moves: Record<string, string>): DesiredState {
  const moved = Object.entries(moves).flatMap(([endpoint, name]) => {
    const application = applications.find((one) => one.name === name);
    if (!application) throw new Error(`the spec has no application ${name}`);
    const scimUrl = `${endpoint}${new URL(application.scimUrl).pathname}`;
    return [{ ...application, name: `${name}-moved`, scimUrl }];
  });
  return { ...rest, applications: [...applications, ...moved] };
}

function desiredIn(file: string): DesiredState {
  const { spec, diagnostics } = loadSpec(file);
  if (!spec) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return toDesiredState(spec);
}

const describe = ({ method, path }: LoggedRequest) => `${method} ${path}`;
