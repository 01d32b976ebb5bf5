import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Intake } from "../../src/receiver/deviation.ts";
import { compileFilter } from "../../src/receiver/document/predicate.ts";
import { buildModels } from "../../src/receiver/schema/model.ts";
import { COMPARISON_OPERATORS } from "../../src/scim/ast.ts";
import { parseFilter } from "../../src/scim/filter.ts";
import type { Tenant } from "./harness.ts";
import { startTenant, user } from "./harness.ts";

/** What SQL answers must be what the test of single documents answers. */
describe("filters", () => {
  let tenant: Tenant;
  // biome-ignore lint/suspicious/noExplicitAny: documents as they were answered
  let documents: any[];
  const words = ["ada", "Ada", "ADA@x", "a", "", "bo%b", "bo_b", "ä", "Äß", "zoe\u{1F600}"];

  beforeAll(async () => {
    tenant = await startTenant("lenient");
    for (let n = 0; n < 40; n++) {
      const pick = (salt: number) => words[(n * salt + (n >> 2)) % words.length] ?? "";
      await tenant.post(
        "/Users",
        user(`${pick(1)}${n}`, {
          ...(n % 3 ? { displayName: pick(3) } : {}),
          ...(n % 4 ? { externalId: pick(7) } : {}),
          ...(n % 5 ? { active: n % 2 === 0 } : {}),
          ...(n % 2
            ? {
                emails: [
                  { type: n % 4 === 1 ? "work" : "home", value: pick(3) || "e" },
                  { value: pick(7) || "f" },
                ],
              }
            : {}),
        }),
      );
    }
    documents = (await tenant.get("/Users?count=100")).body.Resources;
    expect(documents).toHaveLength(40);
  });
  afterAll(() => tenant.close());

  const text = fc.constantFrom(
    "userName",
    "displayName",
    "externalId",
    "id",
    "emails",
    "emails.value",
    "emails.type",
    "title",
  );
  const comparison = fc
    .tuple(text, fc.constantFrom(...COMPARISON_OPERATORS), fc.constantFrom(...words, "ada0", "work"))
    .map(([path, operator, value]) => `${path} ${operator} ${JSON.stringify(value)}`);
  const leaf = fc.oneof(
    { weight: 4, arbitrary: comparison },
    text.map((path) => `${path} pr`),
    fc.constantFrom(
      "active eq true",
      'emails[type eq "work" and value sw "a"]',
      'emails[value eq "ada"]',
      'emails[type eq "work"].value eq "ADA"',
      "externalId eq null",
    ),
  );
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc
        .tuple(tie("filter"), fc.constantFrom("and", "or"), tie("filter"))
        .map(([a, word, b]) => `(${a} ${word} ${b})`),
      tie("filter").map((inner) => `not (${inner})`),
    ),
  }));

  it("find by SQL what they find document by document", async () => {
    const model = buildModels().User;
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 41 }), async (given, startIndex) => {
        const { test } = compileFilter(parseFilter(given), model, new Intake(true));
        const wanted = documents.filter(test).map((document) => document.id);
        const { status, body } = await tenant.find("Users", given, `&count=100&startIndex=${startIndex}`);
        expect(status, given).toBe(200);
        expect(body.totalResults, given).toBe(wanted.length);
        expect(
          body.Resources.map((resource: { id: string }) => resource.id),
          given,
        ).toEqual(wanted.slice(startIndex - 1));
      }),
      { numRuns: 300 },
    );
  });

  // biome-ignore lint/suspicious/noExplicitAny: documents as they were answered
  it.each<[string, (document: any) => boolean]>([
    ['userName eq "ADA0"', ({ userName }) => userName.toLowerCase() === "ada0"],
    ['userName sw "bo%"', ({ userName }) => userName.startsWith("bo%")],
    ['externalId eq "ADA"', () => false],
    ['externalId eq "Ada"', ({ externalId }) => externalId === "Ada"],
    ["active eq true", ({ active }) => active === true],
    ["not (displayName pr)", ({ displayName }) => !displayName],
    ["active ne true", ({ active }) => active !== true],
    ["title ne null", () => false],
  ])("%s means what it says", async (given, wanted) => {
    expect((await tenant.find("Users", given)).body.totalResults).toBe(documents.filter(wanted).length);
  });

  it.each([
    "userName eq",
    "nosuch eq 1",
    "not (nosuch pr)",
    "userName ne",
    "()",
    "active gt true",
    "meta.created gt soon",
    "name eq 1",
    "emails[nosuch eq 1]",
  ])("never take the malformed %s for everyone", async (given) => {
    expect(await tenant.find("Users", given)).toMatchObject({
      status: 400,
      body: { scimType: "invalidFilter" },
    });
  });
});
