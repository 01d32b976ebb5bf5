import type { PackageSpec } from "./package-schema.ts";
import type { Invoke, Resource } from "./resource.ts";

/** A provider as the server serves it: its description, and what does the work behind each token of it. */
export interface Provider {
  package: PackageSpec;
  // The server hands each reconciler only what the package's description of its type has let through.
  // biome-ignore lint/suspicious/noExplicitAny: the reconcilers' own types meet here and nowhere else.
  resources: Record<string, Resource<any, any>>;
  // biome-ignore lint/suspicious/noExplicitAny: as above, for look-ups.
  invokes: Record<string, Invoke<any, any>>;
}
