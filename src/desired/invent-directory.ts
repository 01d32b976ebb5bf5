import { toEntraGroup, toEntraUser, toOktaGroup, toOktaUser } from "../directory/entries.ts";
import { directorySchema } from "../directory/file-schema.ts";
import type { Directories } from "../directory/load.ts";
import type { DesiredState } from "./model.ts";

/**
 * People and groups for a spec that has no directory: every user it names exists, every group it names has two members of its
 * own, and every prefix matches one group. Ids that the spec pins are kept. Equal states give equal directories.
 */
export function inventDirectory(desired: DesiredState): Directories {
  const entra = new Invention();
  const okta = new Invention();
  for (const application of desired.applications) {
    const tenant = application.idp === "entra" ? entra : okta;
    for (const { kind, name, id } of application.assignments) {
      if (kind === "user") tenant.user(name, id);
      else tenant.group(name, id);
    }
    if (application.idp !== "okta") continue;
    for (const push of application.pushGroups) {
      if (push.by === "prefix") {
        if (!okta.someGroup((name) => name.startsWith(push.startsWith)))
          okta.group(`${push.startsWith}example`);
      } else okta.group(push.name, push.id);
    }
    // Only members who are assigned arrive, so those of pushed groups are made members of an assigned one.
    const assigned = application.assignments.find((assignment) => assignment.kind === "group");
    if (assigned) {
      for (const push of application.pushGroups) {
        const matches =
          push.by === "name"
            ? (name: string) => name === push.name
            : (name: string) => name.startsWith(push.startsWith);
        okta.joinAll(matches, assigned.name);
      }
    }
  }
  const file = directorySchema.parse({
    entra: {
      users: entra.users().map(({ name, ...person }) => ({
        userPrincipalName: name,
        givenName: person.first,
        surname: person.last,
      })),
      groups: entra.groups().map(({ name, members }) => ({ displayName: name, members })),
    },
    okta: {
      users: okta.users().map(({ name, first, last }) => ({ login: name, firstName: first, lastName: last })),
      groups: okta.groups().map(({ name, members }) => ({ name, members })),
    },
  });
  return {
    entra: {
      users: entra.withIds(file.entra.users.map(toEntraUser), (user) => user.userPrincipalName),
      groups: entra.withIds(
        file.entra.groups.map((group) =>
          entra.withMemberIds(
            toEntraGroup(group, () => true),
            group.members,
          ),
        ),
        (group) => group.displayName,
      ),
    },
    okta: {
      users: okta.withIds(file.okta.users.map(toOktaUser), (user) => user.profile.login),
      groups: okta.withIds(
        file.okta.groups.map((group) => okta.withMemberIds(toOktaGroup(group), group.members)),
        (group) => group.profile.name,
      ),
    },
  };
}

const FIRST_NAMES = ["Alex", "Bea", "Chris", "Dana", "Eli", "Fay", "Gil", "Hana", "Ivo", "Jo"];

/** The people and groups of one tenant while they are being made up. */
class Invention {
  readonly #users = new Map<string, { name: string; first: string; last: string }>();
  readonly #groups = new Map<string, { name: string; members: string[] }>();
  readonly #pinned = new Map<string, string>();

  user(name: string, id?: string): void {
    const [local = name] = name.split("@");
    const [first = local, last = "Example"] = local.split(/[._-]/).map(capital);
    if (!this.#users.has(name.toLowerCase())) this.#users.set(name.toLowerCase(), { name, first, last });
    if (id !== undefined) this.#pinned.set(name.toLowerCase(), id);
  }

  group(name: string, id?: string): void {
    if (id !== undefined) this.#pinned.set(name.toLowerCase(), id);
    if (this.#groups.has(name.toLowerCase())) return;
    const slug =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "") || "group";
    const members = [0, 1].map((offset) => {
      const first = FIRST_NAMES[(this.#groups.size * 2 + offset) % FIRST_NAMES.length] ?? "Alex";
      const member = `${first.toLowerCase()}.${slug}@invented.example`;
      this.#users.set(member, { name: member, first, last: slug.split("-").map(capital).join(" ") });
      return member;
    });
    this.#groups.set(name.toLowerCase(), { name, members });
  }

  someGroup(matches: (name: string) => boolean): boolean {
    return this.groups().some((group) => matches(group.name));
  }

  /** Makes the members of matching groups members of another. */
  joinAll(matches: (name: string) => boolean, other: string): void {
    const target = this.#groups.get(other.toLowerCase());
    if (!target) return;
    for (const group of this.groups()) {
      if (matches(group.name)) target.members = [...new Set([...target.members, ...group.members])];
    }
  }

  users() {
    return [...this.#users.values()];
  }

  groups() {
    return [...this.#groups.values()];
  }

  withIds<T extends { id: string }>(objects: T[], nameOf: (object: T) => string): T[] {
    return objects.map((object) => ({
      ...object,
      id: this.#pinned.get(nameOf(object).toLowerCase()) ?? object.id,
    }));
  }

  withMemberIds<T extends { members: string[] }>(group: T, names: string[]): T {
    return {
      ...group,
      members: group.members.map((id, at) => this.#pinned.get(names[at]?.toLowerCase() ?? "") ?? id),
    };
  }
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
