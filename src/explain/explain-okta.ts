import { SCIM_PROPERTIES } from "../defaults/okta-properties.ts";
import { expectedArrivals } from "../desired/expected-arrivals.ts";
import { assignedInOkta, matchesPush, oktaDisplayName, pushedFromOkta } from "../desired/expected-okta.ts";
import type { DesiredOktaApplication } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import type { OktaGroup, OktaUser } from "../directory/okta.ts";
import {
  applicationProfile,
  applicationUserName,
  decide,
  ExpressionError,
  type ProfileMapping,
  type PropertyTarget,
  provisionUser,
  pushGroup,
  scimAttributes,
  type UserNameTemplate,
} from "../provisioning/okta/index.ts";
import { conflictsOf, sameEmail } from "./conflicts.ts";
import { type ExplainedAttribute, type Explanation, NO_VALUE } from "./explanation.ts";
import { firstContact, productId } from "./first-contact.ts";
import { joinKeys } from "./join-keys.ts";
import { outcomeForAbsent, outcomeForGroup, outcomeForUser } from "./outcome.ts";

const PLACEHOLDER = "(a placeholder that Okta makes up)";

/** What Okta would send for a person, with the spec's profile mappings over those that Okta sets up with SCIM. */
export function explainOktaUser(
  application: DesiredOktaApplication,
  directories: Directories,
  user: OktaUser,
): Explanation {
  const { grants } = assignedInOkta(application, directories.okta, []);
  const via = (grants.get(user.id) ?? []).map((grant) => grant.via);
  const known = {
    userStatus: user.status,
    assigned: via.length > 0,
    actions: actionsOf(application),
    applicationActive: true,
    assignedBeforeScim: false,
  };
  const decision = decide({ ...known, hasAccount: false });
  const ifIn = decide({ ...known, hasAccount: true }).action === "deactivate" ? "deactivated" : "untouched";
  const mapped = explainProfile(application, user);
  const arrives = decision.action === "provision" && mapped.userName !== null;
  const attributes = arrives ? mapped.attributes : [];
  return {
    ...heading(application),
    subject: {
      kind: "user",
      name: user.profile.login,
      displayName: oktaDisplayName(user) || user.profile.login,
      id: user.id,
    },
    access: {
      arrives,
      via,
      why: [
        via.length > 0
          ? `Assigned by ${via.join(", and by ")}: ${decision.action === "provision" ? "Okta creates the account" : decision.reason}.`
          : "No assignment of the spec reaches this person.",
        ...scimNotes(application),
      ],
    },
    attributes,
    requests: arrives
      ? firstContact(
          user.profile.login,
          provisionUser("wizard", {
            oktaId: user.id,
            userName: mapped.userName ?? "",
            pushUserName: false,
            attributes: mapped.outgoing,
            password: PLACEHOLDER,
          }),
        )
      : [],
    joinKeys: joinKeys(application, attributes, {
      value: user.id,
      from: "the claim sub of Okta's tokens, which is the id of the user",
    }),
    outcome: arrives
      ? outcomeForUser(application, directories, { id: user.id, attributes })
      : outcomeForAbsent(application, ifIn),
    conflicts: [
      ...mapped.problems,
      ...conflictsOf(expectedArrivals(application, directories), [
        user.profile.login,
        mapped.userName,
        ...directories.okta.groups
          .filter(({ members }) => members.includes(user.id))
          .map(({ profile }) => profile.name),
      ]),
      ...(arrives ? sameEmail(mapped.email, othersIn(application, directories, user, grants)) : []),
    ],
  };
}

export function explainOktaGroup(
  application: DesiredOktaApplication,
  directories: Directories,
  group: OktaGroup,
): Explanation {
  const { name } = group.profile;
  const isPushed = pushedFromOkta(application, directories.okta, []).includes(group);
  const push = application.pushGroups.find(
    (one) =>
      isPushed && (one.by === "name" && one.id !== undefined ? one.id === group.id : matchesPush(one, group)),
  );
  const assigned = assignedInOkta(application, directories.okta, []).groups.includes(group);
  const arrives = push !== undefined && application.scim !== "paused";
  const members = expectedArrivals(application, directories)
    .memberships.filter((membership) => membership.group === name)
    .map(({ userName }) => ({ value: productId(userName), display: userName }));
  return {
    ...heading(application),
    subject: { kind: "group", name, displayName: name, id: group.id },
    access: {
      arrives,
      via: push
        ? [push.by === "name" ? "a push by name" : `the push of groups that start with ${push.startsWith}`]
        : [],
      why: [
        push
          ? "It is pushed, and carries those members who are assigned to the application as well."
          : assigned
            ? "It is assigned and not pushed: its members arrive as users, and the group does not."
            : "It is neither pushed nor assigned.",
        ...scimNotes(application),
      ],
    },
    attributes: [],
    requests: arrives ? firstContact(name, pushGroup("wizard", { displayName: name, members })) : [],
    outcome: outcomeForGroup(application, directories, name, arrives),
    conflicts: conflictsOf(expectedArrivals(application, directories), [name]),
  };
}

