import type { OktaUser } from "../../directory/okta.ts";
import { evaluate } from "./expression.ts";
import type { ScimAttribute } from "./resource.ts";

/** "Application username format" of the Sign On tab: where an application user's userName comes from. */
export interface UserNameTemplate {
  /** `${source.login}`, `${fn:substringBefore(source.login, "@")}`, or a bare expression when the type is CUSTOM. */
  template: string;
  type: "BUILT_IN" | "CUSTOM" | "NONE";
  /** Appended to the result. */
  userSuffix?: string;
  /** PUSH: a changed name is sent with updates too; absent means on create only. */
  pushStatus?: "PUSH" | "DONT_PUSH";
}

/** A profile mapping Okta user -> application user; its key is the application user's property. */
export interface ProfileMapping {
  expression: string;
  /** PUSH: on create and update. DONT_PUSH: on create only. */
  pushStatus: "PUSH" | "DONT_PUSH";
}

/** Where a property of the application user goes in SCIM. */
export interface PropertyTarget {
  externalName: string;
  externalNamespace?: string;
}

/**
 * The userName that the template gives a person; null when it gives none (type NONE, an empty attribute).
 * @throws ExpressionError when the template cannot be evaluated.
 */
export function applicationUserName(template: UserNameTemplate, user: OktaUser): string | null {
  if (template.type === "NONE") return null;
  const scope = { user: user.profile, source: user.profile };
  const value = template.template.includes("${")
    ? template.template.replace(/\$\{([^}]*)\}/g, (_, inner: string) =>
        String(evaluate(inner.replace(/\bfn:/g, "String."), scope) ?? ""),
      )
    : String(evaluate(template.template, scope) ?? "");
  return value === "" ? null : value + (template.userSuffix ?? "");
}

/**
 * The application user's profile: each mapping evaluated over the person's Okta profile, then what the assignment itself sets.
 * @throws ExpressionError when a mapping cannot be evaluated.
 */
export function applicationProfile(
  mappings: Record<string, ProfileMapping>,
  user: OktaUser,
  assigned: Record<string, string | null> = {},
): Record<string, string | null> {
  const profile: Record<string, string | null> = {};
  for (const [property, { expression }] of Object.entries(mappings)) {
    const value = evaluate(expression, { user: user.profile, source: user.profile });
    profile[property] = value === null || value === "" ? null : String(value);
  }
  return { ...profile, ...assigned };
}

/** The SCIM attributes of an application user. A property without a target in SCIM stays in Okta. */
export function scimAttributes(
  profile: Record<string, string | null>,
  mappings: Record<string, ProfileMapping>,
  targets: ReadonlyMap<string, PropertyTarget>,
): ScimAttribute[] {
  const attributes: ScimAttribute[] = [];
  for (const [property, target] of targets) {
    const value = profile[property];
    if (property === "userName" || value === undefined) continue;
    attributes.push({ ...target, value, push: mappings[property]?.pushStatus !== "DONT_PUSH" });
  }
  return attributes;
}
