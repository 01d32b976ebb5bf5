import { describe, expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { appRoleId } from "../../src/desired/identifiers.ts";
import type {
  DesiredApplication,
  DesiredEntraApplication,
  DesiredOktaApplication,
} from "../../src/desired/model.ts";
import { specFolder } from "../spec/spec-files.ts";

const folder = specFolder();

function desired(overlay: string): Record<string, DesiredApplication> {
  const { spec, diagnostics } = folder.overlay(overlay);
  if (!spec) throw new Error(JSON.stringify(diagnostics, null, 2));
  return Object.fromEntries(
    toDesiredState(spec).applications.map((application) => [application.name, application]),
  );
}

const entra = (overlay: string, name: string) => desired(overlay)[name] as DesiredEntraApplication;
const okta = (overlay: string, name: string) => desired(overlay)[name] as DesiredOktaApplication;

it("ids of app roles are the same for ever", () => {
  // Assignments in every tenant point at these. A failure here means that everybody would lose access.
  expect(["Admin", "Editor", "Reader"].map((value) => appRoleId("datahub", value))).toEqual([
    "84c7c674-5edd-5085-9949-956c502074ab",
    "a023e535-4b3c-50f3-98f5-f089906d7edb",
    "66ff9621-d9ee-5de2-8ffe-993a8156b441",
  ]);
  expect(appRoleId("custom", "Viewer")).toBe("5b00f9b7-2c17-54a5-aa34-9fef96d80334");
});

it("ids of app roles are written as Graph writes them", () => {
  const id = "8F7A1C2E-3B4D-4E5F-9A0B-1C2D3E4F5A6B";
  const { roles } = entra(`applications: { datahub: { entra: { roleIds: { Admin: ${id} } } } }\n`, "datahub");
  expect(roles.find(({ value }) => value === "Admin")?.id).toBe(id.toLowerCase());
});

it("a role may be called as something that every object has", () => {
  const { roles } = entra(
    `applications:
  catalog:
    entra:
      roles: [{ value: constructor }]
      roleIds: {}
      assignments: [{ group: catalog-users, role: constructor }]
`,
    "catalog",
  );
  expect(roles.map(({ id }) => id)).toEqual([appRoleId("custom", "constructor")]);
});

describe("the SCIM URL", () => {
  it.each([
    ["datahub", "https://acme.acryl.io", "https://acme.acryl.io/gms/openapi/scim/v2"],
    ["datahub", "https://acme.acryl.io/", "https://acme.acryl.io/gms/openapi/scim/v2"],
    ["datahub", "https://acme.acryl.io//", "https://acme.acryl.io/gms/openapi/scim/v2"],
    ["datahub", "https://acme.example/catalog/", "https://acme.example/catalog/gms/openapi/scim/v2"],
    ["datahub", "https://acme.acryl.io/gms/openapi/scim/v2/", "https://acme.acryl.io/gms/openapi/scim/v2"],
    ["datahub", "HTTPS://ACME.acryl.io:443", "https://acme.acryl.io/gms/openapi/scim/v2"],
    ["datahub", "http://127.0.0.1:8080", "http://127.0.0.1:8080/gms/openapi/scim/v2"],
    ["dmm", "https://api.datamesh-manager.com", "https://api.datamesh-manager.com/api/scim/v2"],
    ["catalog", "https://catalog.acme.com/scim/v2/", "https://catalog.acme.com/scim/v2"],
  ])("%s at %s", (name, endpoint, url) => {
    expect(desired(`applications: { ${name}: { endpoint: "${endpoint}" } }\n`)[name]?.scimUrl).toBe(url);
  });

  it("carries Entra's flag where the product wants it, and where the spec asks for it", () => {
    const collate = (flag: string) =>
      entra(
        `applications:\n  collate:\n    product: collate\n    endpoint: https://c.example/api/v1/scim\n    token: { secret: c }\n    entra: { displayName: C, assignments: []${flag} }\n`,
        "collate",
      );
    expect(collate("").tenantUrl).toBe("https://c.example/api/v1/scim?aadOptscim062020");
    expect(collate("").scimUrl).toBe("https://c.example/api/v1/scim");
    expect(collate(", aadOptscim062020: false").tenantUrl).toBe("https://c.example/api/v1/scim");
    expect(entra("", "datahub").tenantUrl).toBe("https://acme.acryl.io/gms/openapi/scim/v2");
    expect(
      entra("applications: { catalog: { entra: { aadOptscim062020: true } } }\n", "catalog").tenantUrl,
    ).toContain("?aad");
  });
});

describe("defaults", () => {
  it("are cautious", () => {
    expect(entra("", "datahub")).toMatchObject({
      exclusive: true,
      maxRemovals: 10,
      protect: false,
      scope: "assigned",
      provisioning: { status: "paused", onDelete: "leave" },
    });
    expect(okta("", "hub-okta")).toMatchObject({
      scim: "pending",
      carrier: { kind: "swa" },
      userNameTemplate: `\${source.login}`,
      exclusive: true,
    });
  });

  it("protect production", () => {
    expect(desired("environment: prod\n").datahub?.protect).toBe(true);
    expect(desired("production: true\n").datahub?.protect).toBe(true);
    expect(desired("applications: { datahub: { protect: true } }\n").datahub?.protect).toBe(true);
  });

  it("are not exclusive for an application that existed before, unless that is chosen", () => {
    const existing = (more: string) =>
      `applications: { hub-okta: { ${more} okta: { existing: { label: Collate SSO }, assignments: [] } } }\n`;
    expect(okta(existing(""), "hub-okta")).toMatchObject({
      exclusive: false,
      carrier: { kind: "existing", label: "Collate SSO" },
    });
    expect(okta(existing("exclusive: true,"), "hub-okta").exclusive).toBe(true);
  });
});

describe("Entra", () => {
  it("DataHub has its three roles with value = displayName, and its one mapping", () => {
    const { roles, mappings } = entra("", "datahub");
    expect(
      roles.map(({ value, displayName, allowedMemberTypes }) => [value, displayName, allowedMemberTypes]),
    ).toEqual([
      ["Admin", "Admin", ["User"]],
      ["Editor", "Editor", ["User"]],
      ["Reader", "Reader", ["User"]],
    ]);
    expect(Object.keys(mappings.user)).toEqual(['roles[primary eq "True"].value']);
  });

  it("Data Mesh Manager takes userName from mail when told so, and keeps the other four mappings", () => {
    const { mappings, roles } = entra("applications: { dmm: { entra: { userNameFrom: mail } } }\n", "dmm");
    expect(mappings.user.userName).toEqual({ expression: "[mail]", matchingPriority: 1, apply: "always" });
    expect(Object.keys(mappings.user)).toHaveLength(5);
    expect(entra("", "dmm").mappings.user.userName?.expression).toBe("[userPrincipalName]");
    expect(roles).toEqual([]);
  });

  it("custom mappings are given in canonical spelling", () => {
    const { mappings } = entra(
      `applications:
  catalog:
    entra:
      mappings:
        user:
          userName: { attribute: mail, match: 1 }
          userType: { constant: 'said "Employee"', apply: onCreate }
          title: { expression: 'Join( " ",[givenName],   [surname] )', default: none }
        group:
          displayName: { attribute: displayName, match: 1 }
        targetAttributes: [{ name: userType }, { name: level, type: Integer }]
`,
      "catalog",
    );
    expect(mappings).toMatchObject({
      base: "template",
      user: {
        userName: { expression: "[mail]", matchingPriority: 1, apply: "always" },
        userType: { expression: '"said \\"Employee\\""', matchingPriority: 0, apply: "onCreate" },
        title: {
          expression: 'Join(" ", [givenName], [surname])',
          matchingPriority: 0,
          apply: "always",
          defaultValue: "none",
        },
      },
      group: { displayName: { expression: "[displayName]", matchingPriority: 1, apply: "always" } },
      targetAttributes: [
        { name: "userType", type: "String" },
        { name: "level", type: "Integer" },
      ],
    });
  });

  it("assignments know their line", () => {
    const text =
      "applications:\n  datahub:\n    entra:\n      assignments:\n        - { group: a, role: Reader }\n        - { user: b@c.d, role: Admin, id: 8F7A1C2E-3B4D-4E5F-9A0B-1C2D3E4F5A6B }\n";
    expect(entra(text, "datahub").assignments).toEqual([
      {
        kind: "group",
        name: "a",
        role: "Reader",
        at: { file: folder.path("example.yaml"), line: 6, column: 11 },
      },
      {
        kind: "user",
        name: "b@c.d",
        id: "8f7a1c2e-3b4d-4e5f-9a0b-1c2d3e4f5a6b",
        role: "Admin",
        at: { file: folder.path("example.yaml"), line: 7, column: 11 },
      },
    ]);
  });
});

describe("Okta", () => {
  it("has pushes by name and by prefix, and Collate's profile mappings", () => {
    const application = okta(
      `applications:
  collate:
    product: collate
    endpoint: https://c.example/api/v1/scim
    token: { secret: c, expires: 2027-12-31 }
    okta:
      label: Collate
      saml: { ssoUrl: "https://c.example/acs", audience: collate }
      userName: email
      assignments: [{ group: collate-users }, { user: ada, id: 00u1emaKYZTWRYYRRTSK }]
      pushGroups: [{ name: stewards }, { startsWith: OM_, deleteTargetGroup: true }]
`,
      "collate",
    );
    expect(application).toMatchObject({
      carrier: { kind: "saml", ssoUrl: "https://c.example/acs", audience: "collate" },
      userNameTemplate: `\${source.email}`,
      token: { secret: "c", expires: "2027-12-31" },
      assignments: [
        { kind: "group", name: "collate-users" },
        { kind: "user", name: "ada", id: "00u1emaKYZTWRYYRRTSK" },
      ],
      pushGroups: [
        { by: "name", name: "stewards", deleteTargetGroup: false },
        { by: "prefix", startsWith: "OM_", deleteTargetGroup: true },
      ],
    });
    expect(application.profileMappings.givenName).toEqual({ expression: "user.firstName", push: true });
  });
});

it("equal specs give equal states", () => {
  expect(desired("")).toEqual(desired(""));
});
