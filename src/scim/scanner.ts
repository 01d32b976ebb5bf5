/** A filter or path that cannot be read. `position` is the 0-based offset in `text` of the first character that is wrong. */
export class ScimSyntaxError extends Error {
  readonly text: string;
  readonly position: number;

  constructor(problem: string, text: string, position: number) {
    const excerpt = text.length > 120 ? `${text.slice(0, 117)}...` : text;
    super(`${problem} at character ${position + 1} of \`${excerpt}\``);
    this.name = "ScimSyntaxError";
    this.text = text;
    this.position = position;
  }
}

const BLANK = /[ \t\r\n]/;
const WORD = /[A-Za-z0-9$_\-.:]/;
const BARE = /[^ \t\r\n()[\]"]/;

/** Reads a filter or path from left to right; every step is linear in what it consumes. */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.position >= this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.position);
  }

  fail(problem: string, position = this.position): never {
    throw new ScimSyntaxError(problem, this.text, position);
  }

  skipBlanks(): boolean {
    const start = this.position;
    while (!this.done && BLANK.test(this.peek())) this.position++;
    return this.position > start;
  }

  take(character: string): boolean {
    if (this.peek() !== character || this.done) return false;
    this.position++;
    return true;
  }

  expect(character: string, context: string): void {
    if (!this.take(character)) this.fail(`expected \`${character}\` ${context}`);
  }

  /** A name, URN or dotted path; empty when none stands here. */
  word(): string {
    return this.#while(WORD);
  }

  /** Everything up to a blank, bracket or quote. */
  bareWord(): string {
    return this.#while(BARE);
  }

  /** The next word without consuming it, in lower case. */
  peekKeyword(): string {
    const start = this.position;
    const word = this.#while(/[A-Za-z]/).toLowerCase();
    this.position = start;
    return word;
  }

  /** A JSON string literal, standing at its opening quote. */
  jsonString(): string {
    const start = this.position++;
    while (!this.done && this.peek() !== '"') this.position += this.peek() === "\\" ? 2 : 1;
    if (this.done) this.fail("this string is never closed", start);
    this.position++;
    try {
      return JSON.parse(this.text.slice(start, this.position)) as string;
    } catch {
      return this.fail("this is no valid JSON string", start);
    }
  }

  #while(allowed: RegExp): string {
    const start = this.position;
    while (!this.done && allowed.test(this.peek())) this.position++;
    return this.text.slice(start, this.position);
  }
}
