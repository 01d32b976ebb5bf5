import type { FastifyInstance } from "fastify";
import { refuse } from "./errors.ts";
import { linkTo, query } from "./http.ts";
import type { Json, LogEvent } from "./model.ts";
import { matcher, type SearchRules } from "./search.ts";
import type { OrgState } from "./state.ts";

const FILTER: SearchRules = {
  paths: /^(uuid|published|eventType|severity|displayMessage|(outcome|target|actor)\.\w+)$/,
  operators: ["eq", "ne", "sw", "co", "ew", "gt", "ge", "lt", "le"],
};

/**
 * The system log. Without `until` a caller polls: there is always a next page, and an empty one means that nothing has happened
 * since. The cursor is the number of matching events read.
 */
export function logRoutes(server: FastifyInstance, state: OrgState): void {
  server.get("/api/v1/logs", (request, reply) => {
    const { since, until, filter, q, sortOrder, limit, after } = query(request);
    const wanted = limit === undefined ? 100 : Number(limit);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > 1000) {
      throw refuse.invalid("limit", "limit: The parameter lies within 1 and 1000");
    }
    const keeps = filter ? matcher(filter, FILTER) : () => true;
    const events = state.events
      .values()
      .map((event) => render(state, event))
      .filter(
        (event) =>
          (!since || String(event.published) >= since) &&
          (!until || String(event.published) <= until) &&
          (!q || JSON.stringify(event).toLowerCase().includes(q.toLowerCase())) &&
          keeps(event),
      );
    if (sortOrder === "DESCENDING") events.reverse();
    const start = after ? Number(after) : 0;
    if (!Number.isInteger(start) || start < 0)
      throw refuse.invalid("after", "after: The cursor is not valid");
    const end = Math.min(start + wanted, events.length);
    const polling = until === undefined && sortOrder !== "DESCENDING";
    linkTo(state, request, reply, polling || end < events.length ? String(end) : undefined);
    return events.slice(start, end);
  });
}

function render(state: OrgState, event: LogEvent): Json {
  return {
    ...event,
    version: "0",
    actor: {
      id: state.ownId("administrator", "00u"),
      type: "SystemPrincipal",
      alternateId: "system@okta.com",
      displayName: "Okta System",
      detailEntry: null,
    },
    target: event.target.map((target) => ({ ...target, detailEntry: null })),
    transaction: { type: "JOB", id: event.uuid, detail: {} },
    debugContext: { debugData: {} },
  };
}
