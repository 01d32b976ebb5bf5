import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "../../src/explain/explain.ts";
import { appliedWorld, type World } from "../inspect/world.ts";

let world: World;
beforeAll(async () => {
  world = await appliedWorld("has switched SCIM on");
  expect(await world.stage.provision()).toEqual([]);
}, 180_000);
afterAll(() => world?.close());

const APPLICATIONS = ["datahub", "datahub-okta", "data-mesh-manager", "collate", "collate-okta", "catalog"];

/** What the receiver took as new, by name. */
function created(application: string, path: "/Users" | "/Groups"): Map<string, unknown> {
  const entries = world.stage.sandbox.receiver.journal(application).query({ method: "POST", limit: 1000 });
  return new Map(
    entries
      .filter((entry) => entry.path === path && entry.status === 201)
      .map(({ request }) => {
        const body = request as { userName?: string; displayName: string };
        return [path === "/Users" ? String(body.userName) : body.displayName, withoutPassword(body)];
      }),
  );
}

const withoutPassword = (body: unknown) => {
  const { password: _, ...rest } = body as Record<string, unknown>;
  return rest;
};

function explained(application: string, kind: "user" | "group"): Map<string, unknown> {
  const { stage } = world;
  const desired = stage.application(application);
  if (!desired) throw new Error(application);
  const directories = stage.sandbox.directories();
  const names =
    desired.idp === "entra"
      ? kind === "user"
        ? directories.entra.users.map(({ userPrincipalName }) => userPrincipalName)
        : directories.entra.groups.map(({ displayName }) => displayName)
      : kind === "user"
        ? directories.okta.users.map(({ profile }) => profile.login)
        : directories.okta.groups
            .filter(({ type }) => type === "OKTA_GROUP")
            .map(({ profile }) => profile.name);
  return new Map(
    names.flatMap((name) => {
      const { access, requests } = explain(desired, directories, { kind, name }, new Date());
      const body = requests.at(-1)?.body as { userName?: string; displayName: string } | undefined;
      if (!access.arrives || !body) return [];
      return [[kind === "user" ? String(body.userName) : body.displayName, withoutPassword(body)] as const];
    }),
  );
}

const sorted = (map: Map<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each(APPLICATIONS)("what explain says of everybody in %s", (application) => {
  it("is what the receiver was sent for people", () => {
    expect(explained(application, "user").size).toBeGreaterThan(0);
    expect(sorted(explained(application, "user"))).toEqual(sorted(created(application, "/Users")));
  });

  it("is what the receiver was sent for groups", () => {
    expect(sorted(explained(application, "group"))).toEqual(sorted(created(application, "/Groups")));
  });
});
