import type { Problem } from "../program/problems.ts";

/** What of an application a difference is about. */
export type Aspect =
  | "spec"
  | "application"
  | "role"
  | "assignment"
  | "mapping"
  | "endpoint"
  | "scope"
  | "notifications"
  | "credentials"
  | "job"
  | "quarantine"
  | "scim"
  | "push"
  | "profile"
  | "label"
  | "visibility"
  | "settings";

/** One difference between a spec and a tenant. */
export interface Finding {
  aspect: Aspect;
  /** What is otherwise than the spec says, as a sentence. */
  message: string;
  /** What to do about it. */
  help: string;
}

/** What was seen of one application. */
export interface Inspection {
  /** The application's key in the spec. */
  name: string;
  idp: "entra" | "okta";
  product: string;
  /** What differs; empty when the tenant is as the spec says. */
  drift: Finding[];
  /** What is worth knowing and no difference. */
  notes: string[];
}

/** A name of the spec that the tenant does not have, and the like. */
export function fromProblem({ at, message, why, help }: Problem): Finding {
  return {
    aspect: "spec",
    message: `${at.file}:${at.line}:${at.column} ${message}${why ? ` (${why})` : ""}`,
    help: help ?? "Make it in the tenant, or change the spec.",
  };
}

export const REPAIRED_BY_UP = "`up` repairs it.";
