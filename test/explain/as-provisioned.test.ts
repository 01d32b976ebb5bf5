import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "../../src/explain/explain.ts";
import { appliedWorld, type World } from "../inspect/world.ts";
import { directoryFile } from "./directories.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-explain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sandbox's own people, and others made up from one seed. */
const DIRECTORIES: [string, string][] = [
  ["the sandbox's own people", "config/directory.sandbox.yaml"],
  ...fc.sample(directoryFile, { seed: 7, numRuns: 2 }).map((file, index) => {
    const path = join(folder, `generated-${index + 1}.yaml`);
    writeFileSync(path, JSON.stringify(file));
    return [`generated people ${index + 1}`, path] as [string, string];
  }),
];

const APPLICATIONS = ["datahub", "datahub-okta", "data-mesh-manager", "collate", "collate-okta", "catalog"];

describe.each(DIRECTORIES)("with %s", (_, people) => {
  let world: World;
  beforeAll(async () => {
    world = await appliedWorld("has switched SCIM on", people);
    expect(await world.stage.provision()).toEqual([]);
  }, 180_000);
  afterAll(() => world?.close());

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
      expect(sorted(explained(application, "user"))).toEqual(sorted(created(application, "/Users")));
    });

    it("is what the receiver was sent for groups", () => {
      expect(sorted(explained(application, "group"))).toEqual(sorted(created(application, "/Groups")));
    });
  });

  it("people arrive", () => {
    const sizes = APPLICATIONS.map((application) => explained(application, "user").size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(5);
  });

  it("everything arrives as the spec and the directory promise", async () => {
    expect(
      (await world.stage.verify()).flatMap(({ name, mismatches }) =>
        mismatches.map((one) => ({ name, one })),
      ),
    ).toEqual([]);
  });
});
