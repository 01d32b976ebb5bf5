import { expect } from "vitest";
import type { Engine } from "../engines/engine.ts";
import { openWorld, type World } from "../engines/world.ts";

const spec = (...users: string[]) => `
version: 1
environment: sandbox
applications:
  datahub:
    product: datahub
    endpoint: https://datahub.sandbox.example
    token: { secret: datahubScimToken }
    exclusive: false
    entra:
      displayName: DataHub SCIM
      assignments:
${users.map((user) => `        - { user: ${user}@sandbox.example, role: Reader }`).join("\n")}
`;

const REASON = "user:john@sandbox.example Reader: ";

/** A shared application, of which a first `up` fails half way, and whose spec then takes back what had been done by then. */
export async function expectHalfRemembered(kind: Engine["kind"]): Promise<void> {
  const world = await openWorld({ engine: kind, spec: spec("ada", "carol", "john") });
  try {
    const { faults } = world.sandbox.entra;
    faults.arm({ method: "POST", path: "appRoleAssignedTo", skip: 2, effect: { answer: 403 } });
    const failed = await world.engine.up();
    expect(failed.exitCode, failed.text).not.toBe(0);
    expect(failed.errors.join("\n")).toContain(REASON);
    expect(await assigned(world)).toHaveLength(2);
    expect(initErrors(world.engine)).toEqual([expect.stringContaining(REASON)]);

    world.edit((document) => document.deleteIn(["applications", "datahub", "entra", "assignments", 2]));
    world.edit((document) => document.deleteIn(["applications", "datahub", "entra", "assignments", 1]));
    faults.arm({ method: "DELETE", path: "appRoleAssignedTo", effect: { answer: 403 } });
    const refused = await world.engine.up();
    expect(refused.exitCode, refused.text).not.toBe(0);
    expect(initErrors(world.engine)).toEqual([
      expect.stringContaining("user:carol@sandbox.example Reader, to be removed: "),
    ]);
    expect(await assigned(world)).toHaveLength(2);

    const next = await world.engine.up();
    expect(next.exitCode, next.text).toBe(0);
    expect(next.changes).toContainEqual({
      name: "datahub-assignments",
      op: "update",
      paths: ['assignments["user:carol@sandbox.example Reader"]'],
    });
    expect(await assigned(world)).toHaveLength(1);
    expect(initErrors(world.engine)).toEqual([]);
    expect((await world.engine.preview()).exitCode).toBe(0);
  } finally {
    await world.close();
  }
}

/** What the state says of resources whose last change ended half way. */
function initErrors(engine: Engine): string[] {
  type Deployment = { resources: { initErrors?: string[] }[] };
  const state = JSON.parse(engine.state()) as {
    deployment?: Deployment;
    checkpoint?: { latest: Deployment };
  };
  const deployment = state.deployment ?? state.checkpoint?.latest;
  if (!deployment) throw new Error("The state has neither of the forms that it has been seen in.");
  return deployment.resources.flatMap((resource) => resource.initErrors ?? []);
}

async function assigned({ sandbox }: World): Promise<unknown[]> {
  const ask = (path: string) => sandbox.entra.asAdministrator("GET", `/v1.0${path}`) as Promise<unknown>;
  const { value } = (await ask("/servicePrincipals?$filter=displayName eq 'DataHub SCIM'")) as {
    value: { id: string }[];
  };
  const answer = await ask(`/servicePrincipals/${value[0]?.id}/appRoleAssignedTo`);
  return (answer as { value: unknown[] }).value;
}
