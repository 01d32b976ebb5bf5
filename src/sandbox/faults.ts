/** What a tenant is told to do to requests to come, instead of or after serving them. */
export interface Fault {
  /** GET, POST, …; any when absent. */
  method?: string;
  /** A regular expression that the path with its query must contain. */
  path: string;
  /** How many matching requests it befalls; 1 when absent. */
  times?: number;
  /** How many matching requests pass unharmed before. */
  skip?: number;
  effect: FaultEffect;
}

export type FaultEffect =
  /** Answers with the status and the body that the service sends with it; the request has no effect. */
  | { answer: 401 | 403 | 404 | 409 | 429 | 500 | 503; retryAfter?: number }
  /** Closes the connection before anything is done. */
  | { drop: "before" }
  /** Does what was asked, then closes the connection without an answer. */
  | { drop: "after" };

interface Armed {
  id: number;
  method: string | undefined;
  path: RegExp;
  left: number;
  skip: number;
  effect: FaultEffect;
}

const ANSWERS: readonly number[] = [401, 403, 404, 409, 429, 500, 503];

/** The faults that wait for their requests, first come, first served. */
export class Faults {
  #armed: Armed[] = [];
  #next = 1;

  /** @returns an id to {@link disarm} it. @throws RangeError or SyntaxError when `fault` cannot be carried out. */
  arm(fault: Fault): number {
    const times = fault.times ?? 1;
    const skip = fault.skip ?? 0;
    if (!Number.isInteger(times) || times < 1)
      throw new RangeError(`times is a whole number from 1; got ${fault.times}.`);
    if (!Number.isInteger(skip) || skip < 0)
      throw new RangeError(`skip is a whole number from 0; got ${fault.skip}.`);
    checkEffect(fault.effect);
    const id = this.#next++;
    this.#armed.push({
      id,
      method: fault.method?.toUpperCase(),
      path: new RegExp(fault.path, "i"),
      left: times,
      skip,
      effect: fault.effect,
    });
    return id;
  }

  disarm(id: number): boolean {
    const before = this.#armed.length;
    this.#armed = this.#armed.filter((fault) => fault.id !== id);
    return this.#armed.length < before;
  }

  clear(): void {
    this.#armed = [];
  }

  /** What befalls this request, if anything; uses the fault up. */
  strike(method: string, path: string): FaultEffect | undefined {
    for (const fault of this.#armed) {
      if (fault.method !== undefined && fault.method !== method.toUpperCase()) continue;
      if (!fault.path.test(path)) continue;
      if (fault.skip > 0) {
        fault.skip--;
        continue;
      }
      fault.left--;
      if (fault.left === 0) this.disarm(fault.id);
      return fault.effect;
    }
    return undefined;
  }
}

function checkEffect(effect: FaultEffect | undefined): void {
  if (effect && "drop" in effect && (effect.drop === "before" || effect.drop === "after")) return;
  if (effect && "answer" in effect && ANSWERS.includes(effect.answer)) return;
  throw new RangeError(
    `A fault's effect is {"answer": ${ANSWERS.join(" | ")}} or {"drop": "before" | "after"}; got ${JSON.stringify(effect)}.`,
  );
}
