import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "./errors.ts";
import type { Json } from "./model.ts";
import type { OrgState } from "./state.ts";

/** Requests of whoever looks after the sandbox: nothing is late for them. */
export const administrators = new WeakSet<FastifyRequest>();

/** A path parameter. */
export function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}

/** Query parameters; the last wins where one is given twice. */
export function query(request: FastifyRequest): Record<string, string | undefined> {
  const parameters: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    parameters[name] = Array.isArray(value) ? value.at(-1) : value;
  }
  return parameters;
}

/** The body as an object; an absent one is empty. @throws OktaError E0000003 when it is something else. */
export function bodyOf(request: FastifyRequest): Json {
  const { body } = request;
  if (body === undefined || body === null) return {};
  if (typeof body !== "object" || Array.isArray(body)) throw refuse.malformed();
  return body as Json;
}

export function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Limits of a list: what a caller gets without asking, and the most it may ask for. */
export interface PageLimits {
  usual: number;
  most: number;
}

/**
 * One page of a list, with Okta's `Link` header: `rel="self"`, and `rel="next"` while more follows. `after` is opaque; an empty
 * one is none. An unkind org gives pages smaller than asked for, in an order of its own.
 */
export function page<T extends { id: string }>(
  state: OrgState,
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
  limits: PageLimits,
): T[] {
  const { limit, after } = query(request);
  const wanted = limit === undefined ? limits.usual : Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw refuse.invalid("limit", `limit: ${limit} is no whole number from 1`);
  }
  const path = request.url.split("?", 1).join("");
  const visible = administrators.has(request) ? [...items] : items.filter((item) => !state.isLate(item.id));
  const ordered = inOwnOrder(state, path, visible);
  const start = after ? startAfter(after, ordered) : 0;
  const size = state.unkind.pageSize(`${path} ${start}`, Math.min(wanted, limits.most));
  const taken = ordered.slice(start, start + size);
  const last = taken.at(-1);
  linkTo(
    state,
    request,
    reply,
    last && start + size < ordered.length ? cursor(start + size, last.id) : undefined,
  );
  return taken;
}

/** Sets the `Link` header: this page, and the next one when a cursor for it is given. */
export function linkTo(state: OrgState, request: FastifyRequest, reply: FastifyReply, after?: string): void {
  const self = new URL(request.url, state.url);
  const links = [`<${self}>; rel="self"`];
  if (after !== undefined) {
    const next = new URL(self);
    next.searchParams.set("after", after);
    links.push(`<${next}>; rel="next"`);
  }
  reply.header("link", links);
}

/** By a hash of the id, so that objects that come or go between two pages do not move the others. */
function inOwnOrder<T extends { id: string }>(state: OrgState, list: string, items: T[]): T[] {
  if (state.unkind.kind) return items;
  const rank = (item: T) =>
    createHash("sha256").update(`${state.unkind.seed} ${list} ${item.id}`).digest("hex");
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}

function cursor(start: number, id: string): string {
  return Buffer.from(`${start} ${id}`).toString("base64url");
}

/** Goes on behind the last item given, wherever it now stands; at the same place when it is gone. */
function startAfter(after: string, ordered: readonly { id: string }[]): number {
  const [start = "", id] = Buffer.from(after, "base64url").toString("utf8").split(" ");
  if (!/^\d+$/.test(start)) throw refuse.invalid("after", "after: the cursor is not one that this list gave");
  const at = ordered.findIndex((item) => item.id === id);
  return at >= 0 ? at + 1 : Number(start);
}
