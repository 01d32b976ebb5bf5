import type { DesiredApplication } from "../desired/model.ts";
import { findProduct } from "../products/registry.ts";

/** What a change does to people's access, or what else has to be known of it; the order is that of a report. */
export const EFFECTS = ["removal", "warning", "change", "gain", "other"] as const;
export type Effect = (typeof EFFECTS)[number];

/** One difference between two specs, for a person who has to approve it. */
export interface Change {
  /** The application's key in the spec; absent for what concerns the whole environment. */
  application?: string;
  effect: Effect;
  /** A sentence without its full stop: `group data-stewards gains Editor on DataHub`. */
  sentence: string;
}

export type Say = (effect: Effect, sentence: string) => void;

/** What a comparison of two versions of one application is about. */
export interface Subject {
  /** What people call the application. */
  label: string;
  say: Say;
  /** There was no such application, so that nothing happens to those who are in: it is compared with its defaults. */
  isNew: boolean;
  /** How many people are in, where that is known. */
  population?: number;
}

/** What people call an application: its product, with the key of the spec where several applications feed one. */
export function makeLabel(applications: DesiredApplication[]): (application: DesiredApplication) => string {
  const keys = new Map<string, Set<string>>();
  for (const { product, name } of applications) keys.set(product, (keys.get(product) ?? new Set()).add(name));
  return ({ product, name }) => {
    const known = findProduct(product);
    if (!known || known.open) return name;
    return (keys.get(product)?.size ?? 0) > 1 ? `${known.title} (${name})` : known.title;
  };
}

/** Removals first; within an effect as they were found. */
export function sortChanges(changes: Change[]): Change[] {
  return changes.toSorted((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect));
}

export const count = (number: number, what: string, many = `${what}s`) =>
  `${number} ${number === 1 ? what : many}`;
