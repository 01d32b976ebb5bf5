import { describe, expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { compareDesired } from "../../src/review/compare-desired.ts";
import { checked } from "./checked.ts";

const { directories: loaded } = loadDirectory("config/directory.sandbox.yaml");
if (!loaded) throw new Error("the sandbox's own directory is wrong");
const directories = structuredClone(loaded);
const [team, other] = directories.entra.groups.filter(({ displayName }) =>
  ["governance-team", "data-platform"].includes(displayName),
);
if (!team || !other) throw new Error("the sandbox's own directory has both");
// Two groups of one name, which looks like a name and a role.
team.displayName = other.displayName = "Known as Bob";
const oktaGroup = directories.okta.groups.find(({ profile }) => profile.name === "datahub-users");
if (oktaGroup) oktaGroup.profile.name = "Known as Bob";

const common = { product: "custom", endpoint: "https://cat.example", token: { secret: "token" } };
const entra = (assignments: object[], more: object = {}) =>
  toDesiredState(checked({ cat: { ...common, entra: { displayName: "Cat", assignments, ...more } } }));
const okta = (...assignments: object[]) =>
  toDesiredState(checked({ cat: { ...common, okta: { assignments } } }));

type State = ReturnType<typeof entra>;
const said = (before: State, after: State) =>
  (compareDesired(before, after, directories).people ?? []).map(({ sentence }) => sentence);

const BOB = { group: "Known as Bob" };

describe("a group whose name looks like one with a role", () => {
  it("is named in full", () => {
    const [none, some] = [okta(), okta(BOB)];
    expect(said(none, some)[0]).toMatch(/ gains access to cat through group Known as Bob$/);
    expect(said(some, none)[0]).toMatch(/ loses access to cat: the only group, Known as Bob, is unassigned$/);
  });

  it("is named in full where roles are, too", () => {
    const mappings = { user: { role: { expression: "SingleAppRoleAssignment([appRoleAssignments])" } } };
    const roles = { roles: [{ value: "Reader" }], mappings };
    const pinned = { ...BOB, id: team.id, role: "Reader" };
    expect(said(entra([], roles), entra([pinned], roles))[0]).toMatch(
      / gains Reader on cat through group Known as Bob$/,
    );
  });
});

it("says that a name stands for another object where somebody is out through that", () => {
  expect(said(entra([{ ...BOB, id: team.id }]), entra([{ ...BOB, id: other.id }]))).toContain(
    "john@sandbox.example loses access to cat: group Known as Bob stands for another object",
  );
});
