/** One request that a tenant answered; no headers and no bodies, so no secrets. */
export interface LoggedRequest {
  /** 1, 2, … since the start. */
  number: number;
  method: string;
  /** With the query. */
  path: string;
  /** 0 when the connection was dropped without an answer. */
  status: number;
  /** Whether it came as a part of a batch. */
  batched: boolean;
}

export interface RequestCounts {
  /** Requests that change nothing. */
  reads: number;
  /** Requests that changed, or would have changed, something: every other method than GET and HEAD, look-ups aside. */
  writes: number;
  /** Of both, how many arrived as requests of their own and not as parts of a batch, batches included. */
  exchanges: number;
}

const LONGEST = 100_000;

/** The requests since the start or the last {@link clear}. */
export class RequestLog {
  readonly #isRead: (method: string, path: string) => boolean;
  #requests: LoggedRequest[] = [];
  #number = 0;

  /** `lookups`: paths whose POST reads only, such as a batch (its parts are counted themselves) or an expression parsed. */
  constructor(lookups: readonly RegExp[]) {
    this.#isRead = (method, path) =>
      method === "GET" ||
      method === "HEAD" ||
      (method === "POST" && lookups.some((lookup) => lookup.test(path)));
  }

  add(request: Omit<LoggedRequest, "number">): void {
    this.#requests.push({ number: ++this.#number, ...request });
    if (this.#requests.length > LONGEST) this.#requests.shift();
  }

  /** Oldest first; the oldest of more than 100,000 are forgotten. */
  list(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** Those that are no reads. */
  writes(): LoggedRequest[] {
    return this.#requests.filter(({ method, path }) => !this.#isRead(method, path));
  }

  counts(): RequestCounts {
    const writes = this.writes().length;
    return {
      reads: this.#requests.length - writes,
      writes,
      exchanges: this.#requests.filter(({ batched }) => !batched).length,
    };
  }

  clear(): void {
    this.#requests = [];
  }
}
