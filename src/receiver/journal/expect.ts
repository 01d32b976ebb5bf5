import type { Json } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import { matchesPattern } from "../faults/faults.ts";
import type { JournalEntry } from "./entry.ts";
import type { Journal } from "./journal.ts";

/** A request that must, or must not, have come in. What is left out does not matter. */
export interface ExpectedRequest {
  method?: string;
  /** Decoded path and query; `*` for any characters. */
  path?: string;
  status?: number;
  /** Part of the body: objects may hold more, and each element must be found in the list, wherever. */
  body?: Json;
}

export interface Expectation {
  requests?: ExpectedRequest[];
  /** Requests that must not have come in. */
  never?: ExpectedRequest[];
  /** Whether `requests` must have come in this order, others in between or not. */
  ordered?: boolean;
  /** Only entries after this seq. */
  since?: number;
  /** Milliseconds to wait for what is missing. Default 0, at most 60,000. */
  within?: number;
}

export interface ExpectationResult {
  ok: boolean;
  /** For each of `requests` the seq of the entry that met it, or null. */
  matched: (number | null)[];
  /** Those of `requests` that did not come in. */
  missing: ExpectedRequest[];
  /** Entries that should not have come in. */
  forbidden: { seq: number; request: string }[];
  /** The newest entries, to see what came in instead. */
  seen: { seq: number; request: string; status: number }[];
}

const MAX_WAIT = 60_000;
const MAX_ENTRIES = 10_000;

/** Waits until the journal meets the expectation, or its time is over. */
export async function expectJournal(journal: Journal, expectation: Expectation): Promise<ExpectationResult> {
  const deadline = performance.now() + Math.min(expectation.within ?? 0, MAX_WAIT);
  for (;;) {
    const result = checkExpectation(entriesOf(journal, expectation), expectation);
    const left = deadline - performance.now();
    if (left <= 0 || result.ok || result.forbidden.length > 0) return result;
    await nextEntry(journal, left);
  }
}

function entriesOf(journal: Journal, { since }: Expectation): JournalEntry[] {
  return journal.query({ limit: MAX_ENTRIES, ...(since === undefined ? {} : { since }) });
}

function nextEntry(journal: Journal, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    const stop = journal.listen(finish);
  });
}

/** Matches greedily: each entry meets at most one expected request, the earliest one that it can. */
export function checkExpectation(entries: JournalEntry[], expectation: Expectation): ExpectationResult {
  const { requests = [], never = [], ordered = false } = expectation;
  const matched: (number | null)[] = requests.map(() => null);
  if (ordered) {
    let next = 0;
    for (const entry of entries) {
      const expected = requests[next];
      if (expected && meets(entry, expected)) matched[next++] = entry.seq;
    }
  } else assign(entries, requests, matched);
  const forbidden = entries.filter((entry) => never.some((expected) => meets(entry, expected)));
  const missing = requests.filter((_request, index) => matched[index] === null);
  return {
    ok: missing.length === 0 && forbidden.length === 0,
    matched,
    missing,
    forbidden: forbidden.map((entry) => ({ seq: entry.seq, request: describe(entry) })),
    seen: entries
      .slice(-20)
      .map((entry) => ({ seq: entry.seq, request: describe(entry), status: entry.status })),
  };
}

/** Each expected request gets an entry of its own if that is possible at all (augmenting paths, as Kuhn's algorithm). */
function assign(entries: JournalEntry[], requests: ExpectedRequest[], matched: (number | null)[]): void {
  const holder = new Map<number, number>();
  const candidates = requests.map((request) =>
    entries.flatMap((entry, index) => (meets(entry, request) ? [index] : [])),
  );
  const place = (request: number, tried: Set<number>): boolean => {
    for (const entry of candidates[request] ?? []) {
      if (tried.has(entry)) continue;
      tried.add(entry);
      const held = holder.get(entry);
      if (held !== undefined && !place(held, tried)) continue;
      holder.set(entry, request);
      return true;
    }
    return false;
  };
  for (let request = 0; request < requests.length; request++) place(request, new Set());
  for (const [entry, request] of holder) matched[request] = entries[entry]?.seq ?? null;
}

function describe(entry: JournalEntry): string {
  return `${entry.method} ${entry.path}`;
}

function meets(entry: JournalEntry, expected: ExpectedRequest): boolean {
  if (expected.method !== undefined && expected.method.toUpperCase() !== entry.method) return false;
  if (expected.status !== undefined && expected.status !== entry.status) return false;
  if (expected.path !== undefined) {
    if (!matchesPattern(expected.path, entry.path) && !matchesPattern(expected.path, decoded(entry.path)))
      return false;
  }
  return expected.body === undefined || contains(entry.request, expected.body);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll("+", " "));
  } catch {
    return path;
  }
}

function contains(actual: Json | undefined, expected: Json): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) && expected.every((item) => actual.some((candidate) => contains(candidate, item)))
    );
  }
  if (isObject(expected)) {
    return isObject(actual) && Object.entries(expected).every(([key, value]) => contains(actual[key], value));
  }
  return actual === expected;
}
