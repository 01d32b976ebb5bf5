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

interface Write {
  method: string;
  path: string;
  body: unknown;
}

const APPLICATIONS = ["datahub", "datahub-okta", "data-mesh-manager", "collate", "collate-okta", "catalog"];

describe.each(DIRECTORIES)("with %s", (_, people) => {
  let world: World;
  beforeAll(async () => {
    world = await appliedWorld("has switched SCIM on", people);
    expect(await world.stage.provision()).toEqual([]);
  }, 180_000);
  afterAll(() => world?.close());

  /** Every write that the receiver took, its ids replaced by the names that `explain` writes for them. */
  function received(application: string, endpoint: "/Users" | "/Groups"): Write[] {
    const entries = world.stage.sandbox.receiver.journal(application).query({ limit: 1000 });
    const names = new Map<string, string>();
    for (const { location, request } of entries.filter(({ status }) => status === 201)) {
      const { userName, displayName } = request as { userName?: string; displayName: string };
      const id = decodeURIComponent(String(location?.split("/").at(-1)));
      names.set(id, `{id of ${userName ?? displayName}}`);
    }
    const named = (text: string) => [...names].reduce((so, [id, name]) => so.replaceAll(id, name), text);
    return entries
      .filter(({ path, status }) => path.startsWith(endpoint) && status >= 200 && status < 300)
      .filter(({ method }) => method !== "GET")
      .map(({ method, path, request }) => ({
        method,
        path: named(decodeURIComponent(path)),
        body: withoutPassword(request),
      }))
      .map(({ body, ...rest }) => write({ ...rest, body: JSON.parse(named(JSON.stringify(body))) }));
  }

  const withoutPassword = (body: unknown) => {
    const { password: _, ...rest } = body as Record<string, unknown>;
    return rest;
  };

  /** Okta puts back what it has read, with whatever the product added; and members are in no order. */
  const write = ({ method, path, body }: Write): Write => {
    if (method !== "PUT") return { method, path, body };
    const { id, displayName, members } = body as { id: string; displayName: string; members: unknown };
    return { method, path, body: { id, displayName, members: inOrder(members as unknown[]) } };
  };

  const inOrder = <T>(list: T[]): T[] =>
    list
      .map((one) => [stable(one), one] as const)
      .sort(byText)
      .map(([, one]) => one);
  const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
  const stable = (value: unknown) => JSON.stringify(value, (_, inner) => sortKeys(inner));
  const sortKeys = (value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(byText))
      : value;

  function explained(application: string, kind: "user" | "group"): Write[] {
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
    return names
      .flatMap((name) => explain(desired, directories, { kind, name }, new Date()).requests)
      .filter(({ method }) => method !== "GET")
      .map(({ method, path, body }) =>
        write({ method, path: decodeURIComponent(path), body: withoutPassword(body) }),
      );
  }

  describe.each(APPLICATIONS)("what explain says of everybody in %s", (application) => {
    it("is what the receiver was sent for people", () => {
      expect(inOrder(explained(application, "user"))).toEqual(inOrder(received(application, "/Users")));
    });

    it("is what the receiver was sent for groups", () => {
      expect(inOrder(explained(application, "group"))).toEqual(inOrder(received(application, "/Groups")));
    });
  });

  it("people arrive", () => {
    const sizes = APPLICATIONS.map((application) => explained(application, "user").length);
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
