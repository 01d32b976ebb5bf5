import type { OktaClient } from "../../clients/okta/client.ts";
import {
  groupsById,
  groupsByName,
  groupsStartingWith,
  type OktaApiGroup,
  type OktaApiUser,
  usersById,
  usersByLogin,
  usersStartingWith,
} from "../../clients/okta/principals.ts";
import type {
  ResolvedPrincipal,
  ResolveOktaPrincipalsArgs,
  ResolveOktaPrincipalsResult,
} from "../contract.ts";
import type { Context } from "../engine/resource.ts";
import { type Candidate, resolve, shown } from "../resolve.ts";

/**
 * Ids for names. Exact matches only: a group's name letter by letter, a user's login without regard to case. Copies of
 * pushed groups and groups of other directories are found by `id` alone.
 */
export async function resolveOktaPrincipals(
  args: ResolveOktaPrincipalsArgs,
  context: Context,
): Promise<ResolveOktaPrincipalsResult> {
  const okta = context.okta();
  const of = (kind: "user" | "group") => args.principals.filter((asked) => asked.kind === kind);
  const names = (kind: "user" | "group") => of(kind).flatMap(({ id, name }) => (id ? [] : [name]));
  const ids = (kind: "user" | "group") => of(kind).flatMap(({ id }) => (id ? [id] : []));
  const users = [...(await usersByLogin(okta, names("user"))), ...(await usersById(okta, ids("user")))];
  const named = (await groupsByName(okta, names("group"))).filter(({ type }) => type !== "APP_GROUP");
  const groups = [...named, ...(await groupsById(okta, ids("group")))];
  const candidates = { user: users.map(fromUser), group: groups.map(fromGroup) };
  const principals = args.principals.map((asked) => resolve(asked, candidates[asked.kind]));
  for (const one of principals) {
    if (one.problem === "missing" && one.candidates.length === 0) one.candidates = await nearest(okta, one);
  }
  return { principals };
}

function fromUser({ id, status, profile }: OktaApiUser): Candidate {
  const fullName = [profile.firstName, profile.lastName].filter(Boolean).join(" ");
  return {
    id,
    name: profile.login,
    displayName: profile.displayName || fullName || profile.login,
    ...(status === "ACTIVE" ? {} : { description: status }),
    disabled: status !== "ACTIVE",
  };
}

function fromGroup({ id, profile }: OktaApiGroup): Candidate {
  return {
    id,
    name: profile.name,
    displayName: profile.name,
    ...(profile.description ? { description: profile.description } : {}),
    disabled: false,
  };
}

const PREFIX_LENGTH = 4;
const SUGGESTED = 5;

async function nearest(okta: OktaClient, { kind, name }: ResolvedPrincipal) {
  const prefix = name.slice(0, PREFIX_LENGTH);
  const found =
    kind === "user"
      ? (await usersStartingWith(okta, prefix)).map(fromUser)
      : (await groupsStartingWith(okta, prefix)).map(fromGroup);
  return found.slice(0, SUGGESTED).map(shown);
}
