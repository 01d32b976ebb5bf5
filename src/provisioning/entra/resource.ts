import type { AttributePath, Filter } from "../../scim/ast.ts";
import { SCHEMA } from "../../scim/wire.ts";

export type Resource = Record<string, unknown>;

export function isResource(value: unknown): value is Resource {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Puts a value into a resource that is to be created. `emails[type eq "work"].value` makes an element from the filter, as Entra does;
 * a URN other than the core one nests.
 */
export function place(resource: Resource, path: AttributePath, value: unknown): void {
  const container = path.urn === undefined || isCore(path.urn) ? resource : nested(resource, path.urn);
  if (!path.filter) {
    if (path.subAttribute === undefined) container[path.attribute] = value;
    else nested(container, path.attribute)[path.subAttribute] = value;
    return;
  }
  const list = Array.isArray(container[path.attribute]) ? (container[path.attribute] as unknown[]) : [];
  container[path.attribute] = list;
  let element = list.filter(isResource).find((candidate) => path.filter && matches(candidate, path.filter));
  if (!element) {
    element = elementOf(path.filter);
    // Microsoft's sample of a create marks the work e-mail as primary (use-scim-to-provision-users-and-groups.md).
    if (path.attribute === "emails" && element.type === "work") element = { primary: true, ...element };
    list.push(element);
  }
  element[path.subAttribute ?? "value"] = value;
}

/** What a resource has at a path; undefined when there is nothing. Names are taken without case, as SCIM has them. */
export function read(resource: Resource, path: AttributePath): unknown {
  const container = path.urn === undefined || isCore(path.urn) ? resource : member(resource, path.urn);
  const value = isResource(container) ? member(container, path.attribute) : undefined;
  const { filter, subAttribute } = path;
  if (!filter)
    return subAttribute !== undefined && isResource(value)
      ? member(value, subAttribute)
      : subAttribute === undefined
        ? value
        : undefined;
  const elements = Array.isArray(value) ? value.filter(isResource) : [];
  const element = elements.find((candidate) => matches(candidate, filter));
  return element ? member(element, subAttribute ?? "value") : undefined;
}

function isCore(urn: string): boolean {
  return urn.toLowerCase() === SCHEMA.user.toLowerCase() || urn.toLowerCase() === SCHEMA.group.toLowerCase();
}

function nested(resource: Resource, name: string): Resource {
  const there = resource[name];
  if (isResource(there)) return there;
  const made: Resource = {};
  resource[name] = made;
  return made;
}

function member(resource: Resource, name: string): unknown {
  if (Object.hasOwn(resource, name)) return resource[name];
  const found = Object.keys(resource).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : resource[found];
}

/** Mappings' filters hold comparisons by `eq` and `and` alone; any other matches nothing. */
function matches(element: Resource, filter: Filter): boolean {
  if (filter.kind === "and") return filter.operands.every((operand) => matches(element, operand));
  if (filter.kind !== "compare" || filter.operator !== "eq") return false;
  const value = member(element, filter.path.attribute);
  return value !== undefined && String(value).toLowerCase() === String(filter.value).toLowerCase();
}

function elementOf(filter: Filter): Resource {
  if (filter.kind === "and") return Object.assign({}, ...filter.operands.map(elementOf));
  if (filter.kind !== "compare") return {};
  const { attribute } = filter.path;
  const isTrue = String(filter.value).toLowerCase() === "true";
  return { [attribute]: attribute === "primary" ? isTrue : filter.value };
}
