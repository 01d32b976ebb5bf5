import type { FaultEffect, Faults } from "../../src/sandbox/faults.ts";

/** POSTs that only look something up. */
const LOOKUPS = /\/oauth2\/|\/\$batch$|\/parseExpression$|\/validateCredentials$|\/getByIds$/;
/** Reads of one object, which a service may not find yet just after it was made. */
const ONE_OBJECT = /\/(applications|servicePrincipals|apps)\/[0-9A-Za-z-]{20,}/;
const READS_NOT_FOUND = 2;

export type Interference =
  | { kind: "answer"; status: 429 | 500 | 503 }
  | { kind: "drop"; when: "before" | "after" }
  | { kind: "not found by the next reads" }
  | { kind: "kill"; when: "before" | "after"; victims: "the engine and its plugins" }
  | { kind: "kill"; when: "during"; victims: "the engine alone" };

export const interferences: readonly Interference[] = [
  { kind: "answer", status: 429 },
  { kind: "kill", when: "after", victims: "the engine and its plugins" },
  { kind: "answer", status: 500 },
  { kind: "drop", when: "after" },
  { kind: "kill", when: "during", victims: "the engine alone" },
  { kind: "not found by the next reads" },
  { kind: "answer", status: 503 },
  { kind: "kill", when: "before", victims: "the engine and its plugins" },
  { kind: "drop", when: "before" },
];

export function describeInterference(interference: Interference): string {
  switch (interference.kind) {
    case "answer":
      return `answered ${interference.status}`;
    case "drop":
      return `dropped ${interference.when} the effect`;
    case "kill":
      return `${interference.victims} killed ${interference.when} it`;
    case "not found by the next reads":
      return "not found by the next reads";
  }
}

/**
 * Lets something befall the write number `index`, counted from 0 over all tenants. Returns how many writes there were so far,
 * and takes itself away again.
 */
export function interfere(
  tenants: readonly Faults[],
  index: number,
  interference: Interference,
  kill: (withPlugins: boolean) => void,
): { writes(): number; end(): void } {
  let writes = 0;
  let notFound = 0;
  const strike = (method: string, path: string): FaultEffect | undefined => {
    if (method === "GET" && notFound > 0 && ONE_OBJECT.test(path)) {
      notFound--;
      return { answer: 404 };
    }
    if (method === "GET" || LOOKUPS.test(path)) return undefined;
    if (writes++ !== index) return undefined;
    switch (interference.kind) {
      case "answer":
        return { answer: interference.status, ...(interference.status === 429 && { retryAfter: 1 }) };
      case "drop":
        return { drop: interference.when };
      case "not found by the next reads":
        notFound = READS_NOT_FOUND;
        return undefined;
      case "kill":
        kill(interference.victims === "the engine and its plugins");
        // A plugin that is alive finishes what it is doing.
        return interference.when === "during" ? undefined : { drop: interference.when };
    }
  };
  for (const faults of tenants) faults.strike = strike;
  return {
    writes: () => writes,
    end: () => {
      for (const faults of tenants) Reflect.deleteProperty(faults, "strike");
    },
  };
}