function othersIn(
  application: DesiredOktaApplication,
  { okta }: Directories,
  user: OktaUser,
  grants: ReadonlyMap<string, unknown>,
) {
  return okta.users
    .filter((other) => other.id !== user.id && other.status === "ACTIVE" && grants.has(other.id))
    .map((other) => ({ name: other.profile.login, email: explainProfile(application, other).email }));
}

const heading = ({ name, product }: DesiredOktaApplication) =>
  ({ application: name, product, idp: "okta" }) as const;

function scimNotes({ scim }: DesiredOktaApplication): string[] {
  if (scim === "pending")
    return ["SCIM is still pending: nothing is sent until a person has switched it on in Okta."];
  return scim === "paused" ? ["SCIM is paused in the spec: nothing is sent."] : [];
}

/** The switches as `up` tells a person to set them. */
const actionsOf = ({ scim, pushGroups }: DesiredOktaApplication) =>
  scim === "paused"
    ? null
    : {
        createUsers: true,
        updateUsers: true,
        deactivateUsers: true,
        syncPassword: false,
        pushGroups: pushGroups.length > 0,
      };

function explainProfile({ profileMappings, userNameTemplate }: DesiredOktaApplication, user: OktaUser) {
  const mappings: Record<string, ProfileMapping> = Object.fromEntries(
    SCIM_PROPERTIES.map(({ name, mapping }) => [name, { expression: mapping, pushStatus: "PUSH" }]),
  );
  for (const [name, { expression, push }] of Object.entries(profileMappings))
    mappings[name] = { expression, pushStatus: push ? "PUSH" : "DONT_PUSH" };
  const targets = new Map<string, PropertyTarget>(
    SCIM_PROPERTIES.map(({ name, externalName, externalNamespace }) => [
      name,
      { externalName, externalNamespace },
    ]),
  );
  const template: UserNameTemplate = { template: userNameTemplate, type: "BUILT_IN" };
  const userName = applicationUserName(template, user);
  const problems: string[] = [];
  const profile: Record<string, string | null> = {};
  const attributes: ExplainedAttribute[] = [
    attribute(
      "userName",
      userNameTemplate,
      user,
      userName,
      userName === null ? "empty, so nobody is created" : undefined,
    ),
    {
      target: "externalId",
      expression: "the id of the Okta user",
      source: {},
      value: user.id,
      note: "Okta's own, no mapping changes it",
    },
  ];
  for (const [name, mapping] of Object.entries(mappings)) {
    const target = targets.get(name);
    try {
      profile[name] = applicationProfile({ [name]: mapping }, user)[name] ?? null;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push(`The mapping to ${name} is not evaluable offline: ${error.message}.`);
      profile[name] = null;
    }
    if (!target && !(name in profileMappings)) continue;
    // Okta's own defaults are many, and most of a person's profile is empty.
    if (profile[name] === null && !(name in profileMappings)) continue;
    const note = target
      ? mapping.pushStatus === "DONT_PUSH"
        ? "when the person is created, and not later"
        : undefined
      : "stays in Okta unless the application's profile gives it a place in SCIM";
    attributes.push(
      attribute(target?.externalName ?? name, mapping.expression, user, profile[name] ?? null, note),
    );
  }
  return {
    userName,
    email: profile.email ?? null,
    attributes,
    problems,
    outgoing: scimAttributes(profile, mappings, targets),
  };
}

function attribute(
  target: string,
  expression: string,
  user: OktaUser,
  value: string | null,
  note: string | undefined,
): ExplainedAttribute {
  const read = [...expression.matchAll(/\b(?:user|source)\.(\w+)/g)].map(([, name = ""]) => name);
  return {
    target,
    expression,
    source: Object.fromEntries([...new Set(read)].map((name) => [name, user.profile[name] ?? null])),
    value,
    ...((note ?? (value === null ? "empty" : undefined)) ? { note: note ?? NO_VALUE } : {}),
  };
}
