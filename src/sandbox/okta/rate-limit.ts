import type { Area } from "./areas.ts";
import { refuse } from "./errors.ts";

export interface RateLimitOptions {
  /** Multiplies Okta's limits; 1 by default. */
  scale?: number;
  /** Length of a window in milliseconds, a minute at Okta; 5,000 by default so that a wait is short. At least 1,000. */
  window?: number;
}

/** Fixed windows over real time, one for each area. Callers may be told to wait, so the simulated clock will not do. */
export class RateLimits {
  readonly #scale: number;
  readonly #window: number;
  readonly #used = new Map<string, { window: number; count: number }>();

  constructor(options: RateLimitOptions) {
    this.#scale = options.scale ?? 1;
    this.#window = options.window ?? 5000;
    if (!(this.#scale > 0)) throw new RangeError(`A rate-limit scale is above 0; got ${this.#scale}.`);
    if (!(this.#window >= 1000))
      throw new RangeError(`A window lasts 1,000 ms at least; got ${this.#window}.`);
  }

  /** Counts a request. @returns the three headers of its answer. @throws OktaError 429 when the area's window is used up. */
  take(area: Area): Record<string, string> {
    const now = Date.now();
    const window = Math.floor(now / this.#window);
    const used = this.#used.get(area.name);
    const count = used?.window === window ? used.count + 1 : 1;
    this.#used.set(area.name, { window, count });
    const limit = Math.max(1, Math.floor(area.limit * this.#scale));
    const reset = Math.ceil(((window + 1) * this.#window) / 1000);
    const headers = limitHeaders(limit, Math.max(0, limit - count), reset);
    if (count > limit) throw refuse.rateLimit(headers);
    return headers;
  }

  /** A 429 whose window ends in `seconds`. */
  refusal(area: Area, seconds: number) {
    const limit = Math.max(1, Math.floor(area.limit * this.#scale));
    return refuse.rateLimit(limitHeaders(limit, 0, Math.ceil(Date.now() / 1000) + seconds));
  }
}

function limitHeaders(limit: number, remaining: number, reset: number): Record<string, string> {
  return {
    "x-rate-limit-limit": String(limit),
    "x-rate-limit-remaining": String(remaining),
    "x-rate-limit-reset": String(reset),
  };
}
