import { describe, expect, it } from "vitest";
import type { DesiredOktaApplication, OktaPush } from "../../src/desired/model.ts";
import type { Ask } from "../../src/program/ask.ts";
import { pinnedKeys } from "../../src/program/distinct-keys.ts";
import { oktaAssignmentKeys } from "../../src/program/okta-inputs.ts";
import { type FoundApplication, planOkta } from "../../src/program/okta-plan.ts";
import { type FindPushProblemsResult, type ResolvedPrincipal, TOKEN } from "../../src/provider/contract.ts";
import { answering, resolving } from "./answering.ts";

const at = (line: number) => ({ file: "spec.yaml", line, column: 9 });
const BY_NAME: OktaPush = { by: "name", name: "OM_owners", deleteTargetGroup: true, at: at(20) };
const BY_PREFIX: OktaPush = { by: "prefix", startsWith: "OM_", deleteTargetGroup: false, at: at(21) };

function desired(parts: Partial<DesiredOktaApplication> = {}): DesiredOktaApplication {
  return {
    name: "collate",
    product: "collate",
    idp: "okta",
    scimUrl: "https://acme.example/scim",
    token: { secret: "token" },
    exclusive: true,
    maxRemovals: 10,
    protect: false,
    scimGroupMappings: [],
    label: "Collate",
    carrier: { kind: "swa" },
    scim: "enabled",
    assignments: [{ kind: "user", name: "ada@acme.com", at: at(10) }],
    pushGroups: [],
    profileMappings: {},
    userNameTemplate: "",
    at: at(4),
    ...parts,
  };
}

interface Org {
  principals?: Record<string, Partial<ResolvedPrincipal>>;
  groups?: Record<string, { id: string; name: string }[]>;
  applications?: FoundApplication[];
  pushes?: Partial<FindPushProblemsResult>;
}

function org({ principals = {}, groups = {}, applications = [], pushes = {} }: Org): Ask {
  return answering({
    [TOKEN.resolveOktaPrincipals]: resolving(principals),
    [TOKEN.findOktaGroups]: ({ prefixes }: { prefixes: string[] }) => ({
      matches: prefixes.map((prefix) => ({ prefix, groups: groups[prefix] ?? [] })),
    }),
    [TOKEN.findOktaApplications]: () => ({ applications }),
    [TOKEN.findPushProblems]: () => ({ withoutMembers: [], alsoAssigned: [], ...pushes }),
  });
}

const application = (parts: Partial<FoundApplication>): FoundApplication => ({
  id: "0oa1",
  label: "Collate",
  name: "acme_collate_1",
  status: "ACTIVE",
  signOnMode: "SAML_2_0",
  features: [],
  ...parts,
});

const codes = (problems: { code: string; at: { line: number } }[]) =>
  problems.map(({ code, at: { line } }) => `${code} ${line}`);

