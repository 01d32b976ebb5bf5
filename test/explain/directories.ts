import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "yaml";
import type { DirectoryFile } from "../../src/directory/file-schema.ts";

const file: DirectoryFile = parse(readFileSync("config/directory.sandbox.yaml", "utf8"));

const text = fc.constantFrom("Zoë", "O'Neil", 'the "boss"', "Müller-Lüdenscheidt", "田中", "a, b; c\\d", "x");
const maybe = fc.option(text, { nil: null });

/** What may differ from person to person; addresses stay unlike each other, so that everybody can arrive. */
const changes = fc.record(
  {
    givenName: maybe,
    surname: maybe,
    displayName: text,
    jobTitle: maybe,
    department: maybe,
    officeLocation: maybe,
    mobilePhone: maybe,
    mailNickname: maybe,
    preferredLanguage: fc.constantFrom("de-DE", null),
    accountEnabled: fc.constantFrom(true, true, true, false),
    deleted: fc.constantFrom(true, false, false, false),
    mail: fc.constantFrom(undefined, undefined, null),
  },
  { requiredKeys: [] },
);

const oktaChanges = fc.record(
  { displayName: maybe, status: fc.constantFrom("ACTIVE", "SUSPENDED", "STAGED", "DEPROVISIONED") },
  { requiredKeys: [] },
);

/** Groups whose members have a role in DataHub: nobody may be in both. */
const WITH_ROLES = ["governance-team", "data-platform"];

/**
 * Directories on which config/sandbox.yaml can be applied: those names, other attributes, other members, and guests among them.
 * Groups keep one member at least.
 */
export const directoryFile: fc.Arbitrary<unknown> = fc
  .record({
    changes: fc.array(changes, { minLength: file.entra.users.length, maxLength: file.entra.users.length }),
    oktaChanges: fc.array(oktaChanges, {
      minLength: file.okta.users.length,
      maxLength: file.okta.users.length,
    }),
    joins: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 10, maxLength: 20 }),
    oktaJoins: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 10 }),
  })
  .map((random) => {
    const { entra, okta } = structuredClone(file);
    const users = entra.users.map((user, at) => ({ ...user, ...random.changes[at] }));
    // `up` refuses a spec that assigns somebody by name who is deleted.
    for (const user of users) if (user.userPrincipalName === "ada@sandbox.example") user.deleted = false;
    // A guest's userPrincipalName is not what arrives.
    const guest = users.find(({ userType }) => userType === "Guest");
    if (guest)
      entra.groups
        .find(({ displayName }) => displayName === "collate-users")
        ?.members.push(guest.userPrincipalName);
    for (const [who, where] of random.joins) {
      const { userPrincipalName } = users[who % users.length] ?? {};
      const group = entra.groups[where % entra.groups.length];
      if (!userPrincipalName || !group || group.members.includes(userPrincipalName)) continue;
      const taken = userPrincipalName === "ada@sandbox.example" || isIn(entra.groups, userPrincipalName);
      if (WITH_ROLES.includes(group.displayName) && taken) continue;
      // Ada is Steward of the catalogue by herself; a second role in it would fail her.
      if (group.displayName === "catalog-users" && userPrincipalName === "ada@sandbox.example") continue;
      group.members.push(userPrincipalName);
    }
    for (const [who, where] of random.oktaJoins) {
      const { login } = okta.users[who % okta.users.length] ?? {};
      const group = okta.groups[where % okta.groups.length];
      if (login && group && !group.members.includes(login)) group.members.push(login);
    }
    return {
      entra: { users, groups: entra.groups },
      okta: {
        users: okta.users.map((user, at) => ({ ...user, ...random.oktaChanges[at] })),
        groups: okta.groups,
      },
    };
  });

const isIn = (groups: DirectoryFile["entra"]["groups"], member: string) =>
  groups.some((group) => WITH_ROLES.includes(group.displayName) && group.members.includes(member));
