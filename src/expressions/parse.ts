import type { ComparisonOperator, Expression, ExpressionProblem, FunctionCall } from "./ast.ts";

export type ParseResult = { ok: true; expression: Expression } | { ok: false; problem: ExpressionProblem };

/** Microsoft's limit (entra-docs, known-issues.md, "Maximum characters for attribute-mapping expressions"). */
const MAX_LENGTH = 10_000;
/** Far beyond any expression a person writes; keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 100;

const OPERATORS: ComparisonOperator[] = ["<>", ">=", "<=", "=", ">", "<"];
const BARE_WORD = /[^\s,()[\]"=<>]+/y;
const FUNCTION_NAME = /^[A-Za-z_]\w*$/;

/**
 * Parses an expression's syntax: attributes, constants, comparisons and calls. Whether functions exist and take such
 * arguments is {@link checkExpression}'s. Never throws.
 */
export function parseExpression(text: string): ParseResult {
  try {
    return { ok: true, expression: new Parser(text).parse() };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { ok: false, problem: error.problem };
    throw error;
  }
}

class SyntaxProblem extends Error {
  readonly problem: ExpressionProblem;
  constructor(code: ExpressionProblem["code"], message: string, offset: number) {
    super(message);
    this.problem = { code, message, offset };
  }
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Expression {
    if (this.#text.length > MAX_LENGTH) {
      throw new SyntaxProblem(
        "too-long",
        `The expression has ${this.#text.length} characters; Entra takes at most ${MAX_LENGTH}.`,
        MAX_LENGTH,
      );
    }
    this.#skipSpace();
    if (this.#at === this.#text.length) {
      throw new SyntaxProblem(
        "empty",
        'The expression is empty. Write [attribute], "constant" or Function(…).',
        0,
      );
    }
    const expression = this.#operand();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected("the end of the expression");
    return expression;
  }

  #operand(): Expression {
    const offset = this.#at;
    const next = this.#text[offset];
    if (next === "[") return this.#attribute();
    if (next === '"') return this.#string();
    BARE_WORD.lastIndex = offset;
    const word = BARE_WORD.exec(this.#text)?.[0];
    if (word === undefined) throw this.#unexpected('[attribute], "constant" or Function(…)');
    this.#at += word.length;
    this.#skipSpace();
    if (this.#text[this.#at] === "(") return this.#call(word, offset);
    return { kind: "constant", value: word, quoted: false, offset };
  }

  #call(name: string, offset: number): FunctionCall {
    if (!FUNCTION_NAME.test(name)) {
      throw new SyntaxProblem("unexpected", `"${name}" is no function name.`, offset);
    }
    if (++this.#depth > MAX_DEPTH) {
      throw new SyntaxProblem("too-deep", `Functions are nested more than ${MAX_DEPTH} deep.`, offset);
    }
    this.#at++;
    const args = this.#arguments();
    this.#depth--;
    return { kind: "call", name, arguments: args, offset };
  }

  #arguments(): (Expression | null)[] {
    this.#skipSpace();
    if (this.#text[this.#at] === ")") {
      this.#at++;
      return [];
    }
    const args: (Expression | null)[] = [];
    for (;;) {
      this.#skipSpace();
      const next = this.#text[this.#at];
      args.push(next === "," || next === ")" ? null : this.#argument());
      this.#skipSpace();
      const end = this.#text[this.#at];
      if (end !== "," && end !== ")") throw this.#unexpected('"," or ")"');
      this.#at++;
      if (end === ")") return args;
    }
  }

  #argument(): Expression {
    const left = this.#operand();
    this.#skipSpace();
    const operator = OPERATORS.find((candidate) => this.#text.startsWith(candidate, this.#at));
    if (!operator) return left;
    this.#at += operator.length;
    this.#skipSpace();
    return { kind: "comparison", operator, left, right: this.#operand(), offset: left.offset };
  }

  #attribute(): Expression {
    const offset = this.#at;
    const end = this.#text.indexOf("]", offset);
    const name = end < 0 ? "" : this.#text.slice(offset + 1, end).trim();
    if (end < 0 || name === "" || name.includes("[")) {
      throw new SyntaxProblem(
        "unterminated-attribute",
        'An attribute is written [name]; its "]" or its name is missing.',
        offset,
      );
    }
    this.#at = end + 1;
    return { kind: "attribute", name, offset };
  }

  #string(): Expression {
    const offset = this.#at;
    let value = "";
    for (let at = offset + 1; at < this.#text.length; at++) {
      const character = this.#text.charAt(at);
      if (character === '"') {
        this.#at = at + 1;
        return { kind: "constant", value, quoted: true, offset };
      }
      const next = this.#text[at + 1];
      if (character === "\\" && (next === '"' || next === "\\")) at++;
      value += character === "\\" && (next === '"' || next === "\\") ? next : character;
    }
    throw new SyntaxProblem(
      "unterminated-string",
      'This string has no closing quotation mark. A quotation mark inside a string is written \\".',
      offset,
    );
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && /\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #unexpected(wanted: string): SyntaxProblem {
    const found =
      this.#at < this.#text.length
        ? `"${String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)}"`
        : "the end";
    return new SyntaxProblem("unexpected", `Expected ${wanted}, found ${found}.`, this.#at);
  }
}
