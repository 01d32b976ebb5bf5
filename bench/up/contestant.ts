import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { inventDirectory } from "../../src/desired/invent-directory.ts";
import type { DesiredEntraApplication } from "../../src/desired/model.ts";
import { ensurePulumiBackend } from "../../src/sandbox/pulumi-backend.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { type Measured, otherProject, pulumi, rollcallProject, type Setting } from "./pulumi.ts";

/** Of a contest over one application. */
export interface ContestSetting extends Setting {
  /** People in the tenant. */
  people: number;
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

/** The sandbox spec's DataHub application with `count` people. */
export function specWith(count: number): string {
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

export async function rollcall(setting: ContestSetting): Promise<Contestant> {
  const { folder, people } = setting;
  const spec = join(folder, "spec.yaml");
  const project = rollcallProject(folder, spec);
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
export async function peer(setting: ContestSetting): Promise<Contestant> {
  const { folder, people } = setting;
  const project = otherProject(folder, "peer");
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
