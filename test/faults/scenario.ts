import { expect } from "vitest";
import { confirmScim, switchScimOn } from "../engines/confirm-scim.ts";
import type { Engine, Run } from "../engines/engine.ts";
import { importIn } from "../engines/import-in.ts";
import { openWorld, type World } from "../engines/world.ts";
import { datahubSpec } from "../program/datahub-spec.ts";
import { type Interference, interfere } from "./interfere.ts";

/** A state of the tenants, and an `up` from there whose writes are interfered with. */
export interface Scenario {
  what: string;
  spec: string;
  /** How many writes the `up` makes where nothing interferes. */
  writes: number;
  /** Brings the world to where the `up` starts. */
  before(world: World): Promise<void>;
}

const OKTA = `
version: 1
environment: sandbox
applications:
  collate-okta:
    product: collate
    endpoint: https://collate-okta.sandbox.example/api/v1/scim
    token: { secret: collateOktaScimToken }
    okta:
      label: Collate
      saml: { ssoUrl: "https://collate-okta.sandbox.example/callback", audience: collate }
      scim: pending
      assignments: [ { group: collate-users }, { user: sid@sandbox.example } ]
      pushGroups: [ { name: Collate_admins }, { startsWith: OM_ } ]
`;

export const scenarios: readonly Scenario[] = [
  { writes: 10, what: "a first up in Entra", spec: datahubSpec(), before: async () => {} },
  {
    writes: 4,
    what: "an up that changes roles and takes people out in Entra",
    spec: datahubSpec(),
    before: async (world) => {
      succeeded(await world.engine.up());
      world.edit((spec) => {
        const assignments = ["applications", "datahub", "entra", "assignments"];
        spec.setIn([...assignments, 0, "role"], "Editor");
        spec.setIn([...assignments, 1], { user: "carol@sandbox.example", role: "Admin" });
      });
    },
  },
  { writes: 1, what: "a first up in Okta", spec: OKTA, before: async () => {} },
  {
    writes: 6,
    what: "an up after SCIM was switched on in Okta",
    spec: OKTA,
    before: async (world) => {
      succeeded(await world.engine.up());
      await switchScimOn(world);
      confirmScim(world);
    },
  },
];

/** What the tenants are like, and how many writes it took, where nothing interferes. */
export async function undisturbed(engine: Engine["kind"], scenario: Scenario) {
  const world = await open(engine, scenario);
  try {
    await scenario.before(world);
    world.writes();
    succeeded(await world.engine.up());
    const writes = world.writes();
    return { writes, dump: world.dump() };
  } finally {
    await world.close();
  }
}

/**
 * Runs the scenario with one write interfered with, then `up` as a person would until it is through: taking over with the
 * printed command what a run says that it left behind. In the end the tenants are as without the interference.
 */
export async function expectConverges(
  engine: Engine["kind"],
  scenario: Scenario,
  index: number,
  interference: Interference,
  wanted: unknown,
): Promise<void> {
  const world = await open(engine, scenario);
  try {
    await scenario.before(world);
    const allowed = [...grantsIn(world.dump()), ...grantsIn(wanted)];
    const tenants = [world.sandbox.entra.faults, world.sandbox.okta.faults];
    let kill: (withPlugins: boolean) => void = () => undefined;
    const interfered = interfere(tenants, index, interference, (withPlugins) => kill(withPlugins));
    if (interference.kind === "kill") {
      const run = world.engine.startUp();
      kill = run.kill;
      await run.ended;
      await run.pluginsGone();
      await world.engine.unlock();
    } else await world.engine.up();
    expect(interfered.writes(), "the write was made").toBeGreaterThan(index);
    interfered.end();
    // Wherever it ended, nobody has more than the spec gives; while a role changes, both.
    expect(allowed).toEqual(expect.arrayContaining(grantsIn(world.dump())));

    await untilThrough(world);
    expect(world.dump()).toEqual(wanted);
    const preview = await world.engine.preview();
    expect(preview.exitCode, preview.text).toBe(0);
  } finally {
    await world.close();
  }
}

const MOST_RUNS = 4;

async function untilThrough(world: World): Promise<void> {
  for (let runs = 1; ; runs++) {
    const run = await world.engine.up();
    await deleteDuplicates(run, world);
    if (run.exitCode === 0) return;
    if (runs === MOST_RUNS) throw new Error(`up failed ${runs} times, at last with: ${run.text}`);
    const command = importIn(run.text);
    if (command) succeeded(await world.engine.import(command));
  }
}

/** A provider sends a create again when its answer is lost; the program then names both applications. */
async function deleteDuplicates({ text, changes }: Run, { sandbox, engine }: World): Promise<void> {
  const [, named = "", ids = ""] =
    /there are \d+ applications with the (name|label) "[^"]+": ([0-9A-Za-z, -]+)/.exec(text) ?? [];
  if (!ids || changes.length > 0) return;
  const known = engine.state();
  for (const id of ids.split(", ").filter((one) => !known.includes(one))) {
    if (named === "name") await sandbox.entra.asAdministrator("DELETE", `/v1.0/applications/${id}`);
    else {
      await sandbox.okta.asAdministrator("POST", `/api/v1/apps/${id}/lifecycle/deactivate`);
      await sandbox.okta.asAdministrator("DELETE", `/api/v1/apps/${id}`);
    }
  }
}

/** Who has which role in Entra, and who is assigned in Okta. */
function grantsIn(dump: unknown): string[] {
  const { entra, okta } = dump as {
    entra: { servicePrincipals: { appRoleAssignedTo: unknown[] }[] };
    okta: { apps: { users: { user: string }[]; groups: { group: string }[] }[] };
  };
  return [
    ...entra.servicePrincipals.flatMap(({ appRoleAssignedTo }) =>
      appRoleAssignedTo.map((one) => JSON.stringify(one)),
    ),
    ...okta.apps.flatMap(({ users, groups }) => [
      ...users.map(({ user }) => user),
      ...groups.map(({ group }) => group),
    ]),
  ];
}

async function open(engine: Engine["kind"], { spec }: Scenario): Promise<World> {
  return openWorld({ engine, spec, kindness: { kind: true }, token: "a-token-for-all" });
}

function succeeded(run: Run): void {
  expect(run.exitCode, run.text).toBe(0);
}
