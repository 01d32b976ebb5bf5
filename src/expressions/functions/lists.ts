import { asInteger, asList, asText, type EvaluableFunction, isEmpty } from "../value.ts";

export const listFunctions: Record<string, EvaluableFunction> = {
  Item: ([source, index]) => asList(source)[asInteger(index, "Item's index") - 1] ?? null,

  /** Empty sources are left out: the reference gives `Join(", ", "", [surname], [givenName])` = "Doe, John". */
  Join: ([separator, ...sources]) => {
    const parts = sources.flatMap((source) => asList(source)).filter((part) => part !== "");
    return parts.length === 0 ? null : parts.join(asText(separator, "Join") ?? "");
  },

  RemoveDuplicates: ([source]) => (isEmpty(source) ? null : [...new Set(asList(source))]),

  /** Elements are trimmed: the reference splits "PermissionSetOne, PermissionSetTwo" at "," into two bare names. */
  Split: ([source, delimiter]) => {
    const text = asText(source, "Split");
    if (text === null) return null;
    const at = asText(delimiter, "Split") ?? "";
    const parts = at === "" ? [text] : text.split(at);
    return parts.map((part) => part.trim()).filter((part) => part !== "");
  },
};
