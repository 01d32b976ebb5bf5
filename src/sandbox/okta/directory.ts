import { missingFrom } from "../../directory/missing.ts";
import type { OktaDirectory } from "../../directory/okta.ts";
import { refuse } from "./errors.ts";
import type { StoredGroup, StoredUser } from "./model.ts";
import {
  addMember,
  changeGroup,
  changeProfile,
  createGroup,
  createUser,
  deleteGroupObject,
  deleteUser,
  removeMember,
  transition,
  type UserTransition,
  userByLogin,
} from "./people.ts";
import type { OrgState } from "./state.ts";

/**
 * Puts those of a directory into an org whom it lacks, ids included. Group members are ids.
 * @throws OktaError for names that occur twice.
 */
export function seedDirectory(state: OrgState, directory: OktaDirectory): void {
  const groups = new Map(state.groups.values().map((group) => [group.profile.name, group]));
  const ownGroups = directory.groups.filter(({ type }) => type === "OKTA_GROUP");
  const missing = missingFrom(
    { users: directory.users, groups: ownGroups },
    {
      user: ({ id, profile }) =>
        state.users.get(id) !== undefined || userByLogin(state, profile.login) !== undefined,
      group: ({ profile }) => groups.has(profile.name),
    },
  );
  for (const { id, status, profile } of missing.users) createUser(state, profile, status, id);
  for (const { id, profile, members } of missing.groups) {
    const group = createGroup(state, profile.name, profile.description, id);
    for (const member of members) addMember(state, group, state.user(member));
  }
  // Who is new joins the groups that were there already.
  const added = new Set(missing.users.map(({ id }) => id));
  for (const { profile, members } of ownGroups) {
    const group = groups.get(profile.name);
    if (!group) continue;
    for (const member of members) if (added.has(member)) addMember(state, group, state.user(member));
  }
}

/** The people of an org changed by their names, as somebody in HR or an administrator would. Each throws OktaError E0000007 for a name that is not there. */
export class People {
  readonly #state: OrgState;

  constructor(state: OrgState) {
    this.#state = state;
  }

  addMember(group: string, login: string): void {
    this.#change(() => addMember(this.#state, this.#group(group), this.#user(login)));
  }

  removeMember(group: string, login: string): void {
    this.#change(() => removeMember(this.#state, this.#group(group), this.#user(login)));
  }

  /** @throws OktaError E0000038 when the person's status does not allow it. */
  change(login: string, how: UserTransition): void {
    this.#change(() => transition(this.#state, this.#user(login), how));
  }

  update(login: string, profile: Record<string, string | null>): void {
    this.#change(() => changeProfile(this.#state, this.#user(login), profile));
  }

  /** Deactivates the person where needed, then deletes them. */
  delete(login: string): void {
    this.#change(() => {
      const user = this.#user(login);
      if (user.status !== "DEPROVISIONED") transition(this.#state, user, "deactivate");
      deleteUser(this.#state, user);
    });
  }

  rename(group: string, name: string): void {
    this.#change(() => {
      const found = this.#group(group);
      changeGroup(this.#state, found, name, found.profile.description);
    });
  }

  deleteGroup(group: string): void {
    this.#change(() => deleteGroupObject(this.#state, this.#group(group)));
  }

  #change(work: () => void): void {
    this.#state.store.transaction(work);
  }

  #user(login: string): StoredUser {
    const user = userByLogin(this.#state, login);
    if (!user) throw refuse.notFound(login, "User");
    return user;
  }

  #group(name: string): StoredGroup {
    const group = this.#state.groups
      .values()
      .find((candidate) => candidate.type !== "APP_GROUP" && candidate.profile.name === name);
    if (!group) throw refuse.notFound(name, "UserGroup");
    return group;
  }
}

/** The directory as it is now. */
export function readDirectory(state: OrgState): OktaDirectory {
  return {
    users: state.users.values().map(({ id, status, profile }) => ({ id, status, profile: { ...profile } })),
    groups: state.groups.values().map(({ id, type, profile, members }) => ({
      id,
      type,
      profile: { ...profile },
      members: [...members],
    })),
  };
}
