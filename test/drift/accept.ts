import { expect } from "vitest";
import type { World } from "../engines/world.ts";
import { succeeded } from "./check.ts";

const GIVEN = ["carol@sandbox.example", "noor@sandbox.example"];
const APPLICATION = ["applications", "datahub"];
const ASSIGNMENTS = [...APPLICATION, "entra", "assignments"];

/**
 * What somebody gave by hand, and more of it than one run may take out, is refused until the spec declares it. Then nothing
 * is left to do: a refresh, which sees only the old spec's state, must not stand in the way.
 */
export async function expectAcceptable(world: World): Promise<void> {
  world.edit((spec) => spec.setIn([...APPLICATION, "maxRemovals"], 1));
  succeeded(await world.engine.up());
  await assign(world, GIVEN);
  const refused = await world.engine.preview();
  expect(refused.errors.join("\n")).toContain("This would take 2 principals out of datahub");

  world.edit((spec) => {
    for (const user of GIVEN) spec.addIn(ASSIGNMENTS, { user, role: "Reader" });
  });
  succeeded(await world.engine.refresh());
  succeeded(await world.engine.preview());
  expect(world.writes()).toEqual([]);

  world.edit((spec) => {
    for (const _ of GIVEN) spec.deleteIn([...ASSIGNMENTS, 3]);
    spec.deleteIn([...APPLICATION, "maxRemovals"]);
  });
  succeeded(await world.engine.up());
  world.writes();
}

async function assign({ sandbox }: World, users: readonly string[]): Promise<void> {
  const call = async <T>(method: string, path: string, body?: unknown) =>
    (await sandbox.entra.asAdministrator(method, `/v1.0${path}`, body)) as T;
  type Principal = { id: string; appRoles: { id: string; value: string | null }[] };
  const filter = encodeURIComponent("displayName eq 'DataHub SCIM'");
  const { value } = await call<{ value: Principal[] }>("GET", `/servicePrincipals?$filter=${filter}`);
  const [principal] = value;
  const role = principal?.appRoles.find((one) => one.value === "Reader");
  for (const user of users) {
    const { id } = await call<{ id: string }>("GET", `/users/${user}`);
    await call("POST", `/servicePrincipals/${principal?.id}/appRoleAssignedTo`, {
      principalId: id,
      resourceId: principal?.id,
      appRoleId: role?.id,
    });
  }
}
