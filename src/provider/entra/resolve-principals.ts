import type { GraphClient } from "../../clients/graph/client.ts";
import {
  type GraphGroup,
  type GraphUser,
  groupsById,
  groupsByName,
  groupsStartingWith,
  usersById,
  usersByName,
  usersStartingWith,
} from "../../clients/graph/principals.ts";
import type {
  ResolvedPrincipal,
  ResolveEntraPrincipalsArgs,
  ResolveEntraPrincipalsResult,
} from "../contract.ts";
import type { Context } from "../engine/resource.ts";
import { type Candidate, resolve, shown } from "../resolve.ts";

type Asked = ResolveEntraPrincipalsArgs["principals"][number];

/**
 * Ids for names. Exact matches only: a group's displayName letter by letter, a user's userPrincipalName without regard
 * to case, as Entra itself takes it. 300 names are one request.
 */
export async function resolveEntraPrincipals(
  args: ResolveEntraPrincipalsArgs,
  context: Context,
): Promise<ResolveEntraPrincipalsResult> {
  const graph = await context.graph();
  const [users, groups] = await Promise.all([
    findUsers(graph, args.principals),
    findGroups(graph, args.principals),
  ]);
  const principals = args.principals.map((asked) => resolve(asked, asked.kind === "user" ? users : groups));
  await suggestNearest(graph, principals);
  return { principals };
}

async function findUsers(graph: GraphClient, principals: Asked[]): Promise<Candidate[]> {
  const users = principals.filter(({ kind }) => kind === "user");
  const [named, pinned] = await Promise.all([
    usersByName(graph, namesOf(users)),
    usersById(graph, idsOf(users)),
  ]);
  return [...named, ...pinned].map(fromUser);
}

async function findGroups(graph: GraphClient, principals: Asked[]): Promise<Candidate[]> {
  const groups = principals.filter(({ kind }) => kind === "group");
  const [named, pinned] = await Promise.all([
    groupsByName(graph, namesOf(groups)),
    groupsById(graph, idsOf(groups)),
  ]);
  return [...named, ...pinned].map(fromGroup);
}

const namesOf = (principals: Asked[]) => principals.flatMap(({ id, name }) => (id ? [] : [name]));
const idsOf = (principals: Asked[]) => principals.flatMap(({ id }) => (id ? [id] : []));

function fromUser(user: GraphUser): Candidate {
  return {
    id: user.id,
    name: user.userPrincipalName,
    displayName: user.displayName ?? user.userPrincipalName,
    disabled: !user.accountEnabled,
  };
}

function fromGroup(group: GraphGroup): Candidate {
  const name = group.displayName ?? "";
  return {
    id: group.id,
    name,
    displayName: name,
    ...(group.description ? { description: group.description } : {}),
    disabled: false,
  };
}

const PREFIX_LENGTH = 4;

/** For names nobody has: those that begin alike, since most are typing errors further on. */
async function suggestNearest(graph: GraphClient, principals: ResolvedPrincipal[]): Promise<void> {
  const missing = (kind: Asked["kind"]) =>
    principals.filter((one) => one.kind === kind && one.problem === "missing" && one.candidates.length === 0);
  const users = missing("user");
  const groups = missing("group");
  const near = await Promise.all([
    usersStartingWith(
      graph,
      users.map(({ name }) => name.slice(0, PREFIX_LENGTH)),
    ),
    groupsStartingWith(
      graph,
      groups.map(({ name }) => name.slice(0, PREFIX_LENGTH)),
    ),
  ]);
  users.forEach((one, index) => {
    one.candidates = (near[0][index] ?? []).map(fromUser).map(shown);
  });
  groups.forEach((one, index) => {
    one.candidates = (near[1][index] ?? []).map(fromGroup).map(shown);
  });
}
