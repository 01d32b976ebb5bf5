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
        okta.joinAll(matches, assigned.name, assigned.id);
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
      users: entra.withUserIds(file.entra.users.map(toEntraUser), (user) => user.userPrincipalName),
      groups: entra.withGroupIds(
        file.entra.groups.map((group) =>
          entra.withMemberIds(
            toEntraGroup(group, () => true),
            group.members,
          ),
        ),
      ),
    },
    okta: {
      users: okta.withUserIds(file.okta.users.map(toOktaUser), (user) => user.profile.login),
      groups: okta.withGroupIds(
        file.okta.groups.map((group) => okta.withMemberIds(toOktaGroup(group), group.members)),
      ),
    },
  };
}

const FIRST_NAMES = ["Alex", "Bea", "Chris", "Dana", "Eli", "Fay", "Gil", "Hana", "Ivo", "Jo"];

interface InventedGroup {
  name: string;
  /** When the spec pins it. */
  id?: string;
  members: string[];
}

/** The people and groups of one tenant while they are being made up. */
class Invention {
  readonly #users = new Map<string, { name: string; first: string; last: string }>();
  readonly #groups: InventedGroup[] = [];
  readonly #byName = new Map<string, InventedGroup[]>();
  readonly #pinned = new Map<string, string>();

  user(name: string, id?: string): void {
    const [local = name] = name.split("@");
    const [first = local, last = "Example"] = local.split(/[._-]/).map(capital);
    if (!this.#users.has(name.toLowerCase())) this.#users.set(name.toLowerCase(), { name, first, last });
    if (id !== undefined) this.#pinned.set(name.toLowerCase(), id);
  }

  group(name: string, id?: string): void {
    const known = this.#find(name, id);
    if (known) {
      if (id !== undefined) known.id = id;
      return;
    }
    const namesakes = this.#namesakes(name).length;
    const slug =
      (name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "") || "group") + (namesakes > 0 ? `-${namesakes + 1}` : "");
    const members = [0, 1].map((offset) => {
      const first = FIRST_NAMES[(this.#groups.length * 2 + offset) % FIRST_NAMES.length] ?? "Alex";
      const member = `${first.toLowerCase()}.${slug}@invented.example`;
      this.#users.set(member, { name: member, first, last: slug.split("-").map(capital).join(" ") });
      return member;
    });
    const made = { name, members, ...(id === undefined ? {} : { id }) };
    this.#groups.push(made);
    this.#byName.set(name.toLowerCase(), [...this.#namesakes(name), made]);
  }

  /** The group that is meant. A name stands for the first that bears it, and ids tell namesakes apart. */
  #find(name: string, id?: string): InventedGroup | undefined {
    const namesakes = this.#namesakes(name);
    if (id === undefined) return namesakes[0];
    return namesakes.find((one) => one.id === id) ?? namesakes.find((one) => one.id === undefined);
  }

  #namesakes(name: string): InventedGroup[] {
    return this.#byName.get(name.toLowerCase()) ?? [];
  }

  someGroup(matches: (name: string) => boolean): boolean {
    return this.groups().some((group) => matches(group.name));
  }

  /** Makes the members of matching groups members of another. */
  joinAll(matches: (name: string) => boolean, name: string, id?: string): void {
    const target = this.#find(name, id);
    if (!target) return;
    for (const group of this.groups()) {
      if (matches(group.name)) target.members = [...new Set([...target.members, ...group.members])];
    }
  }

  users() {
    return [...this.#users.values()];
  }

  groups(): readonly InventedGroup[] {
    return this.#groups;
  }

  withUserIds<T extends { id: string }>(objects: T[], nameOf: (object: T) => string): T[] {
    return objects.map((object) => ({
      ...object,
      id: this.#pinned.get(nameOf(object).toLowerCase()) ?? object.id,
    }));
  }

  /** @param objects in the order of `groups` */
  withGroupIds<T extends { id: string }>(objects: T[]): T[] {
    return objects.map((object, index) => ({ ...object, id: this.#groups[index]?.id ?? object.id }));
  }

  withMemberIds<T extends { members: string[] }>(group: T, names: string[]): T {
    return {
      ...group,
      members: group.members.map((id, at) => this.#pinned.get(names[at]?.toLowerCase() ?? "") ?? id),
    };
  }
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
