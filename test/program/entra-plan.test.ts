import { describe, expect, it } from "vitest";
import type { DesiredEntraApplication, EntraAssignment } from "../../src/desired/model.ts";
import type { Ask } from "../../src/program/ask.ts";
import { pinnedKeys } from "../../src/program/distinct-keys.ts";
import { assignmentKeys } from "../../src/program/entra-inputs.ts";
import { planEntra } from "../../src/program/entra-plan.ts";
import {
  type FindEntraApplicationsResult,
  type FindRoleOverlapsResult,
  type ResolvedPrincipal,
  TOKEN,
} from "../../src/provider/contract.ts";
import { answering, resolving } from "./answering.ts";

const at = (line: number) => ({ file: "spec.yaml", line, column: 9 });
const READER: EntraAssignment = { kind: "group", name: "governance-team", role: "Reader", at: at(10) };
const ADMIN: EntraAssignment = { kind: "user", name: "ada@acme.com", role: "Admin", at: at(11) };

function desired(
  assignments: EntraAssignment[],
  expression = "SingleAppRoleAssignment([appRoleAssignments])",
): DesiredEntraApplication {
  return {
    name: "datahub",
    product: "datahub",
    idp: "entra",
    scimUrl: "https://acme.example/scim",
    tenantUrl: "https://acme.example/scim",
    token: { secret: "token" },
    exclusive: true,
    maxRemovals: 10,
    protect: false,
    scimGroupMappings: [],
    displayName: "DataHub",
    scope: "assigned",
    roles: [],
    assignments,
    mappings: {
      base: "template",
      user: { roles: { expression, matchingPriority: 0, apply: "always" } },
      targetAttributes: [],
    },
    provisioning: { status: "paused", onDelete: "leave" },
    at: at(4),
  };
}

interface Tenant {
  principals?: Record<string, Partial<ResolvedPrincipal>>;
  overlaps?: Partial<FindRoleOverlapsResult>;
  applications?: FindEntraApplicationsResult["applications"];
}

/** Answers as the provider does; a call that it does not know is an error. */
function tenant({ principals = {}, overlaps = {}, applications = [] }: Tenant): Ask {
  return answering({
    [TOKEN.resolveEntraPrincipals]: resolving(principals),
    [TOKEN.findRoleOverlaps]: () => ({ people: [], nested: [], ...overlaps }),
    [TOKEN.findEntraApplications]: () => ({ applications }),
  });
}

