/** What Okta's expression language yields here. */
export type ExpressionValue = string | number | boolean | null;

/** The roots an expression may name: `user` (the Okta profile), `appuser`, `source`, `org`. */
export type ExpressionScope = Record<string, Record<string, ExpressionValue | undefined> | undefined>;

/** An expression that cannot be read or evaluated; `position` is 0-based within it. */
export class ExpressionError extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

interface Token {
  kind: "string" | "number" | "name" | "symbol" | "end";
  text: string;
  at: number;
}

const TOKEN = /\s+|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+)|([A-Za-z_]\w*)|(==|!=|&&|\|\||[()?:,.+!])/y;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let at = 0; at < source.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (!match) throw new ExpressionError(`unexpected ${source.charAt(at)}`, at);
    const [, text, digits, name, symbol] = match;
    if (text !== undefined)
      tokens.push({ kind: "string", text: text.slice(1, -1).replace(/\\(.)/g, "$1"), at });
    else if (digits !== undefined) tokens.push({ kind: "number", text: digits, at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol, at });
  }
  tokens.push({ kind: "end", text: "end of expression", at: source.length });
  return tokens;
}

/**
 * Evaluates the part of the Okta Expression Language that profile mappings and user name templates use: property references,
 * literals, `+`, `==`, `!=`, AND, OR, `!`, `? :` and the `String.` functions.
 *
 * @throws ExpressionError for a syntax error or a function that is not evaluated here. An unknown property of a known root is null.
 */
export function evaluate(source: string, scope: ExpressionScope): ExpressionValue {
  return new Evaluator(tokenize(source), scope).run();
}

/** Reads and evaluates in one go; a branch that is not taken is read all the same. */
class Evaluator {
  readonly #tokens: Token[];
  readonly #scope: ExpressionScope;
  #next = 0;

  constructor(tokens: Token[], scope: ExpressionScope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  run(): ExpressionValue {
    const value = this.#conditional();
    if (this.#peek().kind !== "end") throw this.#unexpected();
    return value;
  }

  #conditional(): ExpressionValue {
    const condition = this.#or();
    if (!this.#take("?")) return condition;
    const yes = this.#conditional();
    this.#expect(":");
    const no = this.#conditional();
    return condition === true ? yes : no;
  }

  #or(): ExpressionValue {
    let left = this.#and();
    while (this.#take("||", "OR")) {
      const right = this.#and();
      left = left === true || right === true;
    }
    return left;
  }

  #and(): ExpressionValue {
    let left = this.#equality();
    while (this.#take("&&", "AND")) {
      const right = this.#equality();
      left = left === true && right === true;
    }
    return left;
  }

  #equality(): ExpressionValue {
    const left = this.#sum();
    if (this.#take("==")) return left === this.#sum();
    if (this.#take("!=")) return left !== this.#sum();
    return left;
  }

  #sum(): ExpressionValue {
    let left = this.#unary();
    while (this.#take("+")) {
      const right = this.#unary();
      left = typeof left === "number" && typeof right === "number" ? left + right : text(left) + text(right);
    }
    return left;
  }

  #unary(): ExpressionValue {
    return this.#take("!") ? this.#unary() !== true : this.#primary();
  }

  #primary(): ExpressionValue {
    const token = this.#advance();
    if (token.kind === "string") return token.text;
    if (token.kind === "number") return Number(token.text);
    if (token.kind === "symbol" && token.text === "(") {
      const value = this.#conditional();
      this.#expect(")");
      return value;
    }
    if (token.kind !== "name") throw this.#unexpected(token);
    if (token.text === "true" || token.text === "false") return token.text === "true";
    if (token.text === "null") return null;
    this.#expect(".");
    const member = this.#advance();
    if (member.kind !== "name") throw this.#unexpected(member);
    return this.#take("(") ? this.#call(token, member) : this.#property(token, member);
  }

  #property(root: Token, member: Token): ExpressionValue {
    const properties = this.#scope[root.text];
    if (!properties) throw new ExpressionError(`no property ${root.text}.${member.text} here`, root.at);
    return Object.hasOwn(properties, member.text) ? (properties[member.text] ?? null) : null;
  }

  #call(root: Token, member: Token): ExpressionValue {
    const parameters: ExpressionValue[] = [];
    if (!this.#take(")")) {
      do parameters.push(this.#conditional());
      while (this.#take(","));
      this.#expect(")");
    }
    const name = `${root.text}.${member.text}`;
    const implementation = FUNCTIONS.get(name);
    if (!implementation) throw new ExpressionError(`${name} is not evaluated here`, root.at);
    if (parameters.length !== implementation.length) {
      throw new ExpressionError(
        `${name} takes ${implementation.length} arguments, not ${parameters.length}`,
        root.at,
      );
    }
    return implementation(...parameters);
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "end of expression", at: 0 };
  }

  #advance(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #take(...texts: string[]): boolean {
    const token = this.#peek();
    const taken = (token.kind === "symbol" || token.kind === "name") && texts.includes(token.text);
    if (taken) this.#next++;
    return taken;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#unexpected();
  }

  #unexpected(token = this.#peek()): ExpressionError {
    return new ExpressionError(`unexpected ${token.text}`, token.at);
  }
}

type Implementation = (...parameters: ExpressionValue[]) => ExpressionValue;

/** https://developer.okta.com/docs/reference/okta-expression-language/#string-functions */
const FUNCTIONS = new Map<string, Implementation>([
  ["String.append", (a, b) => text(a) + text(b)],
  ["String.join", (separator, a, b) => text(a) + text(separator) + text(b)],
  ["String.len", (a) => text(a).length],
  ["String.removeSpaces", (a) => text(a).replaceAll(" ", "")],
  ["String.replace", (a, match, by) => text(a).replaceAll(text(match), () => text(by))],
  ["String.replaceFirst", (a, match, by) => text(a).replace(text(match), () => text(by))],
  ["String.startsWith", (a, b) => text(a).startsWith(text(b))],
  ["String.stringContains", (a, b) => text(a).includes(text(b))],
  ["String.substring", (a, from, to) => text(a).slice(Number(from), Number(to))],
  ["String.substringAfter", (a, mark) => after(text(a), text(mark))],
  ["String.substringBefore", (a, mark) => text(a).split(text(mark), 1).join("")],
  ["String.toLowerCase", (a) => text(a).toLowerCase()],
  ["String.toUpperCase", (a) => text(a).toUpperCase()],
]);

function after(whole: string, mark: string): string {
  const at = whole.indexOf(mark);
  return at < 0 ? "" : whole.slice(at + mark.length);
}

function text(value: ExpressionValue): string {
  return value === null ? "" : String(value);
}
