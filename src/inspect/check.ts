import type { Problem } from "../program/problems.ts";
import { fromProblem } from "./finding.ts";

/** One thing that a verification looked at. */
export interface Check {
  /** What was looked at: `Test Connection`, `ada@acme.com in the product`. */
  what: string;
  /** later: comes with the next cycle. unseen: could not be seen, and the detail says why. */
  verdict: "ok" | "failed" | "later" | "unseen";
  detail: string;
}

export const ok = (what: string, detail: string): Check => ({ what, verdict: "ok", detail });
export const failed = (what: string, detail: string): Check => ({ what, verdict: "failed", detail });
export const later = (what: string, detail: string): Check => ({ what, verdict: "later", detail });
export const unseen = (what: string, detail: string): Check => ({ what, verdict: "unseen", detail });

/** A name of the spec that the tenant does not have, and the like. */
export function asCheck(problem: Problem): Check {
  const { message, help } = fromProblem(problem);
  return failed("what the spec names", `${message}: ${help}`);
}

/** What a verification is done with. */
export interface TestSubjects {
  /** userPrincipalName, or an Okta login. */
  user?: string;
  /** A group's name. */
  group?: string;
}
