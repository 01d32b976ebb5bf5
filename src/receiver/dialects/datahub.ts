import type { AttributePath, Filter } from "../../scim/ast.ts";
import { printFilter } from "../../scim/print.ts";
import type { JsonObject } from "../document/json.ts";
import { isObject, sameJson } from "../document/json.ts";
import { badFilter, badPath, badSyntax, badValue, ScimError } from "../errors.ts";
import type { ResourceType } from "../schema/model.ts";
import type { Change, ProductRules } from "./dialect.ts";

/**
 * DataHub's SCIM server, after its source text as far as that is public. Marked "inferred": read from the code, never seen
 * to happen. The deployed version may differ.
 */
export const datahub: ProductRules = {
  newId: (type, resource) =>
    urnToId(type === "User" ? `${USER_URN}${resource.userName}` : `urn:li:corpGroup:${resource.displayName}`),

  checkList(_type, query) {
    if (query.filter === undefined && !query.paged) {
      throw new ScimError(400, undefined, "Either a filter, or startIndex and count must be given.");
    }
  },

  filtersIgnorePage: true,

  readFilter(type, filter) {
    const usable = usableSide(type, filter);
    if (!usable) throw badFilter(`Unparsable filter: ${printFilter(filter)}`);
    return usable;
  },

  /** Names are compared letter for letter. */
  accepts(type, filter, document) {
    if (filter.kind !== "compare") return false;
    return (type === "User" ? document.userName : document.displayName) === filter.value;
  },

  /** Inferred: the tweak of string booleans reads every operation's path, and an operation without one fails it. */
  checkPatch(_type, operations) {
    if (operations.some((operation) => operation.path === undefined)) {
      throw badPath("DataHub takes no PATCH operation without a path.");
    }
  },

  checkMember(value) {
    const urn = Buffer.from(value, "base64url").toString("utf8");
    if (!urn.startsWith(USER_URN) || urnToId(urn) !== value) {
      throw badValue(`\`${value.slice(0, 100)}\` is no id of a DataHub user.`);
    }
  },

  shape(change) {
    if (change.type === "User") shapeUser(change);
    else shapeGroup(change);
  },

  duplicate: (name) => `Resource with name ${name} already exists.`,
  notFound: (type, id) => `${type} ${id.slice(0, 200)} not found.`,
};

const USER_URN = "urn:li:corpuser:";
const KEPT = new Set([
  "userName",
  "externalId",
  "active",
  "displayName",
  "title",
  "name",
  "emails",
  "phoneNumbers",
  "photos",
  "roles",
]);
const DEFAULT_ROLES = ["Admin", "Editor", "Reader"];

/** Ids are the resource's URN in URL-safe base64, padded. */
function urnToId(urn: string): string {
  const text = Buffer.from(urn, "utf8").toString("base64url");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

/** Only `userName eq` and `displayName eq` are understood; of `or`, the first side that is. */
function usableSide(type: ResourceType, filter: Filter): Filter | undefined {
  if (filter.kind === "or") {
    for (const operand of filter.operands) {
      const usable = usableSide(type, operand);
      if (usable) return usable;
    }
    return undefined;
  }
  return filter.kind === "compare" && filter.operator === "eq" && isName(type, filter.path)
    ? filter
    : undefined;
}

function isName(type: ResourceType, path: AttributePath): boolean {
  if (path.filter || path.subAttribute !== undefined) return false;
  return path.attribute.toLowerCase() === (type === "User" ? "username" : "displayname");
}

/** A name is frozen: PUT refuses another one, PATCH keeps the old one and says nothing (the latter inferred). */
function freeze(change: Change, attribute: "userName" | "displayName", label: string): void {
  const { by, next, previous, intake } = change;
  if (!previous || next[attribute] === previous[attribute]) return;
  if (by === "replace") {
    throw badSyntax(`${label} cannot be modified. ${previous[attribute]} => ${next[attribute]}`);
  }
  intake.note("product-keeps-name", attribute);
  next[attribute] = previous[attribute] ?? "";
}

function shapeGroup(change: Change): void {
  const { by, next, intake } = change;
  // Inferred: the server reads a null list of members here, and fails.
  if (by === "replace" && !change.membersSent && next.externalId === undefined) {
    throw new ScimError(500, undefined, "Internal error: members is null.");
  }
  freeze(change, "displayName", "groupName");
  for (const key of Object.keys(next)) {
    if (key !== "displayName" && key !== "externalId") {
      intake.note("product-drops", key);
      delete next[key];
    }
  }
}

function shapeUser(change: Change): void {
  const { next, intake } = change;
  freeze(change, "userName", "userName");
  if (change.by === "create") next.active ??= true;
  for (const key of Object.keys(next)) {
    if (!KEPT.has(key)) {
      intake.note("product-drops", key);
      delete next[key];
    }
  }
  keepFirst(change, "emails");
  keepFirst(change, "phoneNumbers");
  keepFirst(change, "photos");
  shapeRoles(change);
  loseLoneEmailChange(change);
}

/** Of e-mails and telephone numbers the primary is kept, of photos the first; the type is lost. */
function keepFirst({ next, intake }: Change, attribute: "emails" | "phoneNumbers" | "photos"): void {
  const list = next[attribute];
  if (!Array.isArray(list)) return;
  const elements = list.filter(isObject);
  const chosen = attribute === "photos" ? elements[0] : elements.find((element) => element.primary === true);
  if (elements.length > 1 || !chosen) intake.note("product-drops", attribute);
  if (chosen?.value === undefined) delete next[attribute];
  else next[attribute] = [{ value: chosen.value, primary: true }];
}

/** Roles that do not exist are dropped without an error; the first one is reported as primary. */
function shapeRoles({ next, intake, settings }: Change): void {
  if (!Array.isArray(next.roles)) return;
  const known = settings.roles ?? DEFAULT_ROLES;
  const sent = next.roles.filter(isObject);
  const kept = sent.filter((role) => known.includes(String(role.value)));
  if (kept.length < sent.length) intake.note("product-drops", "roles");
  const values = new Set(
    [...kept.filter((role) => role.primary === true), ...kept].map((role) => String(role.value)),
  );
  if (values.size === 0) delete next.roles;
  else next.roles = [...values].map((value, index): JsonObject => ({ value, primary: index === 0 }));
}

/** Inferred: whether a user's facts changed is decided without looking at the e-mail. */
function loseLoneEmailChange({ next, previous, intake }: Change): void {
  if (!previous || sameJson(previous.emails, next.emails)) return;
  if (["displayName", "title", "name"].some((key) => !sameJson(previous[key], next[key]))) return;
  intake.note("product-loses-email", "emails");
  if (previous.emails === undefined) delete next.emails;
  else next.emails = previous.emails;
}
