import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OktaUser } from "../../src/directory/okta.ts";
import {
  applicationProfile,
  applicationUserName,
  ExpressionError,
  evaluate,
  scimAttributes,
  type UserNameTemplate,
} from "../../src/provisioning/okta/index.ts";
import { setAttribute } from "../../src/provisioning/okta/resource.ts";

const ada: OktaUser = {
  id: "00u1",
  status: "ACTIVE",
  profile: {
    login: "Ada@acme.com",
    email: "ada.l@acme.com",
    firstName: "Ada",
    lastName: "Lovelace",
    displayName: null,
  },
};

describe("expressions", () => {
  const scope = { user: ada.profile, source: ada.profile };

  test.each<[string, unknown]>([
    ["user.firstName", "Ada"],
    ['user.firstName + " " + user.lastName', "Ada Lovelace"],
    ["user.displayName", null],
    ["user.notThere", null],
    ["user.constructor", null],
    ["'it' + \"'s\"", "it's"],
    ["(user.email != null && user.email != '') ? 'work' : ''", "work"],
    ["user.displayName == null ? user.firstName : user.displayName", "Ada"],
    ["user.firstName == 'Bob' OR !(user.lastName == 'x') AND true", true],
    ["String.substringBefore(user.login, '@')", "Ada"],
    ["String.substringAfter(user.login, '@')", "acme.com"],
    ["String.toLowerCase(user.login)", "ada@acme.com"],
    ["String.toUpperCase(String.substring(user.login, 0, 1))", "A"],
    ["String.replace(user.email, '.', '$&')", "ada$&l@acme$&com"],
    ["String.len(user.firstName) + 1", 4],
    ["String.stringContains(user.email, 'acme')", true],
    ["false ? user.a : true ? 'x' : 'y'", "x"],
  ])("%s", (expression, value) => {
    expect(evaluate(expression, scope)).toBe(value);
  });

  test.each([
    ["", 0],
    ["user", 4],
    ["user.", 5],
    ["user.firstName +", 16],
    ["nobody.firstName", 0],
    ["String.noSuch(user.login)", 0],
    ["String.len()", 0],
    ["user.firstName )", 15],
    ["'open", 0],
    ["true ? 1", 8],
  ])("%j is an error at %i", (expression, position) => {
    expect(() => evaluate(expression, scope)).toThrow(expect.objectContaining({ position }));
  });

  test("nothing but an ExpressionError is ever thrown", () => {
    const piece = fc.constantFrom(
      "user.login",
      "'a'",
      "+",
      "?",
      ":",
      "(",
      ")",
      "String.len",
      ",",
      "==",
      "!",
      "AND",
      " ",
      "7",
      "\\",
    );
    const source = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(" ")),
      fc.string(),
    );
    fc.assert(
      fc.property(source, (text) => {
        try {
          evaluate(text, scope);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
    );
  });
});

describe("userName", () => {
  const template = (text: string, more: Partial<UserNameTemplate> = {}): UserNameTemplate => ({
    template: text,
    type: "BUILT_IN",
    ...more,
  });

  test.each<[UserNameTemplate, string | null]>([
    [template(`\${source.login}`), "Ada@acme.com"],
    [template(`\${source.email}`), "ada.l@acme.com"],
    [template(`\${fn:substringBefore(source.login, "@")}`, { userSuffix: "@sub" }), "Ada@sub"],
    [template(`\${fn:toLowerCase(source.login)}`), "ada@acme.com"],
    [template("user.firstName", { type: "CUSTOM" }), "Ada"],
    [template(`\${source.displayName}`), null],
    [template("", { type: "NONE" }), null],
  ])("from %o", (given, userName) => {
    expect(applicationUserName(given, ada)).toBe(userName);
  });
});

describe("profile", () => {
  const mappings = {
    email: { expression: "user.email", pushStatus: "PUSH" },
    givenName: { expression: "user.firstName", pushStatus: "DONT_PUSH" },
    displayName: { expression: "user.displayName", pushStatus: "PUSH" },
  } as const;

  test("an assignment's own values win over the mappings'", () => {
    expect(applicationProfile(mappings, ada, { email: "other@x" })).toEqual({
      email: "other@x",
      givenName: "Ada",
      displayName: null,
    });
  });

  test("only properties with a place in SCIM travel, and DONT_PUSH shows", () => {
    const targets = new Map([
      ["email", { externalName: "emails.^[primary==true].value" }],
      ["givenName", { externalName: "name.givenName" }],
    ]);
    expect(
      scimAttributes({ userName: "x", email: "e", givenName: "g", secret: "s" }, mappings, targets),
    ).toEqual([
      { externalName: "emails.^[primary==true].value", value: "e", push: true },
      { externalName: "name.givenName", value: "g", push: false },
    ]);
  });
});

describe("setting an attribute", () => {
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

  test("in an extension adds its schema", () => {
    const body = { schemas: ["core"] };
    setAttribute(body, {
      externalName: "department",
      externalNamespace: enterprise,
      value: "Data",
      push: true,
    });
    expect(body).toEqual({ schemas: ["core", enterprise], [enterprise]: { department: "Data" } });
  });

  test("leaves other list elements alone", () => {
    const body = {
      emails: [
        { type: "home", value: "h" },
        { primary: true, value: "old", type: "work" },
      ],
    };
    setAttribute(body, { externalName: "emails.^[primary==true].value", value: "new", push: true });
    expect(body.emails).toEqual([
      { type: "home", value: "h" },
      { primary: true, value: "new", type: "work" },
    ]);
  });

  test("setting twice is setting once, and null undoes it", () => {
    const name = fc.constantFrom(
      "title",
      "name.givenName",
      "emails.^[primary==true].value",
      "phoneNumbers.^[type=='work'].value",
    );
    fc.assert(
      fc.property(
        name,
        fc.constantFrom(undefined, enterprise),
        fc.string(),
        (externalName, externalNamespace, value) => {
          const attribute = {
            externalName,
            value,
            push: true,
            ...(externalNamespace ? { externalNamespace } : {}),
          };
          const once: Record<string, unknown> = { schemas: [] };
          setAttribute(once, attribute);
          const twice = structuredClone(once);
          setAttribute(twice, attribute);
          expect(twice).toEqual(once);
          expect(JSON.stringify(once)).toContain(JSON.stringify(value));
          setAttribute(twice, { ...attribute, value: null });
          expect(JSON.stringify(twice)).not.toContain(`:${JSON.stringify(value)}`);
        },
      ),
    );
  });

  test.each(["", ".", "a..b", "emails[primary==true]", "a b"])("refuses %j", (externalName) => {
    expect(() => setAttribute({}, { externalName, value: "x", push: true })).toThrow(RangeError);
  });
});
