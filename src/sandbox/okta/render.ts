import type { Json, StoredGroup, StoredUser } from "./model.ts";
import type { OrgState } from "./state.ts";

export function renderUser(state: OrgState, user: StoredUser): Json {
  const type = { id: state.ownId("userType", "oty") };
  const self = `${state.url}/api/v1/users/${user.id}`;
  return {
    id: user.id,
    status: user.status,
    created: user.created,
    activated: user.activated,
    statusChanged: user.statusChanged,
    lastLogin: null,
    lastUpdated: user.lastUpdated,
    passwordChanged: user.passwordChanged,
    type,
    profile: { mobilePhone: null, secondEmail: null, ...user.profile },
    credentials: { provider: { type: "OKTA", name: "OKTA" } },
    _links: {
      schema: { href: `${state.url}/api/v1/meta/schemas/user/${state.ownId("userSchema", "osc")}` },
      self: { href: self },
      type: { href: `${state.url}/api/v1/meta/types/user/${type.id}` },
    },
  };
}

export function renderGroup(state: OrgState, group: StoredGroup): Json {
  const self = `${state.url}/api/v1/groups/${group.id}`;
  return {
    id: group.id,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
    objectClass: ["okta:user_group"],
    type: group.type,
    profile: group.profile,
    ...(group.source ? { source: { id: group.source.appId } } : {}),
    _links: {
      logo: [],
      owners: { href: `${self}/owners` },
      users: { href: `${self}/users` },
      apps: { href: `${self}/apps` },
      ...(group.source ? { source: { href: `${state.url}/api/v1/apps/${group.source.appId}` } } : {}),
    },
  };
}
