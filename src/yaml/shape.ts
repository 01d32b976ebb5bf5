import type { z } from "zod";
import type { Finding } from "./finding.ts";
import { gatherMisplaced } from "./misplaced.ts";
import { listOf, nearest } from "./nearest.ts";
import { homesOf, keysOf, placeOf, schemaAt } from "./schema-walk.ts";
import { type Node, nodeAt, type Path, printPath, toPlain } from "./tree.ts";

export interface Shape<T> {
  findings: Finding[];
  /** The data as the schema reads it, defaults filled in; only when nothing is wrong. */
  value?: T;
  /** What is left of the data when everything of the wrong shape is taken out, for rules that look at the rest. */
  draft: unknown;
}

/** Why unknown keys, wrong types and the like are refused, in the words of the file's kind. */
export interface ShapeReasons {
  unknownKey: string;
  wrongType: string;
  /** A better answer for keys that people can be expected to try. */
  key?(path: Path): { why: string; help: string } | undefined;
}

/** Checks a tree against a zod schema. Every issue becomes a finding that names the value written and the nearest right one. */
export function checkShape<T>(schema: z.ZodType<T>, root: Node, reasons: ShapeReasons): Shape<T> {
  const plain = toPlain(root);
  const result = schema.safeParse(plain);
  if (result.success) return { findings: [], value: result.data, draft: plain };
  const findings = result.error.issues.flatMap((issue) => explain(issue, schema, root, reasons));
  for (const issue of result.error.issues) removeAt(plain, issue);
  return { findings: gatherMisplaced(findings, schema, root), draft: plain };
}

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, schema: z.ZodType, root: Node, reasons: ShapeReasons): Finding[] {
  const { path } = issue;
  const base = { severity: "error" as const, path, on: "value" as const };
  const node = nodeAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysOf(schemaAt(schema, path, root));
      return issue.keys.map((key) => {
        const near = nearest(key, known);
        return {
          ...base,
          code: "unknown-key",
          path: [...path, key],
          on: "key",
          message: `unknown key "${key}"${inPath(path)}`,
          why: reasons.unknownKey,
          help: near === undefined ? unknownKeyHelp(key, known, path, schema) : `did you mean "${near}"?`,
          ...(near === undefined ? reasons.key?.([...path, key]) : { meant: [...path, near] }),
        };
      });
    }
    case "invalid_type":
      if (node === undefined) return [missingKey(path, schema)];
      return [
        { ...base, ...wrongType(issue.expected, node, path, reasons, keysOf(schemaAt(schema, path, root))) },
      ];
    case "invalid_value":
      if (node === undefined) return [missingKey(path, schema, issue.values.map(String))];
      return [{ ...base, ...wrongValue(issue.values.map(printable), node, path) }];
    case "invalid_union": {
      const { options = [] } = issue as { options?: unknown[] };
      if (node === undefined) return [missingKey(path, schema, options.map(String))];
      return [{ ...base, ...wrongValue(options.map(printable), node, path) }];
    }
    case "invalid_key":
      return [
        {
          ...base,
          on: "key",
          code: "bad-name",
          message: `"${String(path.at(-1))}" cannot be a name here: it ${issue.issues[0]?.message ?? "has another form"}`,
          why: "names become part of resource names, which never change afterwards",
        },
      ];
    default:
      return [
        {
          ...base,
          code: "bad-value",
          message: `${label(path)} ${issue.message}`,
          why:
            purposeOf(schema, path, root) ??
            "the value would be refused later, or would not mean what it says",
        },
      ];
  }
}

const printable = (value: unknown) =>
  typeof value === "number" || typeof value === "boolean" ? value : String(value);

const inPath = (path: Path) => (path.length === 0 ? "" : ` in ${printPath(path)}`);
const label = (path: Path) => (path.length === 0 ? "the file" : printPath(path));

function missingKey(path: Path, schema: z.ZodType, values?: string[]): Finding {
  const name = String(path.at(-1));
  const choice = values && values.length > 0 ? `one of ${listOf(values)}` : undefined;
  return {
    code: "missing-key",
    severity: "error",
    path: path.slice(0, -1),
    on: "key",
    absent: [path],
    message: `"${name}" is missing${inPath(path.slice(0, -1))}`,
    why: purposeOf(schema, path) ?? "it is required",
    help: `add ${name}:${choice ? `, ${choice}` : ""}`,
  };
}

/** What a key is for, from the schema's own words. */
function purposeOf(schema: z.ZodType, path: Path, root?: Node): string | undefined {
  const description = schemaAt(schema, path, root)?.meta()?.description;
  return description === undefined ? undefined : lowerFirst(description.replace(/\.$/, ""));
}

