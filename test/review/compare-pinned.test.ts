import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSpecs } from "../../src/review/compare-specs.ts";
import { checked } from "./checked.ts";

const [ONE, TWO] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const [PUSHED, OTHER] = ["00g1emaKYZTWRYYRRTSK", "00g2emaKYZTWRYYRRTSK"];
const common = { product: "datahub", endpoint: "https://hub.example", token: { secret: "token" } };
const entra = (...assignments: object[]) =>
  checked({ hub: { ...common, entra: { displayName: "Hub", assignments } } });
const okta = (more: object) => checked({ hub: { ...common, okta: { assignments: [], ...more } } });

type Checked = ReturnType<typeof checked>;
const said = (before: Checked, after: Checked) =>
  compareSpecs(before, after).changes.map(({ effect, sentence }) => `${effect}: ${sentence}`);

const g = (more: object = {}) => ({ group: "g", role: "Reader", ...more });

describe("a pinned principal", () => {
  it("is the same one when its id is added or left out", () => {
    expect(said(entra(g()), entra(g({ id: ONE })))).toEqual([
      `change: group g on DataHub is pinned to ${ONE}, whichever else bears the name`,
    ]);
    expect(said(entra(g({ id: ONE })), entra(g({ group: "G" })))).toEqual([
      `warning: group g on DataHub is no longer pinned to ${ONE}: whichever bears the name is meant`,
    ]);
  });

  it("is another one with another id, though its name stays", () => {
    expect(said(entra(g({ id: ONE })), entra(g({ id: TWO })))).toEqual([
      `removal: group g (${ONE}) loses Reader on DataHub`,
      `warning: group g on DataHub is another object now: ${TWO} instead of ${ONE}`,
      `gain: group g (${TWO}) gains Reader on DataHub`,
    ]);
  });

  it("is the same one under another name", () => {
    expect(said(entra(g({ id: ONE })), entra(g({ id: ONE, group: "h" })))).toEqual([
      `other: group g on DataHub is called h, with the same id ${ONE}`,
    ]);
  });

  it("gets another role as anybody does, and is told from a namesake", () => {
    const both = [g({ id: ONE }), g({ id: TWO })];
    expect(said(entra(...both), entra(g({ id: ONE, role: "Admin" }), g({ id: TWO })))).toEqual([
      `change: group g (${ONE}) changes from Reader to Admin on DataHub`,
    ]);
    expect(said(entra(...both), entra(g({ id: TWO })))).toEqual([
      `removal: group g (${ONE}) loses Reader on DataHub`,
    ]);
  });

  it("is told apart among pushed groups as well", () => {
    const pushing = (id?: string) => okta({ pushGroups: [{ name: "g", ...(id ? { id } : {}) }] });
    expect(said(pushing(), pushing(PUSHED))).toEqual([
      `change: group g pushed to DataHub is pinned to ${PUSHED}, whichever else bears the name`,
    ]);
    expect(said(pushing(PUSHED), pushing(OTHER))).toEqual([
      `removal: group g (${PUSHED}) is no longer pushed to DataHub; what is there stays as it is`,
      `warning: group g pushed to DataHub is another object now: ${OTHER} instead of ${PUSHED}`,
      `gain: group g (${OTHER}) is pushed to DataHub`,
    ]);
  });
});

it("nothing is said of equal lists, and something of all others", () => {
  const assignment = fc.record(
    {
      group: fc.constantFrom("g", "h"),
      id: fc.constantFrom(ONE, TWO),
      role: fc.constantFrom("Reader", "Admin"),
    },
    { requiredKeys: ["group", "role"] },
  );
  const list = fc
    .uniqueArray(assignment, { selector: ({ group, id, role }) => `${id ?? group} ${role}` })
    // An id under two names in one spec is one principal to everybody.
    .filter((entries) =>
      [ONE, TWO].every(
        (id) => new Set(entries.filter((one) => one.id === id).map(({ group }) => group)).size < 2,
      ),
    );
  const key = (entries: object[]) =>
    JSON.stringify(entries.map((one) => JSON.stringify(Object.entries(one).sort())).sort());
  fc.assert(
    fc.property(list, list, (one, other) => {
      expect(said(entra(...one), entra(...one))).toEqual([]);
      if (key(one) !== key(other)) expect(said(entra(...one), entra(...other))).not.toEqual([]);
    }),
  );
});
