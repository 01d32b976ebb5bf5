import { describe, expect, it } from "vitest";
import { specFolder } from "./spec-files.ts";

const folder = specFolder();

/** Severities and codes with what the caret stands under, for a custom product's `entra` block. */
function found(block: string): string[] {
  const { diagnostics } = folder.overlay(`applications:\n  catalog:\n    entra: ${block}\n`);
  return diagnostics.map(
    ({ severity, code, excerpt, column, length }) =>
      `${severity} ${code}: ${excerpt.line.slice(column - 1, column - 1 + length)}`,
  );
}

const users = (text: string) => found(`{ mappings: { user: { ${text} } } }`);
const groups = (text: string) => found(`{ mappings: { group: { ${text} } } }`);

describe("source attributes", () => {
  it.each([
    ["a misspelt one", "title: { attribute: jobTitel }", "error source-attribute: jobTitel"],
    ["another case", "title: { attribute: jobtitle }", "error source-attribute: jobtitle"],
    ["Graph's name", "title: { attribute: officeLocation }", "error source-attribute: officeLocation"],
    ["one of a group", "title: { attribute: securityEnabled }", "warning source-attribute: securityEnabled"],
    [
      "one inside an expression",
      `title: { expression: 'Join(" ", [givenNam], [surname])' }`,
      "error source-attribute: [givenNam]",
    ],
    [
      "one that a tenant may have added",
      "title: { attribute: extension_0123456789abcdef0123456789abcdef_jobTitle }",
      "warning source-attribute: extension_0123456789abcdef0123456789abcdef_jobTitle",
    ],
    ["any other", "title: { attribute: favouriteColour }", "warning source-attribute: favouriteColour"],
  ])("%s", (_, mapping, expected) => {
    expect(users(mapping)).toEqual([expected]);
  });

  it("knows users and groups apart", () => {
    expect(groups("externalId: { attribute: userPrincipalName }")).toEqual([
      "warning source-attribute: userPrincipalName",
    ]);
    expect(groups("externalId: { attribute: mailNickname }")).toEqual([]);
  });
});

describe("what people are matched by", () => {
  it.each([
    ["nothing, once the template's is replaced", "userName: { attribute: mail }", "userName"],
    ["a number that the template's has", "externalId: { attribute: objectId, match: 1 }", "1"],
  ])("%s", (_, mapping, under) => {
    expect(users(mapping)).toEqual([`error mapping-match: ${under}`]);
  });

  it("counts for groups too", () => {
    expect(groups("displayName: { attribute: mail }")).toEqual(["error mapping-match: displayName"]);
    expect(groups("displayName: { attribute: mail, match: 1 }")).toEqual([]);
  });

  it("may be another attribute than the template's", () => {
    expect(users("userName: { attribute: mail }, externalId: { attribute: objectId, match: 1 }")).toEqual([]);
  });
});

describe("active", () => {
  it.each([
    [`{ constant: "True" }`],
    [`{ expression: 'Switch([IsSoftDeleted], , "False", "True", "False")' }`],
    [`{ expression: 'Switch([IsSoftDeleted], , "False", "False", "True", "True")' }`],
    [`{ attribute: accountEnabled }`],
    [`{ expression: 'Not([IsSoftDeleted])', apply: onCreate }`],
  ])("%s leaves leavers in", (mapping) => {
    expect(users(`active: ${mapping}`)).toEqual(["warning leavers-stay-active: active"]);
  });

  it.each([
    [`{ expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }`],
    [`{ expression: 'Not([IsSoftDeleted])' }`],
    [`{ expression: 'IIF([IsSoftDeleted]="True", "False", "True")' }`],
    [`{ expression: 'Switch([IsSoftDeleted], , "False", "True")', default: "False" }`],
  ])("%s takes them out", (mapping) => {
    expect(users(`active: ${mapping}`)).toEqual([]);
  });
});

it("target attributes are paths of SCIM", () => {
  expect(users(`"a b": { constant: x }, "emails[": { constant: x }`)).toEqual([
    'error mapping-target: "a b"',
    'error mapping-target: "emails["',
  ]);
  expect(users("urn:acme:2.0:User:costCode: { constant: x }")).toEqual([]);
});

describe("a target attribute that is there in another spelling", () => {
  it.each([
    "Active",
    "urn:ietf:params:scim:schemas:core:2.0:User:active",
    "URN:ietf:params:scim:schemas:core:2.0:user:ACTIVE",
    "'emails[type eq \"Work\"].value'",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:Department",
  ])("is refused: %s", (target) => {
    expect(users(`${target}: { constant: "True" }`)).toEqual([`error mapping-target: ${target}`]);
  });

  it("is refused beside one of the spec's own, and for groups", () => {
    expect(users("costCode: { constant: x }, CostCode: { constant: y }")).toEqual([
      "error mapping-target: CostCode",
    ]);
    expect(groups("externalID: { attribute: objectId }")).toEqual(["error mapping-target: externalID"]);
  });

  it("is none of an extension's", () => {
    expect(users("urn:acme:2.0:User:active: { constant: x }, nickName: { constant: y }")).toEqual([]);
  });
});

it("roleIds pin roles that there are", () => {
  const id = "8f7a0000-0000-0000-0000-000000000001";
  expect(found(`{ roleIds: { Vewer: ${id} } }`)).toEqual(["error unknown-role: Vewer"]);
  expect(found(`{ roleIds: { Viewer: ${id} } }`)).toEqual([]);
});

it("scope: all is refused beside roles where the product is misspelt too", () => {
  const { diagnostics } = folder.overlay(
    "applications:\n  datahub: { product: datahb, entra: { scope: all } }\n",
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-value", "scope-all-with-roles"]);
});
