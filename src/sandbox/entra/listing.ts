import type { Unkindness } from "../unkind.ts";
import type { EntityType } from "./entity-types.ts";
import { compileFilter, type GraphObject } from "./filter.ts";
import { GraphError, malformed, unsupportedQuery } from "./graph-error.ts";

/** What a caller asked a list for. */
export interface ListRequest {
  /** Absolute, without the query: `http://127.0.0.1:8080/v1.0/users`. */
  url: string;
  query: Record<string, string>;
  /** Whether the header `ConsistencyLevel: eventual` was sent. */
  eventual: boolean;
  version: "v1.0" | "beta";
  /** For `@odata.context`: `users`. */
  context: string;
}

export interface Page {
  "@odata.context": string;
  "@odata.count"?: number;
  "@odata.nextLink"?: string;
  value: GraphObject[];
}

export interface Identified {
  id: string;
}

const OPTIONS = new Set([
  "$filter",
  "$select",
  "$top",
  "$count",
  "$orderby",
  "$skiptoken",
  "$search",
  "$expand",
  "$format",
]);
const REMEMBERED_PAGES = 500;

/** Turns documents into pages: filter, order, count, pages with links, selected properties. */
export class Listing {
  readonly #unkind: Unkindness;
  /** Skip token -> ids still to come, oldest first; a page token of Graph expires, too. */
  readonly #pending = new Map<string, string[]>();
  #tokens = 0;

  constructor(unkind: Unkindness) {
    this.#unkind = unkind;
  }

  /**
   * One page of `documents`. They are filtered and ordered by their own properties, which are named as Graph names them, and only
   * those of the page are rendered.
   * @throws GraphError 400 for query options that Graph refuses
   */
  page<T extends Identified>(
    request: ListRequest,
    type: EntityType,
    documents: readonly T[],
    render: (document: T) => GraphObject,
  ): Page {
    checkOptions(request.query);
    const select = selection(request.query.$select, type, request.version);
    const token = request.query.$skiptoken;
    const wanted = pageLimit(request.query.$top, type);
    const matching =
      token === undefined ? this.#matching(request, type, documents) : this.#remaining(token, documents);
    const size = Math.min(wanted, this.#unkind.pageSize(request.url, wanted));
    const rest = matching.slice(size).map(({ id }) => id);
    return {
      "@odata.context": contextOf(request),
      ...(request.query.$count === "true" && token === undefined ? { "@odata.count": matching.length } : {}),
      ...(rest.length > 0 ? { "@odata.nextLink": this.#link(request, rest) } : {}),
      value: matching.slice(0, size).map((document) => select(render(document))),
    };
  }

  #matching<T extends Identified>(request: ListRequest, type: EntityType, documents: readonly T[]): T[] {
    const { $filter, $orderby, $count } = request.query;
    const advanced = request.eventual && $count === "true";
    const matching =
      $filter === undefined ? documents : documents.filter(compileFilter($filter, type, advanced));
    if ($orderby === undefined) return this.#unkind.reorder(request.url, matching, ({ id }) => id);
    if ($filter !== undefined && !advanced)
      throw unsupportedQuery("Sorting not supported for current query.");
    return ordered(matching, $orderby, type);
  }

  #remaining<T extends Identified>(token: string, documents: readonly T[]): T[] {
    const ids = this.#pending.get(token);
    if (!ids) {
      throw new GraphError(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
      );
    }
    const byId = new Map(documents.map((document) => [document.id, document]));
    return ids.map((id) => byId.get(id)).filter((document) => document !== undefined);
  }

  #link(request: ListRequest, rest: string[]): string {
    const token = `RFNwdAIAAQ${(++this.#tokens).toString(36).padStart(8, "0")}`;
    this.#pending.set(token, rest);
    if (this.#pending.size > REMEMBERED_PAGES) {
      const [oldest] = this.#pending.keys();
      if (oldest !== undefined) this.#pending.delete(oldest);
    }
    const query = { ...request.query, $skiptoken: token };
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `${request.url}?${text.join("&")}`;
  }
}

/** Returns what $select leaves of an object; for lists and single objects alike. */
export function selection(
  select: string | undefined,
  type: EntityType,
  version: "v1.0" | "beta",
): (object: GraphObject) => GraphObject {
  const names = select?.split(",").map((name) => name.trim());
  const unknown = names?.find((name) => name !== "*" && !type.properties.has(name.split("/")[0] ?? name));
  if (unknown !== undefined) {
    throw malformed(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${type.name}'.`,
    );
  }
  const chosen = names ?? (version === "v1.0" ? type.defaults : undefined);
  if (!chosen || chosen.includes("*")) return (object) => object;
  const kept = new Set([...chosen.map((name) => name.split("/")[0] ?? name), "@odata.type", "id"]);
  if (names && type.name !== "microsoft.graph.directoryObject" && !names.includes("id")) kept.delete("id");
  return (object) => Object.fromEntries(Object.entries(object).filter(([name]) => kept.has(name)));
}

export function contextOf(request: Pick<ListRequest, "url" | "version" | "context">): string {
  const root = request.url.slice(0, request.url.indexOf(`/${request.version}/`) + request.version.length + 1);
  return `${root}/$metadata#${request.context}`;
}

function checkOptions(query: Record<string, string>): void {
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== "string") throw malformed(`Query option '${name}' was specified more than once.`);
    if (!name.startsWith("$")) continue;
    if (!OPTIONS.has(name)) throw malformed(`The query parameter '${name}' is not supported.`);
    if (name === "$search" || name === "$expand") {
      throw unsupportedQuery(
        `The sandbox does not answer ${name}; the real service does for some properties.`,
      );
    }
  }
}

function pageLimit(top: string | undefined, type: EntityType): number {
  if (top === undefined) return type.defaultPage;
  const wanted = Number(top);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > type.maxPage) {
    throw unsupportedQuery(
      `Invalid page size specified: '${top}'. Must be between 1 and ${type.maxPage} inclusive.`,
    );
  }
  return wanted;
}

function ordered<T extends Identified>(documents: readonly T[], orderby: string, type: EntityType): T[] {
  const [name = "", direction = "asc"] = orderby.trim().split(/\s+/);
  if (type.filterable[name] === undefined || !["asc", "desc"].includes(direction)) {
    throw unsupportedQuery(`Sorting not supported for property '${name}'.`);
  }
  const sign = direction === "asc" ? 1 : -1;
  const key = (document: T) => String((document as GraphObject)[name] ?? "").toLowerCase();
  return [...documents].sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
}
