import { describe, expect, it } from "vitest";
import { checkExpression } from "../../src/expressions/check.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { printExpression } from "../../src/expressions/print.ts";
import { oneRoleOnly, rolesTravel } from "../../src/products/product.ts";
import { findProduct, PRODUCT_KEYS } from "../../src/products/registry.ts";

const products = PRODUCT_KEYS.map((key) => {
  const product = findProduct(key);
  if (!product) throw new Error(key);
  return product;
});

describe.each(products.map((product) => [product.key, product] as const))("%s", (key, product) => {
  it("is found by its own key", () => expect(product.key).toBe(key));

  it("has expressions that parse, in canonical spelling", () => {
    for (const { expression } of Object.values(product.entra.mappings.user)) {
      const parsed = parseExpression(expression);
      if (!parsed.ok) throw new Error(expression);
      expect(printExpression(parsed.expression)).toBe(expression);
      expect(checkExpression(parsed.expression)).toEqual([]);
    }
  });

  it("has a path without a slash at its end, and an example that is a URL", () => {
    expect(product.endpoint.scimPath).toMatch(/^(\/.*[^/])?$/);
    expect(URL.canParse(product.endpoint.example)).toBe(true);
  });

  it("can be matched where its mappings are all there are", () => {
    const { base, user } = product.entra.mappings;
    if (base === "exact")
      expect(Object.values(user).filter((mapping) => mapping.matchingPriority > 0)).toHaveLength(1);
  });

  it("has roles exactly when its mappings send them", () => {
    if (!product.open)
      expect(
        product.entra.roles.length > 0,
        "a role needs a mapping that sends it, as in datahub.ts; such a mapping needs entra.roles",
      ).toBe(rolesTravel(product.entra.mappings));
  });
});

describe("what the guides say", () => {
  it("DataHub: its path, three roles, one mapping beside the template's, and no flag", () => {
    const product = findProduct("datahub");
    expect(product?.endpoint.scimPath).toBe("/gms/openapi/scim/v2");
    expect(product?.entra.roles.map((role) => role.value)).toEqual(["Admin", "Editor", "Reader"]);
    expect(product?.entra.mappings).toEqual({
      base: "template",
      user: {
        'roles[primary eq "True"].value': {
          expression: "SingleAppRoleAssignment([appRoleAssignments])",
          matchingPriority: 0,
          apply: "always",
        },
      },
      targetAttributes: [],
    });
    expect(product && oneRoleOnly(product.entra.mappings)).toBe(true);
    expect(product?.entra.aadOptscim062020).toBe("never");
  });

  it("Data Mesh Manager: five mappings and no others, matched by userName", () => {
    const { mappings } = findProduct("data-mesh-manager")?.entra ?? {};
    expect(mappings?.base).toBe("exact");
    expect(
      Object.entries(mappings?.user ?? {}).map(([target, { expression, matchingPriority }]) => [
        target,
        expression,
        matchingPriority,
      ]),
    ).toEqual([
      ["userName", "[userPrincipalName]", 1],
      ["active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")', 0],
      ["displayName", "[displayName]", 0],
      ['emails[type eq "work"].value', "[mail]", 0],
      ["externalId", "[objectId]", 0],
    ]);
  });

  it("Collate: the template's mappings; from Okta five attributes, userName by the sign-on template", () => {
    const product = findProduct("collate");
    expect(product?.entra.mappings).toEqual({ base: "template", user: {}, targetAttributes: [] });
    expect(Object.keys(product?.okta.profileMappings ?? {})).toEqual([
      "email",
      "givenName",
      "familyName",
      "displayName",
    ]);
  });
});
