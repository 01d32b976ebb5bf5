/** A rule by which answers go wrong on purpose. Everything but `id` and one effect may be left out. */
export interface FaultRule {
  /** Each tenant has ids of its own. */
  id: string;
  /** Only requests to this tenant; to all of them when undefined. */
  tenant?: string;
  method?: string;
  /** Below the base URL, `*` for any characters: `/Users*`. */
  path?: string;
  /** How many times; for ever when undefined. */
  count?: number;
  /** 0 to 1, drawn from the seed. */
  probability?: number;
  seed?: number;

  /** Answer with this status instead of doing anything. */
  status?: number;
  /** Headers beside it, such as Retry-After. */
  headers?: Record<string, string>;
  /** Wait before doing anything, in milliseconds. */
  delay?: number;
  /** Close the connection: before anything is done, or after. */
  drop?: "before" | "after";
  /** Send half of the answer's body, then close the connection. */
  truncate?: boolean;
  /** Answer with this media type. */
  mediaType?: string;
  /** Answer as if it had been done, and do nothing. */
  ignore?: boolean;
}

export interface FaultState extends FaultRule {
  /** How often it struck. */
  hits: number;
}

interface Entry {
  state: FaultState;
  random: () => number;
}

/** The rules in force, in the order in which they were set; the first that applies strikes. */
export class Faults {
  readonly #rules = new Map<string, Entry>();

  /** Sets a rule, in the place of the same tenant's with the same id. */
  set(rule: FaultRule): FaultState {
    const state = { ...rule, hits: 0 };
    this.#rules.set(keyOf(rule), { state, random: generator(rule.seed ?? 1) });
    return state;
  }

  list(): FaultState[] {
    return [...this.#rules.values()].map(({ state }) => ({ ...state }));
  }

  /** False when there is no such rule. @param tenant That of the rule; undefined for a rule for all of them. */
  clear(id: string, tenant?: string): boolean {
    return this.#rules.delete(keyOf({ id, tenant }));
  }

  clearAll(): void {
    this.#rules.clear();
  }

  /** The rule that strikes this request, counted as a hit. */
  strike(tenant: string, method: string, path: string): FaultRule | undefined {
    for (const { state, random } of this.#rules.values()) {
      if (state.tenant !== undefined && state.tenant !== tenant) continue;
      if (state.method !== undefined && state.method.toUpperCase() !== method) continue;
      if (state.path !== undefined && !matchesPattern(state.path, path)) continue;
      if (state.count !== undefined && state.hits >= state.count) continue;
      if (state.probability !== undefined && random() >= state.probability) continue;
      state.hits++;
      return state;
    }
    return undefined;
  }
}

/** No tenant's name holds a slash. */
function keyOf({ id, tenant }: { id: string; tenant?: string | undefined }): string {
  return `${tenant ?? ""}/${id}`;
}

/** `*` stands for any characters. Linear in the text for each star, whatever the pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (!text.startsWith(first)) return false;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? "";
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

/** Mulberry32: the same seed strikes the same requests. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
