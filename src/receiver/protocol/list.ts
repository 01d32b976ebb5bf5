import { setImmediate as nextTurn } from "node:timers/promises";
import type { Filter } from "../../scim/ast.ts";
import { parseFilter } from "../../scim/filter.ts";
import { parseAttributePath } from "../../scim/path.ts";
import { ScimSyntaxError } from "../../scim/scanner.ts";
import type { Intake } from "../deviation.ts";
import type { Json, JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import type { Predicate } from "../document/predicate.ts";
import { compileFilter, foldCase } from "../document/predicate.ts";
import { attributeAt } from "../document/target.ts";
import { badFilter, badPath } from "../errors.ts";
import type { ResourceModel, ResourceType, Target } from "../schema/model.ts";
import { planFilter, planOrder } from "../store/plan.ts";
import type { Condition, Row } from "../store/resources.ts";
import type { Position } from "./cursor.ts";
import type { ListQuery } from "./query.ts";
import { documentOf } from "./render.ts";
import type { Tenant } from "./tenant.ts";

/** One page of one resource type. */
export interface Page {
  total: number;
  rows: Row[];
}

/** A list that is ready to be read: what matches, and in which order. */
export interface Listing {
  type: ResourceType;
  where: Condition | undefined;
  /** The rest of the filter, for rows that meet `where`. */
  test: Predicate | undefined;
  /** SQL order, when SQL can sort. */
  order: string;
  /** What to sort by when SQL cannot. */
  sortKey: Target | undefined;
  descending: boolean;
  sorted: boolean;
}

/** Rows that are read and tested in one turn of the event loop. */
const CHUNK = 1000;

/** @throws ScimError 400 invalidFilter with the position of what is wrong. */
export function readFilter(text: string, intake: Intake): Filter {
  try {
    const filter = parseFilter(text, { lenient: intake.lenient });
    if (intake.lenient && !isStrict(text)) intake.note("bare-word", "filter");
    return filter;
  } catch (error) {
    if (error instanceof ScimSyntaxError) throw badFilter(`The filter cannot be read: ${error.message}.`);
    throw error;
  }
}

function isStrict(text: string): boolean {
  try {
    parseFilter(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws ScimError for a filter or sort attribute that has no meaning here. */
export function prepareListing(
  tenant: Tenant,
  type: ResourceType,
  query: ListQuery,
  intake: Intake,
): Listing {
  const model = tenant.models[type];
  const { product } = tenant.dialect;
  product?.checkList?.(type, query);
  const given = query.filter === undefined ? undefined : readFilter(query.filter, intake);
  const filter = given && (product?.readFilter?.(type, given) ?? given);
  const predicate = filter && compileFilter(filter, model, intake);
  const plan = filter && planFilter(filter, model);
  const accepts = product?.accepts;
  const exact = plan?.exact === true && !accepts;
  const test =
    filter && predicate && accepts
      ? {
          ...predicate,
          test: (document: JsonObject) => predicate.test(document) && accepts(type, filter, document),
        }
      : predicate;
  return {
    type,
    where: plan,
    test: exact ? undefined : test,
    ...ordering(model, query),
  };
}

function ordering(
  model: ResourceModel,
  query: ListQuery,
): Pick<Listing, "order" | "sortKey" | "descending" | "sorted"> {
  const { descending } = query;
  if (query.sortBy === undefined) return { order: "seq", sortKey: undefined, descending, sorted: false };
  const path = readSortPath(query.sortBy);
  const order = planOrder(path, model, descending);
  if (order !== undefined) return { order, sortKey: undefined, descending, sorted: true };
  const target = model.find(path);
  // RFC 7644 section 3.4.2.3 leaves an attribute that no resource has to the server: nothing is sorted by it.
  return { order: "seq", sortKey: target, descending, sorted: target !== undefined };
}

function readSortPath(text: string) {
  try {
    return parseAttributePath(text, { maxLength: 500 });
  } catch {
    throw badPath(`\`sortBy\` is no attribute name: \`${text.slice(0, 100)}\`.`);
  }
}

/** The rows from `offset` (0-based) on, and how many there are in all. Long scans give way to other requests in between. */
export async function readPage(
  tenant: Tenant,
  listing: Listing,
  offset: number,
  limit: number,
): Promise<Page> {
  const table = tenant.data.table(listing.type);
  if (!listing.test && !listing.sortKey) {
    if (listing.where && !listing.where.scans && offset === 0) {
      const rows = table.page(listing.where, listing.order, limit, 0);
      return { total: rows.length < limit ? rows.length : table.count(listing.where), rows };
    }
    const total = table.count(listing.where);
    const none = limit === 0 || offset >= total;
    return { total, rows: none ? [] : table.page(listing.where, listing.order, limit, offset, total) };
  }
  if (listing.sortKey) return readSorted(tenant, listing, listing.sortKey, offset, limit);
  let total = 0;
  const rows: Row[] = [];
  for await (const { row } of matching(tenant, listing)) {
    if (total >= offset && rows.length < limit) rows.push(row);
    total++;
  }
  return { total, rows };
}

/** The page after or before a seq, for unsorted lists; `more` tells whether there is another one in that direction. */
export async function readAround(
  tenant: Tenant,
  listing: Listing,
  position: Position,
  limit: number,
): Promise<{ rows: Row[]; more: boolean }> {
  const bounded: Listing = {
    ...listing,
    where: {
      sql: `${listing.where ? `${listing.where.sql} AND ` : ""}seq ${position.back ? "<" : ">"} ?`,
      parameters: [...(listing.where?.parameters ?? []), position.at],
    },
    order: position.back ? "seq DESC" : "seq",
  };
  const found: Row[] = [];
  for await (const { row } of matching(tenant, bounded, Math.min(CHUNK, limit + 1))) {
    found.push(row);
    if (found.length > limit) break;
  }
  const rows = found.slice(0, limit);
  return { rows: position.back ? rows.reverse() : rows, more: found.length > limit };
}

async function readSorted(
  tenant: Tenant,
  listing: Listing,
  key: Target,
  offset: number,
  limit: number,
): Promise<Page> {
  const keys: { row: Row; key: string | number | undefined }[] = [];
  for await (const { row, document } of matching(tenant, listing)) {
    keys.push({
      row: { ...row, body: "" },
      key: sortValue(document ?? documentFor(tenant, listing, row), key),
    });
  }
  const sign = listing.descending ? -1 : 1;
  keys.sort((a, b) => sign * compareKeys(a.key, b.key) || a.row.seq - b.row.seq);
  const rows = keys.slice(offset, offset + limit).flatMap(({ row }) => {
    const fresh = tenant.data.table(listing.type).byId(row.id);
    return fresh ? [fresh] : [];
  });
  return { total: keys.length, rows };
}

function documentFor(tenant: Tenant, listing: Listing, row: Row): JsonObject {
  const reads = listing.test?.reads;
  const key = listing.sortKey?.attribute.name;
  return documentOf(tenant, listing.type, row, (name) => name === key || (reads?.has(name) ?? false));
}

async function* matching(
  tenant: Tenant,
  listing: Listing,
  chunk = CHUNK,
): AsyncGenerator<{ row: Row; document: JsonObject | undefined }> {
  const table = tenant.data.table(listing.type);
  const back = listing.order === "seq DESC";
  let last = back ? Number.MAX_SAFE_INTEGER : 0;
  for (;;) {
    const where: Condition = {
      sql: `${listing.where ? `${listing.where.sql} AND ` : ""}seq ${back ? "<" : ">"} ?`,
      parameters: [...(listing.where?.parameters ?? []), last],
    };
    const rows = table.page(where, back ? "seq DESC" : "seq", chunk, 0);
    for (const row of rows) {
      last = row.seq;
      const document = listing.test && documentFor(tenant, listing, row);
      if (!listing.test || (document && listing.test.test(document))) yield { row, document };
    }
    if (rows.length < chunk) return;
    await nextTurn();
  }
}

/** The value to sort by: a list's primary or first one, letters' case as the attribute has it. */
function sortValue(document: JsonObject, target: Target): string | number | undefined {
  let value: Json | undefined = attributeAt(document, target);
  if (Array.isArray(value)) {
    value = value.find((element) => isObject(element) && element.primary === true) ?? value[0];
  }
  if (isObject(value)) value = value[target.sub?.name ?? "value"];
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string") return undefined;
  return (target.sub ?? target.attribute).caseExact ? value : foldCase(value);
}

function compareKeys(a: string | number | undefined, b: string | number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a < b ? -1 : a > b ? 1 : 0;
}