describe("what the org says before anything is made", () => {
  it("is who is assigned and which groups are pushed; a group that the spec names counts as named", async () => {
    const groups = {
      OM_: [
        { id: "id of OM_owners", name: "OM_owners" },
        { id: "00g2", name: "OM_stewards" },
      ],
    };
    const { plans, problems, warnings } = await planOkta(
      [desired({ pushGroups: [BY_PREFIX, BY_NAME] })],
      org({ groups }),
    );
    expect([problems, warnings]).toEqual([[], []]);
    expect(plans[0]?.assignments).toEqual({ "user:ada@acme.com": "id of ada@acme.com" });
    expect(plans[0]?.pushes).toEqual({
      "id of OM_owners": { name: "OM_owners", status: "ACTIVE", deleteTargetGroup: true },
      "00g2": { name: "OM_stewards", prefix: "OM_", status: "ACTIVE", deleteTargetGroup: false },
    });
  });

  it("is both of two groups of one name, pinned by their ids", async () => {
    const team = { kind: "group", name: "Team", at: at(10) } as const;
    const assignments = [
      { ...team, id: "00g1" },
      { ...team, id: "00g2" },
      { ...team, name: "Others", id: "00g3" },
    ];
    const { plans } = await planOkta([desired({ assignments })], org({}));
    expect(plans[0]?.assignments).toEqual({
      "group:Team (00g1)": "00g1",
      "group:Team (00g2)": "00g2",
      "group:Others": "00g3",
    });
    expect(pinnedKeys(oktaAssignmentKeys(assignments))).toEqual(Object.keys(plans[0]?.assignments ?? {}));
  });

  it("refuses a user whose id is somebody else's, and warns of groups that their ids find under another name", async () => {
    const ada = { kind: "user", name: "ada@acme.com", id: "00u7", at: at(10) } as const;
    const { plans, problems, warnings } = await planOkta(
      [desired({ assignments: [ada], pushGroups: [{ ...BY_NAME, id: "00g1" }] })],
      org({
        principals: {
          "ada@acme.com": { id: "", problem: "missing", candidates: [{ id: "00u7", name: "bob@acme.com" }] },
          OM_owners: { displayName: "OM_interns" },
        },
      }),
    );
    expect([codes(problems), codes(warnings)]).toEqual([["other-user 10"], ["renamed-group 20"]]);
    expect(plans[0]?.pushes["00g1"]?.name).toBe("OM_interns");
  });

  it("warns of a prefix that no group has, and refuses one that more than a hundred have", async () => {
    const none = await planOkta([desired({ pushGroups: [BY_PREFIX] })], org({}));
    expect([codes(none.problems), codes(none.warnings)]).toEqual([[], ["empty-prefix 21"]]);
    const many = Array.from({ length: 101 }, (_, index) => ({ id: `00g${index}`, name: `OM_${index}` }));
    const wide = await planOkta([desired({ pushGroups: [BY_PREFIX] })], org({ groups: { OM_: many } }));
    expect([codes(wide.problems), codes(wide.warnings)]).toEqual([["wide-prefix 21"], []]);
    const fine = await planOkta(
      [desired({ pushGroups: [BY_PREFIX] })],
      org({ groups: { OM_: many.slice(1) } }),
    );
    expect(fine.problems).toEqual([]);
  });

  it("refuses two applications of the spec that are one in Okta, by id and by label", async () => {
    const { problems } = await planOkta(
      [
        desired({ name: "first", carrier: { kind: "existing", id: "0oa1" } }),
        desired({ carrier: { kind: "existing", label: "Collate" } }),
      ],
      org({ principals: { "ada@acme.com": { id: "00u1" } }, applications: [application({})] }),
    );
    expect(problems).toMatchObject([
      { code: "shared-application", message: expect.stringContaining('as first, "Collate"') },
    ]);
  });

  it("is which application a reference means, and nothing when it is none or several", async () => {
    const carrier = { kind: "existing", label: "Collate" } as const;
    const one = await planOkta([desired({ carrier })], org({ applications: [application({})] }));
    expect(one.plans[0]?.existing?.id).toBe("0oa1");
    const none = await planOkta([desired({ carrier })], org({}));
    expect(codes(none.problems)).toEqual(["unknown-application 4"]);
    const both = [application({}), application({ id: "0oa2", signOnMode: "AUTO_LOGIN" })];
    const two = await planOkta([desired({ carrier })], org({ applications: both }));
    expect(two.problems).toMatchObject([
      {
        code: "ambiguous-application",
        help: "pin one of them with id: 0oa1 (SAML_2_0), or 0oa2 (AUTO_LOGIN)",
      },
    ]);
    const pinned = await planOkta(
      [desired({ carrier: { kind: "existing", id: "0oa2" } })],
      org({ applications: both }),
    );
    expect(pinned.plans[0]?.existing?.id).toBe("0oa2");
  });

  it("warns of a second application that people sign in to the same way", async () => {
    const applications = [
      application({}),
      application({ id: "0oa2" }),
      application({ id: "0oa3", signOnMode: "BOOKMARK" }),
    ];
    const carrier = {
      kind: "saml",
      ssoUrl: "https://collate.acme.com/callback",
      audience: "collate",
    } as const;
    const { problems, warnings } = await planOkta([desired({ carrier })], org({ applications }));
    expect(problems).toEqual([]);
    expect(warnings).toMatchObject([
      {
        code: "duplicate-application",
        message: 'there are 2 applications with the label "Collate": 0oa1, 0oa2',
      },
    ]);
    const alone = await planOkta([desired({ carrier })], org({ applications: applications.slice(1) }));
    expect(alone.warnings).toEqual([]);
  });

  it("refuses a push that would arrive empty, and warns of empty groups, groups also assigned and people not active", async () => {
    const { problems, warnings } = await planOkta(
      [desired({ pushGroups: [BY_NAME, BY_PREFIX] })],
      org({
        groups: { OM_: [{ id: "00g2", name: "OM_stewards" }] },
        principals: { "ada@acme.com": { problem: "disabled" } },
        pushes: {
          withoutMembers: [
            { id: "id of OM_owners", name: "OM_owners", members: 2 },
            { id: "00g2", name: "OM_stewards", members: 0 },
          ],
          alsoAssigned: ["OM_stewards"],
        },
      }),
    );
    expect(codes(problems)).toEqual(["pushed-without-members 20"]);
    expect(codes(warnings)).toEqual(["inactive-user 10", "empty-group 21", "assigned-and-pushed 21"]);
  });

  it("is every name that nobody bears, among those assigned and those pushed", async () => {
    const nobody = { id: "", problem: "missing" } as const;
    const { problems } = await planOkta(
      [desired({ pushGroups: [BY_NAME] })],
      org({ principals: { "ada@acme.com": nobody, OM_owners: nobody } }),
    );
    expect(codes(problems)).toEqual(["unknown-user 10", "unknown-group 20"]);
    expect(problems.map(({ help }) => help)).toEqual([
      expect.stringMatching(/^check the spelling: it is the user's login,.*not in Okta yet, create it there/),
      expect.stringMatching(/^check the spelling: it is the group's name;/),
    ]);
  });
});
