import type { ScimRequest } from "../scim/wire.ts";

/** What a provider would do about one person or group, and why; everything worked out offline. */
export interface Explanation {
  application: string;
  product: string;
  idp: "entra" | "okta";
  subject: { kind: "user" | "group"; name: string; displayName: string; id: string };
  access: {
    /** Whether the provider creates or keeps it in the product. */
    arrives: boolean;
    /** The assignments it is in by: `group governance-team as Reader`. */
    via: string[];
    /** Why it arrives or does not, in sentences. */
    why: string[];
    /** Role of the application, where there is one. */
    role?: string;
  };
  /** In the order of the mapping; empty when nothing would be sent. */
  attributes: ExplainedAttribute[];
  /**
   * To a product that does not know the subject yet, and knows all whom it refers to. Ids that the product will give are
   * written `{id of john@acme.com}`; a placeholder password is named, never shown.
   */
  requests: ScimRequest[];
  /** For people alone. */
  joinKeys?: JoinKeys;
  /** What the product makes of it, one sentence each. */
  outcome: string[];
  /** What keeps it from arriving as declared, or needs somebody's attention. */
  conflicts: string[];
}

export interface ExplainedAttribute {
  /** SCIM attribute: `emails[type eq "work"].value`. */
  target: string;
  /** As the mapping writes it; null where only a default value flows. */
  expression: string | null;
  /** The source attributes that the expression reads. */
  source: Record<string, string | string[] | boolean | null>;
  /** null: nothing is sent for it. */
  value: string | string[] | boolean | null;
  /** Why there is no value, or what is special about the one there is. */
  note?: string;
}

/** What a product can tell a person by: the SCIM attribute, and what the token of the single sign-on says. */
export interface JoinKeys {
  externalId: { value: string | null; from: string };
  subject: { value: string; from: string };
  /** One sentence on whether the two are one, and whether that matters here. */
  verdict: string;
  /** The product needs the two to be equal and they are not. */
  broken: boolean;
}

/** The note of an attribute that is left out for want of a value. */
export const NO_VALUE = "empty, and so left out";

/** The note of a manager or of members. */
export const REFERENCE = "sent as ids of the product, by requests of their own once both ends are there";

/** The note of a manager or of members of whom none arrives. */
export const NOBODY_THERE = "nobody whom it refers to arrives, and so left out";
