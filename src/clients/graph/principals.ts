import { type BatchAnswer, batch, partError } from "./batch.ts";
import type { GraphClient } from "./client.ts";
import { chunks, IN_CLAUSE_VALUES, literal, query } from "./odata.ts";

export interface GraphUser {
  id: string;
  displayName: string | null;
  userPrincipalName: string;
  accountEnabled: boolean;
}

export interface GraphGroup {
  id: string;
  displayName: string | null;
  description: string | null;
}

interface Page<T> {
  value: T[];
  "@odata.nextLink"?: string;
}

const USER = { path: "/users", select: "id,displayName,userPrincipalName,accountEnabled" };
const GROUP = { path: "/groups", select: "id,displayName,description" };

export const usersByName = (graph: GraphClient, names: string[]) =>
  findIn<GraphUser>(graph, USER, "userPrincipalName", names);
export const usersById = (graph: GraphClient, ids: string[]) => findIn<GraphUser>(graph, USER, "id", ids);
export const groupsByName = (graph: GraphClient, names: string[]) =>
  findIn<GraphGroup>(graph, GROUP, "displayName", names);
export const groupsById = (graph: GraphClient, ids: string[]) => findIn<GraphGroup>(graph, GROUP, "id", ids);

/** A few whose name begins so, for one list of them for each prefix. */
export const usersStartingWith = (graph: GraphClient, prefixes: string[]) =>
  startingWith<GraphUser>(graph, USER, "userPrincipalName", prefixes);
export const groupsStartingWith = (graph: GraphClient, prefixes: string[]) =>
  startingWith<GraphGroup>(graph, GROUP, "displayName", prefixes);

/** 300 values are one request: twenty parts of fifteen. Graph compares without regard to case. */
async function findIn<T>(
  graph: GraphClient,
  kind: { path: string; select: string },
  property: string,
  values: string[],
): Promise<T[]> {
  const paths = chunks([...new Set(values)], IN_CLAUSE_VALUES).map((some) =>
    query(kind.path, {
      filter: `${property} in (${some.map(literal).join(",")})`,
      select: kind.select,
      top: 999,
    }),
  );
  return (await readPages<T>(graph, paths)).flat();
}

function startingWith<T>(
  graph: GraphClient,
  kind: { path: string; select: string },
  property: string,
  prefixes: string[],
): Promise<T[][]> {
  const paths = prefixes.map((prefix) =>
    query(kind.path, { filter: `startswith(${property},${literal(prefix)})`, select: kind.select, top: 5 }),
  );
  return readFirstPages<T>(graph, paths);
}

export interface GroupMember {
  id: string;
  kind: "user" | "group" | "other";
  displayName: string | null;
  userPrincipalName?: string;
}

/** Direct members, for each group in the order asked; nested groups are members, and not expanded. */
export async function groupMembers(graph: GraphClient, groupIds: string[]): Promise<GroupMember[][]> {
  const paths = groupIds.map((id) =>
    query(`/groups/${id}/members`, { select: "id,displayName,userPrincipalName", top: 999 }),
  );
  const lists = await readPages<Omit<GroupMember, "kind"> & { "@odata.type"?: string }>(
    graph,
    paths,
    notYetThere,
  );
  return lists.map((list) =>
    list.map(({ "@odata.type": type, ...member }) => ({ ...member, kind: memberKind(type) })),
  );
}

/** The group was found by its name; where its members are asked for it may not be known yet. */
const notYetThere = ({ status }: BatchAnswer) => status === 404;

function memberKind(type: string | undefined): GroupMember["kind"] {
  if (type === "#microsoft.graph.user") return "user";
  return type === "#microsoft.graph.group" ? "group" : "other";
}

/** Collections, their first pages in batches and the rest by their links. */
async function readPages<T>(
  graph: GraphClient,
  paths: string[],
  retry?: (answer: BatchAnswer) => boolean,
): Promise<T[][]> {
  const first = await readBatch<T>(graph, paths, retry);
  const lists: T[][] = [];
  for (const page of first) {
    const link = page["@odata.nextLink"];
    lists.push(link ? [...page.value, ...(await graph.list<T>(link))] : page.value);
  }
  return lists;
}

async function readFirstPages<T>(graph: GraphClient, paths: string[]): Promise<T[][]> {
  return (await readBatch<T>(graph, paths)).map((page) => page.value);
}

async function readBatch<T>(
  graph: GraphClient,
  paths: string[],
  retry?: (answer: BatchAnswer) => boolean,
): Promise<Page<T>[]> {
  const parts = paths.map((path) => ({ method: "GET" as const, path }));
  const answers = await batch(graph, parts, retry);
  return answers.map((answer, index) => {
    if (answer.status === 200) return answer.body as Page<T>;
    throw partError(parts[index] ?? { method: "GET", path: "" }, answer);
  });
}
