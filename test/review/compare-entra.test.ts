import { describe, expect, it } from "vitest";
import { compareSpecs } from "../../src/review/compare-specs.ts";
import { checked } from "./checked.ts";

const [ONE, TWO, THREE] = ["1", "2", "3"].map((digit) => `${digit.repeat(8)}-1111-1111-1111-111111111111`);
const BASE = {
  displayName: "Cat",
  assignments: [{ group: "team", role: "Reader" }],
  roles: [{ value: "Reader" }, { value: "Admin", privileged: true }],
  roleIds: { Admin: ONE, Reader: TWO },
  mappings: {
    user: { userName: { attribute: "userPrincipalName", match: 1 } },
    targetAttributes: [{ name: "urn:level", type: "String" }],
  },
};

const spec = (entra: object, more: object = {}) =>
  checked({
    cat: {
      product: "custom",
      endpoint: "https://cat.example/scim/v2",
      token: { secret: "catToken" },
      entra,
      ...more,
    },
  });

const said = (entra: object, more?: object) =>
  compareSpecs(spec(BASE), spec({ ...BASE, ...entra }, more)).changes.map(
    ({ effect, sentence }) => `${effect}: ${sentence}`,
  );

const mapped = (mappings: object) =>
  said({ mappings: { ...BASE.mappings, ...mappings } }).filter((line) => !line.includes("evaluates all"));

describe("app roles", () => {
  it("are compared by their ids: two that swap them swap whoever was given one by hand", () => {
    expect(said({ roleIds: { Admin: TWO, Reader: ONE } })).toEqual([
      `removal: the role Reader of cat has the id ${ONE} instead of ${TWO}, which makes it another role to Entra: whoever holds it holds Admin from now on, but for assignments declared here`,
      `removal: the role Admin of cat has the id ${TWO} instead of ${ONE}, which makes it another role to Entra: whoever holds it holds Reader from now on, but for assignments declared here`,
    ]);
  });

  it("are others with another id, though their values stay", () => {
    expect(said({ roleIds: { Admin: THREE, Reader: TWO } })).toEqual([
      `removal: the role Admin of cat has the id ${THREE} instead of ${ONE}, which makes it another role to Entra: whoever holds it loses it, but for assignments declared here`,
    ]);
  });

  it("pass to whom they belong under another value", () => {
    const roles = [{ value: "Reader" }, { value: "Owner" }];
    expect(said({ roles, roleIds: { Owner: ONE, Reader: TWO } })).toEqual([
      "removal: the role Admin is removed from cat: whoever holds it holds Owner from now on, assignments made by hand included",
      "other: cat gets the role Owner",
    ]);
  });

  it("say what they are for", () => {
    const roles = [
      { value: "Reader", description: "May look." },
      { value: "Admin", privileged: true },
    ];
    expect(said({ roles })).toEqual(["other: the role Reader of cat is described as: May look."]);
  });

  it("may stop and begin to count as privileged", () => {
    expect(said({ roles: [{ value: "Reader" }, { value: "Admin" }] })).toEqual([
      "warning: the role Admin of cat no longer counts as privileged, so that any number of people may be given it",
    ]);
    const roles = [
      { value: "Reader", privileged: true },
      { value: "Admin", privileged: true },
    ];
    expect(said({ roles })).toEqual(["other: the role Reader of cat counts as privileged"]);
  });
});

describe("attribute mappings", () => {
  it("say who matches whom from now on, with defaults and what is written once only", () => {
    const user = {
      userName: { attribute: "mail" },
      externalId: { attribute: "objectId", match: 1, default: "x", apply: "onCreate" },
    };
    expect(mapped({ user })).toEqual([
      "warning: cat: userName is mapped from [mail] instead of [userPrincipalName], and is now not matched on, applied always, without a default value",
      'warning: cat: externalId is mapped from [objectId], matched on (1), applied on creation only, with "x" where there is no value',
    ]);
  });

  it("repeat no settings that stay", () => {
    expect(mapped({ user: { userName: { attribute: "mail", match: 1 } } })).toEqual([
      "warning: cat: userName is mapped from [mail] instead of [userPrincipalName]",
    ]);
  });

  it("say which types their targets have", () => {
    expect(
      mapped({ targetAttributes: [{ name: "urn:level", type: "Integer" }, { name: "urn:new" }] }),
    ).toEqual([
      "warning: cat: the target attribute urn:level is declared as Integer instead of String",
      "warning: cat: the target attribute urn:new is declared as String",
    ]);
    expect(mapped({ targetAttributes: [] })).toEqual([
      "warning: cat: the type of the target attribute urn:level is no longer declared",
    ]);
  });
});

describe("what is declared for rules alone", () => {
  it("is said where an endpoint may be shared", () => {
    expect(said({}, { sharedEndpoint: true })).toEqual([
      "warning: another application may write to the endpoint of cat as well",
    ]);
    const shared = spec(BASE, { sharedEndpoint: true });
    expect(compareSpecs(shared, spec(BASE)).changes.map(({ effect }) => effect)).toEqual(["other"]);
  });

  it("is said where the environment is called otherwise", () => {
    const { spec: renamed, ...rest } = spec(BASE);
    const { changes } = compareSpecs(spec(BASE), { ...rest, spec: { ...renamed, environment: "test" } });
    expect(changes.map(({ sentence }) => sentence)).toEqual([
      "the environment is called test instead of dev",
    ]);
  });
});
