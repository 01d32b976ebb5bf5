import { describe, expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import { compareDesired } from "../../src/review/compare-desired.ts";
import { checked } from "./checked.ts";

const common = { endpoint: "https://cat.example", token: { secret: "token", expires: "2031-01-31" } };
const STATE = toDesiredState(
  checked({
    cat: {
      ...common,
      product: "custom",
      entra: {
        displayName: "Cat",
        roles: [{ value: "Reader" }],
        assignments: [
          { group: "team", role: "Reader", id: "11111111-1111-4111-8111-111111111111" },
          { user: "ada@acme.example", role: "Reader" },
        ],
        mappings: {
          user: { userName: { attribute: "mail", match: 1, default: "x" } },
          group: { displayName: { attribute: "displayName", match: 1 } },
          targetAttributes: [{ name: "level", type: "Integer" }],
        },
        provisioning: { notify: "ops@acme.example", accidentalDeletionThreshold: 5 },
      },
    },
    dmm: {
      ...common,
      product: "data-mesh-manager",
      entra: { displayName: "Data Mesh Manager", assignments: [{ group: "team" }] },
      scimGroupMappings: [
        { scimGroup: "owners", type: "organizationOwner" },
        { scimGroup: "team", type: "teamMemberRole", teamId: "sales", teamMemberRole: "Member" },
      ],
    },
    hub: {
      ...common,
      product: "custom",
      okta: {
        saml: { ssoUrl: "https://cat.example/sso", audience: "cat" },
        oidc: { label: "Sign-on", redirectUris: ["https://cat.example/callback"] },
        assignments: [{ group: "team", id: "00g1emaKYZTWRYYRRTSK" }],
        pushGroups: [{ name: "team", id: "00g1emaKYZTWRYYRRTSK" }, { startsWith: "dept-" }],
        profileMappings: { email: { expression: "user.email" } },
      },
    },
  }),
);

/** Where a value stands that means nothing to a tenant, is derived, or has no other of its kind that any text would be. */
const MUTE =
  /\.(at|allowedMemberTypes)\b|\.roles\.\d+\.displayName$|\.(product|idp|by|kind|type)$|^\.environment$/;

type Path = (string | number)[];
const leaves = (value: unknown, path: Path = []): Path[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
    : [path];

/** The same state with another value at one place. */
function altered(path: Path): DesiredState {
  const copy = structuredClone(STATE);
  const last = path.at(-1) ?? "";
  const holder = path.slice(0, -1).reduce<unknown>((at, key) => (at as never)[key], copy) as Record<
    string | number,
    unknown
  >;
  const value = holder[last];
  holder[last] =
    typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${String(value)}2`;
  return copy;
}

describe("whatever two states differ in is said", () => {
  it.each(
    leaves(STATE)
      .filter((path) => !MUTE.test(`.${path.join(".")}`))
      .map((path) => [path.join("."), path] as const),
  )("%s", (_, path) => {
    expect(compareDesired(STATE, altered(path)).changes).not.toEqual([]);
    expect(compareDesired(altered(path), STATE).changes).not.toEqual([]);
  });
});
