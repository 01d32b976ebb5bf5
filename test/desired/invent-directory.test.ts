import { describe, expect, it } from "vitest";
import { checkAgainstDirectory } from "../../src/desired/against-directory.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { expectedArrivals } from "../../src/desired/expected-arrivals.ts";
import { inventDirectory } from "../../src/desired/invent-directory.ts";
import { specFolder } from "../spec/spec-files.ts";

const folder = specFolder();

function load(overlay: string) {
  const { spec, diagnostics } = folder.overlay(overlay);
  if (!spec) throw new Error(JSON.stringify(diagnostics, null, 2));
  return spec;
}

describe("an invented directory", () => {
  const spec = load(`applications:
  datahub:
    entra:
      assignments:
        - { group: governance-team, role: Reader }
        - { group: Datenplattform & Co, role: Editor, id: 8f7a1c2e-3b4d-4e5f-9a0b-1c2d3e4f5a6b }
        - { user: Ada.King@acme.com, role: Admin }
  hub-okta:
    okta:
      assignments: [{ group: hub-users }, { user: sid@acme.com, id: 00u1emaKYZTWRYYRRTSK }]
      pushGroups: [{ name: governance-team }, { startsWith: OM_ }]
`);
  const desired = toDesiredState(spec);
  const directories = inventDirectory(desired);

  it("leaves nothing to complain about", () => {
    expect(checkAgainstDirectory(spec, directories)).toEqual([]);
    for (const application of desired.applications) {
      expect(expectedArrivals(application, directories).conflicts, application.name).toEqual([]);
    }
  });

  it("lets somebody arrive in every application, and members in every group", () => {
    for (const application of desired.applications) {
      const { users, groups, memberships } = expectedArrivals(application, directories);
      expect(users.length, application.name).toBeGreaterThan(0);
      for (const group of groups)
        expect(memberships.filter((one) => one.group === group).length, group).toBeGreaterThan(1);
    }
  });

  it("keeps pinned ids, also as members", () => {
    expect(directories.entra.groups.find((group) => group.displayName === "Datenplattform & Co")?.id).toBe(
      "8f7a1c2e-3b4d-4e5f-9a0b-1c2d3e4f5a6b",
    );
    expect(directories.okta.users.find((user) => user.profile.login === "sid@acme.com")?.id).toBe(
      "00u1emaKYZTWRYYRRTSK",
    );
  });

  it("tells groups of one name apart by their pinned ids", () => {
    const [one, other] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
    const twins = load(`applications:
  datahub:
    entra:
      assignments:
        - { group: Team, id: ${one}, role: Reader }
        - { group: Team, id: ${other}, role: Reader }
`);
    const state = toDesiredState(twins);
    const invented = inventDirectory(state);
    const ids = invented.entra.groups.filter(({ displayName }) => displayName === "Team").map(({ id }) => id);
    expect(ids).toEqual([one, other]);
    expect(checkAgainstDirectory(twins, invented)).toEqual([]);
    const members = invented.entra.groups
      .filter(({ id }) => ids.includes(id))
      .flatMap((group) => group.members);
    expect(new Set(members).size).toBe(4);
  });

  it("gives every id once", () => {
    const ids = [
      ...directories.entra.users,
      ...directories.entra.groups,
      ...directories.okta.users,
      ...directories.okta.groups,
    ].map((object) => object.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("is the same again", () => {
    expect(inventDirectory(desired)).toEqual(directories);
  });
});
