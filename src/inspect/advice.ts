/**
 * What to do about a provisioning failure, by the codes of Entra's provisioning logs and the words of Okta's system log; the
 * vendors' guides list the same causes under "Troubleshooting". Undefined for what neither of them names.
 */
export function adviceFor(code: string, reason: string): string | undefined {
  return ADVICE.find(([pattern]) => pattern.test(code) || pattern.test(reason))?.[1];
}

const ADVICE: [RegExp, string][] = [
  [
    /InvalidCredentials|Unauthorized|\b401\b|Error authenticating/i,
    "The product refuses the token: make a new one there, put it into the stack, and run `rollcall rotate`.",
  ],
  [
    /ServiceIncompatible|tenant URL does not lead/i,
    "The address is no SCIM service: is `endpoint` the product's own URL, and is SCIM switched on there?",
  ],
  [
    /EntryConflict|DuplicateTargetEntries|uniqueness|\b409\b/i,
    "Somebody with this userName or e-mail address is in the product already, and was not matched: delete or rename one of the two.",
  ],
  [
    /NotEffectivelyEntitled|not assigned/i,
    "Not assigned to the application: add the person, or a group they are a direct member of, to `assignments`.",
  ],
  [
    /AttributeValueNotPresent|MissingRequired|MandatoryAttribute|RequiredAttribute|JoiningPropertyValueIsMissing|required attribute/i,
    "A required attribute is empty: fill it in for this person in the directory (often the e-mail address).",
  ],
  [
    /not ACTIVE|DEPROVISIONED|SUSPENDED|STAGED/,
    "Okta provisions only people who are ACTIVE: activate this one.",
  ],
  [/InsufficientRights|\b403\b/i, "The token lacks rights in the product: issue it as an administrator."],
  [
    /WebException|Timeout|nothing \(|ECONN|ENOTFOUND|InternalServerError|\b50[0-9]\b/i,
    "The product did not answer, or failed itself: is it up, and does its firewall let the provider in?",
  ],
  [/TooManyRequests|\b429\b/i, "The product asked for fewer requests; it is tried again in the next cycle."],
];
