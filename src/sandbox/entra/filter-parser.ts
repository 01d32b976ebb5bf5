import { malformed } from "./graph-error.ts";

export type FilterLiteral = string | number | boolean | null;

/** The part of OData's $filter that directory objects take. Paths are as written: `tags`, `servicePrincipal/id`. */
export type Filter =
  | { kind: "and" | "or"; terms: Filter[] }
  | { kind: "not"; term: Filter }
  | { kind: "compare"; operator: Comparison; path: string; value: FilterLiteral }
  | { kind: "in"; path: string; values: FilterLiteral[] }
  | { kind: "match"; operator: "startswith" | "endswith" | "contains"; path: string; value: string }
  /** `tags/any(t:t eq 'x')`; `term` speaks of an element by the path "". */
  | { kind: "any"; path: string; term: Filter };

export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

interface Token {
  kind: "string" | "literal" | "word" | "punctuation" | "end";
  text: string;
  at: number;
}

const TOKEN =
  /\s*(?:(?<string>'(?:[^']|'')*')|(?<literal>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_@][\w.@]*(?:\/[A-Za-z_][\w.]*)*)|(?<punctuation>[(),:/]))/iy;

/** @throws GraphError 400 BadRequest, naming the position, when `text` is no filter. */
export function parseFilter(text: string): Filter {
  const parser = new Parser(text);
  const filter = parser.or();
  parser.expectEnd();
  return filter;
}

class Parser {
  readonly #text: string;
  readonly #tokens: Token[];
  #next = 0;
  /** The variable of the lambda being read; nested lambdas are not in use. */
  #variable: string | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokens(text);
  }

  or(): Filter {
    const terms = [this.#and()];
    while (this.#takeWord("or")) terms.push(this.#and());
    return single("or", terms);
  }

  expectEnd(): void {
    if (this.#peek().kind !== "end") this.#fail();
  }

  #and(): Filter {
    const terms = [this.#unary()];
    while (this.#takeWord("and")) terms.push(this.#unary());
    return single("and", terms);
  }

  #unary(): Filter {
    if (this.#takeWord("not")) return { kind: "not", term: this.#unary() };
    if (this.#take("(")) {
      const filter = this.or();
      this.#expect(")");
      return filter;
    }
    return this.#predicate();
  }

  #predicate(): Filter {
    const word = this.#word();
    const operator = word.toLowerCase();
    if (operator === "startswith" || operator === "endswith" || operator === "contains") {
      this.#expect("(");
      const path = this.#path(this.#word());
      this.#expect(",");
      const value = this.#literal();
      if (typeof value !== "string") this.#fail();
      this.#expect(")");
      return { kind: "match", operator, path, value };
    }
    if (operator.endsWith("/any")) return this.#any(word.slice(0, -"/any".length));
    const path = this.#path(word);
    const comparison = this.#word().toLowerCase();
    if (comparison === "in") return { kind: "in", path, values: this.#list() };
    if (!isComparison(comparison)) this.#fail(-1);
    return { kind: "compare", operator: comparison, path, value: this.#literal() };
  }

  #any(path: string): Filter {
    this.#expect("(");
    this.#variable = this.#word();
    this.#expect(":");
    const term = this.or();
    this.#expect(")");
    this.#variable = undefined;
    return { kind: "any", path, term };
  }

  #list(): FilterLiteral[] {
    this.#expect("(");
    const values = [this.#literal()];
    while (this.#take(",")) values.push(this.#literal());
    this.#expect(")");
    return values;
  }

  #literal(): FilterLiteral {
    const token = this.#peek();
    this.#next++;
    if (token.kind === "string") return token.text.slice(1, -1).replaceAll("''", "'");
    if (token.kind === "literal") return /^-?\d+(\.\d+)?$/.test(token.text) ? Number(token.text) : token.text;
    if (token.text === "true") return true;
    if (token.text === "false") return false;
    if (token.text === "null") return null;
    return this.#fail(-1);
  }

  #path(word: string): string {
    if (this.#variable === undefined) return word;
    if (word === this.#variable) return "";
    return word.startsWith(`${this.#variable}/`) ? word.slice(this.#variable.length + 1) : word;
  }

  #word(): string {
    const token = this.#peek();
    if (token.kind !== "word") this.#fail();
    this.#next++;
    return token.text;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  #take(punctuation: string): boolean {
    if (this.#peek().kind !== "punctuation" || this.#peek().text !== punctuation) return false;
    this.#next++;
    return true;
  }

  #expect(punctuation: string): void {
    if (!this.#take(punctuation)) this.#fail();
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "", at: this.#text.length };
  }

  #fail(offset = 0): never {
    const at = this.#tokens[this.#next + offset]?.at ?? this.#text.length;
    throw malformed(`Invalid filter clause: Syntax error at position ${at} in '${this.#text}'.`);
  }
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match?.groups) {
      const unterminated = text.slice(start).trimStart().startsWith("'");
      throw malformed(
        unterminated
          ? `Invalid filter clause: There is an unterminated string literal at position ${text.length} in '${text}'.`
          : `Invalid filter clause: Syntax error at position ${start} in '${text}'.`,
      );
    }
    for (const kind of ["string", "literal", "word", "punctuation"] as const) {
      const value = match.groups[kind];
      if (value !== undefined) found.push({ kind, text: value, at: pattern.lastIndex - value.length });
    }
  }
  return found;
}

function single(kind: "and" | "or", terms: Filter[]): Filter {
  const [only] = terms;
  return terms.length === 1 && only ? only : { kind, terms };
}

function isComparison(word: string): word is Comparison {
  return ["eq", "ne", "gt", "ge", "lt", "le"].includes(word);
}