describe("what the tenant says before anything is made", () => {
  it("is who the names are", async () => {
    const { plans, problems, warnings } = await planEntra([desired([READER, ADMIN])], tenant({}));
    expect([problems, warnings]).toEqual([[], []]);
    expect(plans[0]?.assignments).toEqual({
      "group:governance-team Reader": "id of governance-team",
      "user:ada@acme.com Admin": "id of ada@acme.com",
    });
  });

  it("has the template's own role where the spec gives none", () => {
    expect([...assignmentKeys([{ kind: "group", name: "all", at: at(1) }]).values()]).toEqual([
      "group:all User",
    ]);
  });

  it("is both of two groups of one name, pinned by their ids", async () => {
    const team: EntraAssignment = { kind: "group", name: "Team", role: "Reader", at: at(10) };
    const assignments = [
      { ...team, id: "1111" },
      { ...team, id: "2222" },
      { ...team, name: "Others", id: "3333" },
    ];
    const { plans } = await planEntra([desired(assignments)], tenant({}));
    expect(plans[0]?.assignments).toEqual({
      "group:Team (1111) Reader": "1111",
      "group:Team (2222) Reader": "2222",
      "group:Others Reader": "3333",
    });
    expect(pinnedKeys(assignmentKeys(assignments))).toEqual(Object.keys(plans[0]?.assignments ?? {}));
  });

  it("is every name that is missing or borne by several, with the candidates, and what is declared stays out of the plan", async () => {
    const { plans, problems } = await planEntra(
      [desired([READER, ADMIN, { ...ADMIN, name: "bo@acme.com", id: "42", at: at(12) }])],
      tenant({
        principals: {
          "governance-team": {
            id: "",
            problem: "ambiguous",
            candidates: [
              { id: "1", name: "governance-team", description: "ours" },
              { id: "2", name: "governance-team" },
            ],
          },
          "ada@acme.com": {
            id: "",
            problem: "missing",
            candidates: [{ id: "3", name: "ada.king@acme.com" }],
          },
          "bo@acme.com": { id: "", problem: "missing" },
        },
      }),
    );
    expect(problems.map(({ code, at: { line }, message, help }) => [code, line, message, help])).toEqual([
      [
        "ambiguous-group",
        10,
        'there are 2 groups named "governance-team"',
        'pin one of them with id: "governance-team" (1, ours), or "governance-team" (2)',
      ],
      ["unknown-user", 11, 'there is no user "ada@acme.com"', 'did you mean "ada.king@acme.com" (3)?'],
      [
        "unknown-user",
        12,
        'there is no user with the id 42 ("bo@acme.com")',
        "look the id up in Entra, or remove id: so that the name decides",
      ],
    ]);
    expect(plans[0]?.assignments).toEqual({});
  });

  it("refuses a user whose id is somebody else's, and warns of a group that its id finds under another name", async () => {
    const { problems, warnings } = await planEntra(
      [
        desired([
          { ...READER, id: "1" },
          { ...ADMIN, id: "7" },
        ]),
      ],
      tenant({
        principals: {
          "governance-team": { displayName: "interns" },
          "ada@acme.com": { id: "", problem: "missing", candidates: [{ id: "7", name: "bob@acme.com" }] },
        },
      }),
    );
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ["other-user", 'the user with the id 7 is "bob@acme.com", and not "ada@acme.com"'],
    ]);
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      [
        "renamed-group",
        'the group with the id 1 is called "interns", and the spec calls it "governance-team"',
      ],
    ]);
  });

  it("is who would get two roles, where only one can travel", async () => {
    const overlaps = {
      people: [
        {
          userPrincipalName: "sid@acme.com",
          via: [
            { key: "group:governance-team Reader", role: "Reader" },
            { key: "user:ada@acme.com Admin", role: "Admin" },
          ],
        },
      ],
    };
    const { problems } = await planEntra([desired([READER, ADMIN])], tenant({ overlaps }));
    expect(problems).toMatchObject([
      {
        code: "role-conflict",
        at: { line: 11 },
        message:
          "sid@acme.com would get Reader through group:governance-team and Admin through user:ada@acme.com",
      },
    ]);
    const complex = desired([READER, ADMIN], "AppRoleAssignmentsComplex([appRoleAssignments])");
    expect((await planEntra([complex], tenant({ overlaps }))).problems).toEqual([]);
  });

  it("warns of groups inside groups, of people who are disabled, and of two applications of one name", async () => {
    const application = {
      displayName: "DataHub",
      applicationObjectId: "a",
      servicePrincipalObjectId: "b",
      appId: "c",
      applicationTemplateId: null,
    };
    const { problems, warnings } = await planEntra(
      [desired([READER, ADMIN])],
      tenant({
        overlaps: { nested: [{ key: "group:governance-team Reader", groups: ["analysts", "interns"] }] },
        principals: { "ada@acme.com": { problem: "disabled" } },
        applications: [application, { ...application, applicationObjectId: "z" }],
      }),
    );
    expect(problems).toEqual([]);
    expect(warnings.map(({ code, at: { line }, message }) => [code, line, message])).toEqual([
      [
        "nested-group",
        10,
        "group:governance-team contains the groups analysts, interns, whose members do not arrive",
      ],
      ["disabled-user", 11, "ada@acme.com is disabled in Entra"],
      ["duplicate-application", 4, 'there are 2 applications with the name "DataHub": a, z'],
    ]);
  });

  it("is asked nothing when no application is Entra's", async () => {
    const ask: Ask = () => Promise.reject(new Error("Not expected"));
    expect(await planEntra([], ask)).toEqual({ plans: [], problems: [], warnings: [] });
  });
});
