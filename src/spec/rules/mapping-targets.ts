import { type SourceObject, templatePriorities } from "../../defaults/entra-template.ts";
import { parseAttributePath } from "../../scim/path.ts";
import type { Finding } from "../../yaml/finding.ts";
import type { Path } from "../../yaml/tree.ts";
import { applicationsOf, error, type Rule } from "../draft.ts";
import type { MappingDraft } from "../mappings.ts";

type MappingSet = Record<string, MappingDraft | undefined>;

/** Target attributes are SCIM paths; Entra takes any text and fails at each person instead. */
export const targetsReadable: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) =>
    (["user", "group"] as const).flatMap((object) =>
      Object.keys(application.entra?.mappings?.[object] ?? {}).flatMap((target) => {
        const problem = problemOf(target);
        if (problem === undefined) return [];
        return [
          error("mapping-target", {
            path: [...path, "entra", "mappings", object, target],
            on: "key",
            message: `${JSON.stringify(target)} is no attribute of SCIM: ${problem}`,
            why: "nothing could be written to it, for anybody",
            help: 'write it as in userName, name.givenName, emails[type eq "work"].value, or with the URN of an extension before it',
          }),
        ];
      }),
    ),
  );

function problemOf(target: string): string | undefined {
  try {
    parseAttributePath(target, { lenient: true });
    return undefined;
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}

/** SCIM takes letter case and the URN of the core schema for nothing, Entra for another attribute: both would be sent. */
export const targetsSpeltOnce: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) =>
    (["user", "group"] as const).flatMap((object) => {
      const spelling = new Map(
        [...templatePriorities(object === "user" ? "User" : "Group").keys()].map((known) => [
          canonical(known),
          known,
        ]),
      );
      return Object.keys(application.entra?.mappings?.[object] ?? {}).flatMap((target) => {
        const known = spelling.get(canonical(target));
        if (known === undefined) spelling.set(canonical(target), target);
        if (known === undefined || known === target) return [];
        return [
          error("mapping-target", {
            path: [...path, "entra", "mappings", object, target],
            on: "key",
            message: `${JSON.stringify(target)} is another spelling of ${JSON.stringify(known)}`,
            why: "Entra would send both in one request, and which of the two counts is not settled",
            help: `did you mean ${JSON.stringify(known)}?`,
          }),
        ];
      });
    }),
  );

/** One spelling for all that mean the same attribute. */
function canonical(target: string): string {
  return target
    .trim()
    .replace(/\s+/g, " ")
    .toLowerCase()
    .replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, "");
}

/** Together with what stays of the template's mappings, the spec's match by something, and in one order. */
export const matchingFits: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) => {
    const mappings = application.entra?.mappings;
    if (!mappings) return [];
    const at = [...path, "entra", "mappings"];
    return [
      ...(mappings.base === "exact" ? [] : checkOverTemplate(mappings.user ?? {}, [...at, "user"], "User")),
      ...checkOverTemplate(mappings.group ?? {}, [...at, "group"], "Group"),
    ];
  });

function checkOverTemplate(set: MappingSet, at: Path, object: SourceObject): Finding[] {
  const template = templatePriorities(object);
  const replaced = Object.keys(set).find((target) => (template.get(target) ?? 0) > 0);
  for (const target of Object.keys(set)) template.delete(target);
  const matched = Object.entries(set).flatMap(([target, mapping]) =>
    mapping?.match === undefined ? [] : [{ target, match: mapping.match }],
  );
  const kept = [...template].filter(([, priority]) => priority > 0);
  if (replaced !== undefined && matched.length === 0 && kept.length === 0) {
    return [
      error("mapping-match", {
        path: [...at, replaced],
        on: "key",
        absent: [[...at, replaced, "match"]],
        message: `this takes the place of the template's mapping by which ${object.toLowerCase()}s are found again`,
        why: `without one Entra would create every ${object.toLowerCase()} a second time`,
        help: "add match: 1",
      }),
    ];
  }
  return matched.flatMap(({ target, match }) => {
    const same = kept.find(([, priority]) => priority === match);
    if (!same) return [];
    return [
      error("mapping-match", {
        path: [...at, target, "match"],
        message: `the template's mapping of ${same[0]} already has match: ${match}`,
        why: "the numbers are an order: each is tried once",
        help: `write match: ${match + 1}, or map ${same[0]} here without match`,
      }),
    ];
  });
}
