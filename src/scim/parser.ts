import type { AttributePath, ComparisonOperator, ComparisonValue, Filter } from "./ast.ts";
import { COMPARISON_OPERATORS } from "./ast.ts";
import { Scanner } from "./scanner.ts";

export interface ParseOptions {
  /** Take a bare word or a misspelt literal as a string, as identity providers write them: `externalId eq jyoung`. */
  lenient?: boolean;
  /** Longest text in UTF-16 units. Default 8192. */
  maxLength?: number;
  /** Deepest nesting of parentheses, `not` and brackets. Default 20. */
  maxDepth?: number;
  /** Most comparisons in one text. Default 200. */
  maxTerms?: number;
}

const NAME = /^[A-Za-z$][A-Za-z0-9_-]*$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Recursive descent over RFC 7644 figure 1; `or` binds loosest, then `and`, then `not`. */
export class Parser {
  readonly scanner: Scanner;
  readonly #lenient: boolean;
  readonly #maxDepth: number;
  readonly #maxTerms: number;
  #depth = 0;
  #terms = 0;
  #insideBrackets = false;

  constructor(text: string, options: ParseOptions = {}) {
    this.scanner = new Scanner(text);
    this.#lenient = options.lenient ?? false;
    this.#maxDepth = options.maxDepth ?? 20;
    this.#maxTerms = options.maxTerms ?? 200;
    const maxLength = options.maxLength ?? 8192;
    if (text.length > maxLength)
      this.scanner.fail(`longer than the ${maxLength} characters allowed`, maxLength);
  }

  filter(): Filter {
    return this.#chain("or", () => this.#chain("and", () => this.#term()));
  }

  path(allowFilter: boolean): AttributePath {
    const path = this.#name();
    if (this.scanner.peek() === "[") {
      const opening = this.scanner.position;
      if (!allowFilter) this.scanner.fail("a filter in brackets cannot stand inside another one");
      if (path.subAttribute !== undefined)
        this.scanner.fail("brackets follow an attribute, not a sub-attribute", opening);
      this.scanner.position++;
      path.filter = this.#nested(() => this.#elementFilter());
      this.scanner.skipBlanks();
      this.scanner.expect("]", "to close the brackets");
      if (this.scanner.take(".")) path.subAttribute = this.#subAttribute();
    }
    return path;
  }

  end(): void {
    this.scanner.skipBlanks();
    if (!this.scanner.done) this.scanner.fail(`unexpected \`${this.scanner.peek()}\``);
  }

  #elementFilter(): Filter {
    this.#insideBrackets = true;
    try {
      return this.filter();
    } finally {
      this.#insideBrackets = false;
    }
  }

  #chain(kind: "and" | "or", operand: () => Filter): Filter {
    const operands = [operand()];
    for (;;) {
      const before = this.scanner.position;
      this.scanner.skipBlanks();
      if (this.scanner.peekKeyword() !== kind) {
        this.scanner.position = before;
        break;
      }
      this.scanner.position += kind.length;
      operands.push(operand());
    }
    const [first] = operands;
    return operands.length === 1 && first ? first : { kind, operands };
  }

  #term(): Filter {
    this.scanner.skipBlanks();
    if (this.scanner.done) this.scanner.fail("a comparison is missing");
    if (this.scanner.peek() === "(") return this.#group();
    if (this.scanner.peekKeyword() === "not") {
      const before = this.scanner.position;
      this.scanner.position += 3;
      this.scanner.skipBlanks();
      if (this.scanner.peek() === "(") return { kind: "not", operand: this.#group() };
      this.scanner.position = before;
    }
    return this.#comparison();
  }

  #group(): Filter {
    this.scanner.position++;
    const inner = this.#nested(() => this.filter());
    this.scanner.skipBlanks();
    this.scanner.expect(")", "to close the parenthesis");
    return inner;
  }

  #nested(parse: () => Filter): Filter {
    if (++this.#depth > this.#maxDepth)
      this.scanner.fail(`nested deeper than the ${this.#maxDepth} levels allowed`);
    const result = parse();
    this.#depth--;
    return result;
  }

  #comparison(): Filter {
    if (++this.#terms > this.#maxTerms)
      this.scanner.fail(`more than the ${this.#maxTerms} comparisons allowed`);
    const path = this.path(!this.#insideBrackets);
    const spaced = this.scanner.skipBlanks();
    const start = this.scanner.position;
    const next = this.scanner.peekKeyword();
    const known = next === "pr" || COMPARISON_OPERATORS.includes(next as ComparisonOperator);
    if (!known || !spaced) {
      if (path.filter && path.subAttribute === undefined) return { kind: "element", path };
      this.scanner.fail(
        `expected an operator (pr, ${COMPARISON_OPERATORS.join(", ")}) after \`${path.attribute}\``,
        start,
      );
    }
    this.scanner.position += next.length;
    if (next === "pr") return { kind: "present", path };
    if (!this.scanner.skipBlanks()) this.scanner.fail(`a value is missing after \`${next}\``);
    return { kind: "compare", path, operator: next as ComparisonOperator, value: this.#value(next) };
  }

  #value(operator: string): ComparisonValue {
    if (this.scanner.peek() === '"') return this.scanner.jsonString();
    const start = this.scanner.position;
    const word = this.scanner.bareWord();
    if (word === "") this.scanner.fail(`a value is missing after \`${operator}\``, start);
    if (word === "true") return true;
    if (word === "false") return false;
    if (word === "null") return null;
    if (NUMBER.test(word)) return Number(word);
    if (!this.#lenient)
      this.scanner.fail(`\`${word}\` is no JSON value; a string stands in double quotes`, start);
    return word;
  }

  #name(): AttributePath {
    const start = this.scanner.position;
    const word = this.scanner.word();
    if (word === "") {
      this.scanner.fail(this.scanner.done ? "an attribute name is missing" : "expected an attribute name");
    }
    const colon = word.lastIndexOf(":");
    const urn = colon < 0 ? undefined : word.slice(0, colon);
    const [attribute = "", subAttribute, ...rest] = word.slice(colon + 1).split(".");
    if (rest.length > 0) this.scanner.fail("a path has at most one sub-attribute", start);
    for (const name of subAttribute === undefined ? [attribute] : [attribute, subAttribute]) {
      if (!NAME.test(name)) this.scanner.fail(`\`${name}\` is no attribute name`, start);
    }
    return {
      ...(urn === undefined ? {} : { urn }),
      attribute,
      ...(subAttribute === undefined ? {} : { subAttribute }),
    };
  }

  #subAttribute(): string {
    const start = this.scanner.position;
    const name = this.scanner.word();
    if (!NAME.test(name)) this.scanner.fail("expected a sub-attribute's name after the dot", start);
    return name;
  }
}
