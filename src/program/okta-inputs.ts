import type { OktaAssignment, OktaPush } from "../desired/model.ts";
import type { WatchedSettings } from "../provider/okta/watched-settings.ts";
import { distinctKeys } from "./distinct-keys.ts";

// What a spec's words become as inputs of the provider, for who makes them and for who compares them with the tenant.

/** What each of an application's assignments is called in diffs, in the state and in messages. */
export function oktaAssignmentKeys(
  assignments: readonly OktaAssignment[],
): ReadonlyMap<OktaAssignment, string> {
  return distinctKeys(assignments, ({ kind, name }) => ({ name: `${kind}:${name}` }));
}

/** Ids of the pushed groups that the spec gives. */
export function pinnedOktaPushes(pushes: readonly OktaPush[]): string[] {
  return pushes.flatMap((push) => (push.by === "name" && push.id ? [push.id] : []));
}

/** Settings of an application that rollcall made, which are reported when somebody changes them. */
export function watchedSettings(
  carrier: { kind: "swa" | "existing" } | { kind: "saml"; ssoUrl: string; audience: string },
  userNameTemplate: string,
): WatchedSettings {
  if (carrier.kind !== "saml") return { userNameTemplate };
  return { userNameTemplate, ssoUrl: carrier.ssoUrl, audience: carrier.audience };
}
