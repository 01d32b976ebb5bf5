import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type Node as YamlNode,
} from "yaml";
import { type Diagnostic, diagnosticAt, type Said } from "./diagnostic.ts";
import { hiddenByEscapes, hiddenCharacters } from "./hidden.ts";
import { lineAndColumn, type Source, type Span } from "./source.ts";
import { syntaxErrors, syntaxProblem } from "./syntax.ts";
import type { Entry, ListNode, MapNode, Node } from "./tree.ts";

export interface ParsedYaml {
  /** Absent when the file has no value or its syntax is broken. */
  root?: Node;
  diagnostics: Diagnostic[];
}

/**
 * Parses one document of YAML 1.2 with its core schema. Anchors, aliases, tags, directives, several documents, duplicate keys and
 * characters that cannot be seen are refused: each makes a file mean something else than a reviewer reads.
 */
export function parseYaml(source: Source): ParsedYaml {
  const hidden = hiddenCharacters(source);
  const document = parseDocument(source.text, {
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: false,
  });
  const broken = syntaxErrors([...document.errors, ...document.warnings]).map((error) => {
    const { start, end, said } = syntaxProblem(error, document, source.text);
    return diagnosticAt({ source, start, end }, said);
  });
  if (document.directives.yaml.explicit && document.directives.yaml.version !== "1.2") {
    const said = error(
      "yaml-directive",
      `%YAML ${document.directives.yaml.version} asks for another version of YAML`,
      'YAML 1.1 reads "no" and "on" as booleans, so the same lines would mean something else',
      "remove the line",
    );
    broken.push(diagnosticAt({ source, start: 0, end: source.lineStarts[1] ?? source.text.length }, said));
  }
  if (broken.length > 0) return { diagnostics: [...hidden, ...broken] };
  if (!document.contents) {
    const said = error(
      "empty-file",
      `${source.file} holds no spec`,
      "nothing in it is declared",
      "rollcall schema prints what it may hold",
    );
    return { diagnostics: [...hidden, diagnosticAt({ source, start: 0, end: 0 }, said)] };
  }
  const converter = new Converter(source);
  const root = converter.convert(document.contents, 0);
  const tooDeep = converter.diagnostics.some((diagnostic) => diagnostic.code === "too-deep");
  return { ...(tooDeep ? {} : { root }), diagnostics: [...hidden, ...converter.diagnostics] };
}

const MAX_DEPTH = 50;

/** Turns the library's nodes into ours. What is refused becomes a diagnostic and an empty scalar. */
class Converter {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  convert(node: YamlNode | null, depth: number, emptyAt?: Span): Node {
    const span = node ? this.#span(node) : (emptyAt ?? { source: this.#source, start: 0, end: 0 });
    if (isAlias(node)) return this.#refuseAlias(span, `alias *${node.source}`);
    if (node && "anchor" in node && node.anchor) this.#refuseAlias(span, `anchor &${node.anchor}`);
    this.#lookForTag(node, span);
    if (depth > MAX_DEPTH) {
      return this.#refuse(
        span,
        "too-deep",
        `more than ${MAX_DEPTH} levels of nesting`,
        "a spec needs seven",
        "check for a stray bracket",
      );
    }
    if (isMap(node))
      return this.#map(node.items as { key: YamlNode | null; value: YamlNode | null }[], span, depth);
    if (isSeq(node)) {
      const items = (node.items as (YamlNode | null)[]).map((item) => this.convert(item, depth + 1, span));
      return { kind: "list", span, items } satisfies ListNode;
    }
    this.#lookForEscapes(node as Scalar | null, span);
    return scalar(node as Scalar | null, span);
  }

  #map(items: { key: YamlNode | null; value: YamlNode | null }[], span: Span, depth: number): MapNode {
    const entries = new Map<string, Entry>();
    for (const { key, value } of items) {
      const keySpan = key ? this.#span(key) : span;
      const name = this.#keyName(key, keySpan);
      if (name === undefined) continue;
      const known = entries.get(name);
      if (known) {
        const { line } = lineAndColumn(this.#source, known.key.start);
        this.#refuse(
          keySpan,
          "duplicate-key",
          `"${name}" is already given in line ${line}`,
          "YAML would keep one of the two and drop the other without a word",
          "keep one of them",
        );
        continue;
      }
      entries.set(name, { key: keySpan, value: this.convert(value, depth + 1, keySpan) });
    }
    return { kind: "map", span, entries };
  }

  /** Keys are text. What YAML reads as another scalar (`1:`, `true:`) counts as it is written; `null:` too. */
  #keyName(key: YamlNode | null, span: Span): string | undefined {
    if (isScalar(key) && !key.anchor) {
      this.#lookForTag(key, span);
      this.#lookForEscapes(key, span);
      const name = typeof key.value === "string" ? key.value : this.#source.text.slice(span.start, span.end);
      if (name !== "__proto__" && name !== "") return name;
    }
    this.#refuse(
      span,
      "yaml-key",
      "this cannot be a key",
      "keys are plain words",
      "write a word followed by a colon",
    );
    return undefined;
  }

  /** Those that YAML knows, such as !!str; others are errors of syntax already. */
  #lookForTag(node: YamlNode | null, span: Span): void {
    if (!node || !("tag" in node) || !node.tag) return;
    this.#refuse(
      span,
      "yaml-syntax",
      "tags (!name) are not used in specs",
      "a tag makes a value another than it looks like",
      "remove the tag; text that looks like a number stands in quotes",
    );
  }

  #lookForEscapes(node: Scalar | null, span: Span): void {
    const found = node && hiddenByEscapes(node, span);
    if (found) this.diagnostics.push(found);
  }

  #span(node: YamlNode): Span {
    const [start, end] = (node as ParsedNode).range ?? [0, 0];
    return { source: this.#source, start, end };
  }

  #refuseAlias(span: Span, what: string): Node {
    return this.#refuse(
      span,
      "yaml-alias",
      `${what} is not allowed`,
      "with aliases a change in one place gives access in another, which a reviewer of the change does not see",
      "write the value out, or share what environments have in common with extends:",
    );
  }

  #refuse(span: Span, code: string, message: string, why: string, help: string): Node {
    this.diagnostics.push(diagnosticAt(span, error(code, message, why, help)));
    return { kind: "scalar", span, value: null, written: "" };
  }
}

function scalar(node: Scalar | null, span: Span): Node {
  const raw = span.source.text.slice(span.start, span.end);
  const value = node?.value;
  const plain =
    value === undefined || value === null
      ? null
      : typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? value
        : String(value);
  return { kind: "scalar", span, value: plain, written: typeof plain === "string" ? plain : raw };
}

function error(code: string, message: string, why: string, help: string): Said {
  return { code, severity: "error", message, why, help };
}
