import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { inventDirectory } from "../../src/desired/invent-directory.ts";
import type { DesiredEntraApplication } from "../../src/desired/model.ts";
import { ensurePulumiBackend } from "../../src/sandbox/pulumi-backend.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { loadSpec } from "../../src/spec/load.ts";

const REPOSITORY = join(import.meta.dirname, "../..");

/** One run of Pulumi: seconds from its start to its end, and the requests that the tenant answered meanwhile. */
export interface Measured {
  seconds: number;
  requests: number;
}

/** A program, a tenant of its own and a stack of its own. */
export interface Contestant {
  name: string;
  sandbox: Sandbox;
  /** Says how many people are assigned from now on, all of whom are in the tenant from the start. */
  assign(count: number): void;
  rotate(token: string): void;
  run(operation: "up" | "preview"): Promise<Measured>;
}

export interface Setting {
  folder: string;
  plugins: string;
  /** People in the tenant. */
  people: number;
}

/** The sandbox spec's DataHub application with `count` people. */
function specWith(count: number): string {
  const people = Array.from(
    { length: count },
    (_, index) => `        - { user: ${userName(index)}, role: Reader }`,
  );
  return `version: 1
environment: sandbox
applications:
  datahub:
    product: datahub
    endpoint: https://datahub.sandbox.example
    token: { secret: datahubScimToken }
    maxRemovals: ${Math.max(10, count)}
    entra:
      displayName: DataHub SCIM
      assignments:
${people.join("\n")}
      provisioning: { status: running }
`;
}

const userName = (index: number) => `user${String(index).padStart(5, "0")}@sandbox.example`;

async function tenant(
  folder: string,
  people: number,
): Promise<{ sandbox: Sandbox; desired: DesiredEntraApplication }> {
  const file = join(folder, "everybody.yaml");
  writeFileSync(file, specWith(people));
  const { spec } = loadSpec(file);
  if (!spec) throw new Error("the benchmark's spec is wrong");
  const state = toDesiredState(spec);
  const [desired] = state.applications;
  if (desired?.idp !== "entra") throw new Error("the benchmark's spec has no Entra application");
  const sandbox = await startSandbox({
    desired: state,
    directories: inventDirectory(state),
    kindness: { kind: true },
  });
  return { sandbox, desired };
}

export async function rollcall(setting: Setting): Promise<Contestant> {
  const { folder, people } = setting;
  const project = join(folder, "project");
  mkdirSync(join(project, "stacks"), { recursive: true });
  for (const linked of ["src", "node_modules"]) symlinkSync(join(REPOSITORY, linked), join(project, linked));
  for (const copied of ["Pulumi.yaml", "package.json"])
    copyFileSync(join(REPOSITORY, copied), join(project, copied));
  const spec = join(folder, "spec.yaml");
  const stack = readFileSync(join(REPOSITORY, "stacks/Pulumi.sandbox.yaml"), "utf8");
  writeFileSync(
    join(project, "stacks/Pulumi.sandbox.yaml"),
    stack.replace(/^( *rollcall:spec:).*$/m, `$1 ${spec}`),
  );
  const { sandbox } = await tenant(folder, people);
  const env: NodeJS.ProcessEnv = {};
  return {
    name: "rollcall",
    sandbox,
    assign: (count) => writeFileSync(spec, specWith(count)),
    rotate: (token) => {
      env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN = token;
    },
    run: (operation) => pulumi(setting, sandbox, project, operation, env),
  };
}

/** A program of plain azuread resources. */
export async function peer(setting: Setting): Promise<Contestant> {
  const { folder, people } = setting;
  const project = join(folder, "project");
  cpSync(join(import.meta.dirname, "peer"), project, { recursive: true });
  symlinkSync(join(REPOSITORY, "node_modules"), join(project, "node_modules"));
  writeFileSync(join(project, "Pulumi.sandbox.yaml"), saltOf(join(REPOSITORY, "stacks/Pulumi.sandbox.yaml")));
  const { sandbox, desired } = await tenant(folder, people);
  const backend = ensurePulumiBackend(join(folder, "backend"), "peer");
  const input = join(folder, "input.json");
  let assigned = 0;
  let token = sandbox.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN ?? "";
  const write = () =>
    writeFileSync(
      input,
      JSON.stringify({
        displayName: desired.displayName,
        tenantUrl: desired.tenantUrl,
        token,
        roles: desired.roles,
        people: Array.from({ length: assigned }, (_, index) => ({ user: userName(index), role: "Reader" })),
      }),
    );
  return {
    name: "plain azuread",
    sandbox,
    assign: (count) => {
      assigned = count;
      write();
    },
    rotate: (next) => {
      token = next;
      write();
    },
    run: (operation) =>
      pulumi(setting, sandbox, project, operation, { PEER_INPUT: input, PULUMI_BACKEND_URL: backend }),
  };
}

function saltOf(stackFile: string): string {
  return /^encryptionsalt: .*$/m.exec(readFileSync(stackFile, "utf8"))?.[0] ?? "";
}

async function pulumi(
  { folder, plugins }: Setting,
  { env, entra }: Sandbox,
  cwd: string,
  operation: "up" | "preview",
  more: NodeJS.ProcessEnv,
): Promise<Measured> {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  try {
    symlinkSync(plugins, join(home, "plugins"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const before = entra.log.list().at(-1)?.number ?? 0;
  const began = performance.now();
  const flags = operation === "up" ? ["--yes", "--skip-preview"] : [];
  const child = spawn(
    "pulumi",
    [operation, "-s", "sandbox", "--non-interactive", "--color=never", ...flags],
    {
      cwd,
      env: {
        ...process.env,
        ...env,
        ...more,
        PATH: [join(REPOSITORY, "node_modules/.bin"), process.env.PATH].join(delimiter),
        PULUMI_HOME: home,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`pulumi ${operation} ended with ${code}:\n${text}`);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, requests: (entra.log.list().at(-1)?.number ?? 0) - before };
}
