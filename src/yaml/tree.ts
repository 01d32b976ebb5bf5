import type { Span } from "./source.ts";

/**
 * A YAML document as plain nodes, each of which knows where it stands. Files merged by `extends` keep their own spans, so one
 * tree may point into several files.
 */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  kind: "map";
  span: Span;
  entries: Map<string, Entry>;
}

export interface Entry {
  key: Span;
  value: Node;
}

export interface ListNode {
  kind: "list";
  span: Span;
  items: Node[];
}

export interface ScalarNode {
  kind: "scalar";
  span: Span;
  value: string | number | boolean | null;
  /** How it is written, without quotes: `007` and `yes` stay as they are. */
  written: string;
}

export type Path = readonly PropertyKey[];

/** `over` laid upon `base`: maps key by key, everything else replaced whole, lists too. */
export function merge(base: Node, over: Node): Node {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries);
  for (const [name, entry] of over.entries) {
    const below = base.entries.get(name);
    entries.set(name, below ? { key: entry.key, value: merge(below.value, entry.value) } : entry);
  }
  return { kind: "map", span: over.span, entries };
}

/** The node at a path; undefined where there is none. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) {
    if (node?.kind === "map") node = node.entries.get(String(step))?.value;
    else if (node?.kind === "list") node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** The span of the key at the end of a path; undefined for list items, the root and what does not exist. */
export function keySpanAt(root: Node, path: Path): Span | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  if (path.length === 0 || parent?.kind !== "map") return undefined;
  return parent.entries.get(String(path.at(-1)))?.key;
}

/** Plain data for a schema. Objects have no prototype, so no key of a file can mean anything to JavaScript. */
export function toPlain(node: Node): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toPlain);
    case "map": {
      const plain: Record<string, unknown> = Object.create(null);
      for (const [name, entry] of node.entries) plain[name] = toPlain(entry.value);
      return plain;
    }
  }
}

/** `applications.datahub.entra.assignments[0]`, for messages; empty for the root. */
export function printPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += `${text ? "." : ""}${String(step)}`;
  }
  return text;
}