const lowerFirst = (text: string) =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

const TYPE_NAMES: Record<string, string> = {
  string: "text",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "a map of keys",
  record: "a map of keys",
};

type Explained = Pick<Finding, "code" | "message" | "why" | "help">;

function wrongType(
  expected: string,
  node: Node,
  path: Path,
  reasons: ShapeReasons,
  keys: string[],
): Explained {
  const wanted = TYPE_NAMES[expected] ?? expected;
  if (node.kind === "scalar" && node.value === null) {
    const message = `${label(path)} has no value`;
    return {
      code: "empty-value",
      message,
      why: `it must be ${wanted}`,
      help: "give it a value or remove the key",
    };
  }
  const message = `${label(path)} must be ${wanted}, not ${describe(node)}`;
  return { code: "wrong-type", message, why: reasons.wrongType, help: typeHelp(expected, node, keys) };
}

function describe(node: Node): string {
  if (node.kind === "map") return "a map of keys";
  if (node.kind === "list") return "a list";
  if (typeof node.value === "string") return `the text ${JSON.stringify(node.value)}`;
  return `${typeof node.value === "number" ? "the number " : ""}${node.written}`;
}

/** @param keys those of the map that is expected, as far as they have names */
function typeHelp(expected: string, node: Node, keys: string[]): string {
  if (expected === "boolean" && node.kind === "scalar") {
    const word = node.written.toLowerCase();
    if (["yes", "on", "y", "true"].includes(word)) return "YAML 1.2 knows true and false only: write true";
    if (["no", "off", "n", "false"].includes(word)) return "YAML 1.2 knows true and false only: write false";
    return "write true or false";
  }
  if (expected === "string") {
    if (node.kind === "scalar") return `put it in quotes: "${node.written}"`;
    if (node.kind === "list") return "text that starts with a bracket must stand in quotes";
    return "write one value";
  }
  if (expected === "array") return 'start each item with "- "';
  if (expected === "number" || expected === "int") return "write digits only, without quotes";
  const below = "on lines of their own, indented";
  return keys.length > 0
    ? `write one or more of its keys ${below}: ${keys.join(", ")}`
    : `write name: value ${below}`;
}

function wrongValue(allowed: (string | number | boolean)[], node: Node, path: Path): Explained {
  const written = node.kind === "scalar" ? node.written : undefined;
  if (node.kind === "scalar" && node.value === null) {
    const help = `write ${listOf(allowed)}`;
    return { code: "empty-value", message: `${label(path)} has no value`, why: "it must be chosen", help };
  }
  const message = `${label(path)} cannot be ${written === undefined ? describe(node) : JSON.stringify(written)}`;
  const why = `it is ${listOf(allowed)}`;
  if (node.kind === "scalar" && typeof node.value === "string" && allowed.map(String).includes(node.value)) {
    const quoted = `${label(path)} cannot be ${describe(node)}`;
    return { code: "unknown-value", message: quoted, why, help: `write ${node.value}, without quotes` };
  }
  const near = written === undefined ? undefined : nearest(written, allowed.map(String));
  const meant = allowed.find((value) => String(value) === near);
  return {
    code: "unknown-value",
    message,
    why,
    help: meant === undefined ? `write ${listOf(allowed)}` : `did you mean ${JSON.stringify(meant)}?`,
  };
}

function unknownKeyHelp(key: string, known: string[], path: Path, schema: z.ZodType): string {
  const homes = homesOf(schema, key);
  const below = homes.filter((home) => home.startsWith(placeOf(schema, path)));
  const likely = below.length > 0 ? below : homes;
  if (likely.length > 0 && likely.length <= 2) return `"${key}" belongs in ${likely.join(" or ")}`;
  return known.length === 0 ? "remove it" : `expected one of ${known.join(", ")}`;
}

/** Takes what an issue complains about out of plain data. List items become undefined, so that the others keep their places. */
function removeAt(plain: unknown, issue: Issue): void {
  const paths: Path[] =
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  for (const path of paths) {
    let holder: unknown = plain;
    for (const step of path.slice(0, -1))
      holder = (holder as Record<PropertyKey, unknown> | undefined)?.[step];
    const last = path.at(-1);
    if (last === undefined || typeof holder !== "object" || holder === null) continue;
    if (Array.isArray(holder)) holder[Number(last)] = undefined;
    else delete (holder as Record<PropertyKey, unknown>)[last];
  }
}
