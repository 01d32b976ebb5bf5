import { checkExpression } from "../../expressions/check.ts";
import { parseExpression } from "../../expressions/parse.ts";
import { rolesTravel } from "../../products/product.ts";
import type { Finding } from "../../yaml/finding.ts";
import type { Path } from "../../yaml/tree.ts";
import { applicationsOf, type EntraDraft, error, type Rule, warning } from "../draft.ts";
import { effectiveMappings, type MappingDraft } from "../mappings.ts";

/** Custom mappings: one source each, expressions that parse, and people that can be matched. */
export const mappingsFit: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) => {
    const mappings = application.entra?.mappings;
    if (!mappings) return [];
    const at = [...path, "entra", "mappings"];
    const sets = [
      { mappings: mappings.user, path: [...at, "user"] },
      { mappings: mappings.group, path: [...at, "group"] },
    ];
    return [
      ...sets.flatMap((set) => [
        ...Object.entries(set.mappings ?? {}).flatMap(([target, mapping]) =>
          mapping ? checkMapping(mapping, [...set.path, target]) : [],
        ),
        ...checkPrecedence(set.mappings ?? {}, set.path),
      ]),
      ...checkExactSet(mappings, at),
    ];
  });

const SOURCES = ["attribute", "constant", "expression"] as const;

/** Roles that a spec declares are promised; without a mapping that sends them they stay in Entra. */
export const rolesSent: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application, product }) => {
    const { entra } = application;
    if (!product?.open || !entra?.roles || entra.roles.length === 0) return [];
    if (rolesTravel(effectiveMappings(product, entra))) return [];
    return [
      warning("roles-not-sent", {
        path: [...path, "entra", "roles"],
        on: "key",
        message: "no mapping sends these roles",
        why: "Entra knows who has them and the product never hears of it",
        help: 'map them: \'roles[primary eq "True"].value\': { expression: "SingleAppRoleAssignment([appRoleAssignments])" }',
      }),
    ];
  });

function checkMapping(mapping: MappingDraft, path: Path): Finding[] {
  const given = SOURCES.filter((key) => mapping[key] !== undefined);
  if (given.length !== 1) {
    return [
      error("mapping-source", {
        path: given[1] ? [...path, given[1]] : path,
        on: "key",
        message:
          given.length === 0
            ? "this mapping has no source"
            : `this mapping has ${given.length} sources: ${given.join(", ")}`,
        absent: given.length === 0 ? SOURCES.map((key) => [...path, key]) : undefined,
        why: "one attribute of the product comes from one place",
        help: "give attribute, constant or expression, and one of them only",
      }),
    ];
  }
  const findings =
    mapping.expression === undefined ? [] : checkText(mapping.expression, [...path, "expression"]);
  if (mapping.match !== undefined && mapping.constant !== undefined) {
    findings.push(
      error("mapping-match", {
        path: [...path, "match"],
        message: "people cannot be matched by a constant",
        why: "everybody has it, so everybody would be the same person",
        help: "match by an attribute that is unique, such as userName",
      }),
    );
  }
  return findings;
}

function checkText(text: string, path: Path): Finding[] {
  const parsed = parseExpression(text);
  const problems = parsed.ok ? checkExpression(parsed.expression) : [parsed.problem];
  return problems.map((problem) =>
    error("expression", {
      path,
      within: {
        start: Math.min(problem.offset, Math.max(text.length - 1, 0)),
        length: wordLength(text, problem.offset),
      },
      message: `${problem.message.replace(/\.$/, "")} (character ${problem.offset + 1} of the expression)`,
      why: "Entra would refuse the mapping when it is written",
      help: 'an expression is [attribute], "constant" or Function(…): Join(" ", [givenName], [surname])',
    }),
  );
}

const wordLength = (text: string, offset: number) => /^\w+/.exec(text.slice(offset))?.[0].length ?? 1;

function checkPrecedence(set: Record<string, MappingDraft | undefined>, at: Path): Finding[] {
  const seen = new Map<number, string>();
  return Object.entries(set).flatMap(([target, mapping]) => {
    if (mapping?.match === undefined) return [];
    const first = seen.get(mapping.match);
    if (first === undefined) {
      seen.set(mapping.match, target);
      return [];
    }
    return [
      error("mapping-match", {
        path: [...at, target, "match"],
        message: `${first} already has match: ${mapping.match}`,
        why: "the numbers are an order: each is tried once",
        help: "number them 1, 2, 3",
      }),
    ];
  });
}

function checkExactSet(mappings: NonNullable<EntraDraft["mappings"]>, at: Path): Finding[] {
  if (mappings.base !== "exact") return [];
  const user = mappings.user ?? {};
  const lacking = [
    ...(Object.values(user).some((mapping) => mapping?.match !== undefined)
      ? []
      : ["a mapping with match: 1"]),
    ...["userName", "active"].filter((target) => !(target in user)).map((target) => `a mapping of ${target}`),
  ];
  return lacking.map((what) =>
    error("mapping-set", {
      path: [...at, "base"],
      message: `base: exact leaves out ${what}`,
      why: what.includes("active")
        ? "without it nobody is ever switched off"
        : "without it Entra cannot find people again, and creates them twice",
      help: "add it under user, or write base: template",
    }),
  );
}
