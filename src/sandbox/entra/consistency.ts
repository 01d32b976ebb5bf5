import type { Unkindness } from "../unkind.ts";

/**
 * What of a new object is not to be seen yet. Delays are counted in requests that the tenant answers, never in time, so that
 * runs repeat. A restart makes everything visible: by then a real tenant has caught up as well.
 */
export class Consistency {
  readonly #unkind: Unkindness;
  #request = 0;
  readonly #visibleAt = new Map<string, number>();
  #pending: { at: number; apply: () => void }[] = [];

  constructor(unkind: Unkindness) {
    this.#unkind = unkind;
  }

  /** Call at the start of each request: what is due by now happens. */
  tick(): void {
    this.#request++;
    const due = this.#pending.filter(({ at }) => at <= this.#request);
    if (due.length === 0) return;
    this.#pending = this.#pending.filter(({ at }) => at > this.#request);
    for (const { apply } of due) apply();
  }

  /** Notes that `id` was made by this request; it is not found for the next `delay` requests, and for more when luck has it. */
  created(id: string, delay = 0): void {
    const total = delay + this.#unkind.delayOf(id);
    if (total > 0) this.#visibleAt.set(id, this.#request + total + 1);
  }

  /** Does `apply` when `delay` more requests have been answered, or later when luck has it. `topic` names it to the seed. */
  later(topic: string, delay: number, apply: () => void): void {
    this.#pending.push({ at: this.#request + delay + this.#unkind.delayOf(topic) + 1, apply });
  }

  isVisible(id: string): boolean {
    const at = this.#visibleAt.get(id);
    if (at === undefined) return true;
    if (at > this.#request) return false;
    this.#visibleAt.delete(id);
    return true;
  }

  /** Everything catches up at once: what a tenant does while nobody asks. */
  settle(): void {
    this.#visibleAt.clear();
    const pending = this.#pending;
    this.#pending = [];
    for (const { apply } of pending) apply();
  }
}
