import type { Collection, Store } from "./store.ts";

/** The time of a sandbox. Only {@link Clock.advance} and reading it move it, so that runs repeat. */
export interface Clock {
  now(): Date;
  /** Moves the clock forward. */
  advance(milliseconds: number): void;
}

const START = Date.UTC(2026, 0, 5, 8, 0, 0);

/**
 * A clock that starts at `start` (epoch milliseconds; a Monday morning by default) and moves one millisecond at each
 * reading: times differ and keep their order without depending on the machine. Its time is kept in `store`.
 */
export function simulatedClock(store: Store, start = START): Clock {
  const saved: Collection<number> = store.collection("clock");
  const set = (time: number) => {
    saved.put("time", time);
    return time;
  };
  const time = () => saved.get("time") ?? start;
  return {
    now: () => new Date(set(time() + 1)),
    advance: (milliseconds) => {
      if (!Number.isFinite(milliseconds) || milliseconds < 0) {
        throw new RangeError(`A clock moves forward only; got ${milliseconds} ms.`);
      }
      set(time() + milliseconds);
    },
  };
}
