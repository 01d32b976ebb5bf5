import { SCHEMA } from "../../scim/wire.ts";
import { readProjection } from "../document/projection.ts";
import { ScimError } from "../errors.ts";
import type { ResourceType } from "../schema/model.ts";
import type { Row } from "../store/resources.ts";
import type { Call, Reply } from "./call.ts";
import { openCursor, questionOf, sealCursor } from "./cursor.ts";
import type { Listing } from "./list.ts";
import { prepareListing, readAround, readPage } from "./list.ts";
import type { ListQuery, QueryParameters } from "./query.ts";
import { readListQuery, searchParameters } from "./query.ts";
import { renderResource } from "./render.ts";
import type { Tenant } from "./tenant.ts";

interface Answer {
  total: number;
  /** JSON texts. */
  resources: string[];
  startIndex?: number;
  nextCursor?: string;
  previousCursor?: string;
}

/** GET of a list of one type, or of both at the base URL. */
export function listResources(tenant: Tenant, types: ResourceType[], call: Call): Promise<Reply> {
  return answerQuery(tenant, types, call.query, call);
}

/** POST to `.search`, RFC 7644 section 3.4.3. */
export function searchResources(tenant: Tenant, types: ResourceType[], call: Call): Promise<Reply> {
  return answerQuery(tenant, types, searchParameters(call.body()), call);
}

async function answerQuery(
  tenant: Tenant,
  types: ResourceType[],
  parameters: QueryParameters,
  call: Call,
): Promise<Reply> {
  const query = readListQuery(parameters, call.intake);
  const [only] = types;
  const answer =
    types.length === 1 && only
      ? await answerOne(tenant, only, query, call)
      : await answerBoth(tenant, types, query, call);
  return { status: 200, headers: {}, body: listText(answer) };
}

/** Resources are JSON texts already: they are put together, not parsed again. */
function listText(answer: Answer): string {
  const head = JSON.stringify({
    schemas: [SCHEMA.listResponse],
    totalResults: answer.total,
    ...(answer.startIndex === undefined ? {} : { startIndex: answer.startIndex }),
    itemsPerPage: answer.resources.length,
    ...(answer.nextCursor === undefined ? {} : { nextCursor: answer.nextCursor }),
    ...(answer.previousCursor === undefined ? {} : { previousCursor: answer.previousCursor }),
  });
  return `${head.slice(0, -1)},"Resources":[${answer.resources.join(",")}]}`;
}

async function answerOne(tenant: Tenant, type: ResourceType, query: ListQuery, call: Call): Promise<Answer> {
  const listing = prepareListing(tenant, type, query, call.intake);
  const render = renderer(tenant, type, query);
  if (query.cursor !== undefined) return answerCursor(tenant, listing, query, query.cursor, render);
  const whole = tenant.dialect.product?.filtersIgnorePage === true && query.filter !== undefined;
  const { total, rows } = await readPage(tenant, listing, whole ? 0 : query.startIndex - 1, query.count);
  return { total, startIndex: query.startIndex, resources: rows.map(render) };
}

function renderer(tenant: Tenant, type: ResourceType, query: ListQuery): (row: Row) => string {
  const projection = readProjection(tenant.models[type], query.attributes, query.excludedAttributes);
  return (row) => renderResource(tenant, type, row, projection);
}

async function answerCursor(
  tenant: Tenant,
  listing: Listing,
  query: ListQuery,
  cursor: string,
  render: (row: Row) => string,
): Promise<Answer> {
  const question = questionOf([tenant.name, listing.type, query.filter, query.sortBy, query.descending]);
  const position = cursor === "" ? { at: 0, back: false } : openCursor(tenant.cursorKey, question, cursor);
  const seal = (at: number, back: boolean) => sealCursor(tenant.cursorKey, question, { at, back });
  if (listing.sorted) {
    const { total, rows } = await readPage(tenant, listing, position.at, query.count);
    const end = position.at + rows.length;
    return {
      total,
      resources: rows.map(render),
      ...(end < total && rows.length > 0 ? { nextCursor: seal(end, false) } : {}),
      ...(position.at > 0 ? { previousCursor: seal(Math.max(0, position.at - query.count), false) } : {}),
    };
  }
  const { total } = await readPage(tenant, listing, 0, 0);
  const { rows, more } = await readAround(tenant, listing, position, query.count);
  const first = rows[0]?.seq;
  const last = rows.at(-1)?.seq;
  const hasNext = position.back ? true : more;
  const hasPrevious = position.back ? more : position.at > 0;
  return {
    total,
    resources: rows.map(render),
    ...(hasNext && last !== undefined ? { nextCursor: seal(last, false) } : {}),
    ...(hasPrevious && first !== undefined ? { previousCursor: seal(first, true) } : {}),
  };
}

/** Users, then groups. A filter that one type has no attribute for finds none of that type. */
async function answerBoth(
  tenant: Tenant,
  types: ResourceType[],
  query: ListQuery,
  call: Call,
): Promise<Answer> {
  if (query.cursor !== undefined) {
    throw new ScimError(400, "invalidCursor", "Cursors are served for one resource type at a time.");
  }
  const listings = types.flatMap((type): (Listing | { type: ResourceType; error: ScimError })[] => {
    try {
      return [prepareListing(tenant, type, query, call.intake)];
    } catch (error) {
      if (error instanceof ScimError && error.scimType === "invalidFilter") return [{ type, error }];
      throw error;
    }
  });
  const failures = listings.filter((listing) => "error" in listing);
  if (failures.length === types.length && failures[0]) throw failures[0].error;
  let total = 0;
  let skip = query.startIndex - 1;
  const resources: string[] = [];
  for (const listing of listings) {
    if ("error" in listing) continue;
    const page = await readPage(tenant, listing, skip, query.count - resources.length);
    total += page.total;
    skip = Math.max(0, skip - page.total);
    resources.push(...page.rows.map(renderer(tenant, listing.type, query)));
  }
  return { total, startIndex: query.startIndex, resources };
}
