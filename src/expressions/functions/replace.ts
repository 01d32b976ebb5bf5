import type { RE2JS } from "re2js";
import { regularExpression } from "../regular-expression.ts";
import { asText, type EvaluableFunction, EvaluationFailure, isEmpty } from "../value.ts";

/**
 * Replace(source, oldValue, regexPattern, regexGroupName, replacementValue, replacementAttributeName, template): five
 * functions in one, told apart by which arguments are given (function reference, Replace).
 */
export const replace: EvaluableFunction = (args) => {
  const [source, oldValue, pattern, groupName, replacement, otherAttribute, template] = args.map((argument) =>
    asText(argument, "Replace"),
  );
  if (pattern !== null && pattern !== undefined) {
    const expression = compiled(pattern);
    if (groupName && args[5] !== undefined) {
      if (!isEmpty(source)) return source ?? null;
      if (!otherAttribute) return null;
      const found = matches(expression, otherAttribute)[0]?.group(groupName);
      return found && found.start >= 0 ? found.text : null;
    }
    if (source === null || source === undefined) return null;
    return groupName
      ? replaceGroup(source, expression, groupName, replacement ?? "")
      : replaceMatches(source, expression, replacement ?? "");
  }
  if (source === null || source === undefined) return null;
  if (oldValue === null || oldValue === undefined || oldValue === "") {
    throw new EvaluationFailure("invalid-argument", "Replace needs an oldValue or a regexPattern.");
  }
  if (template !== null && template !== undefined) return template.replaceAll(oldValue, () => source);
  return source.replaceAll(oldValue, () => replacement ?? "");
};

function compiled(pattern: string): RE2JS {
  const expression = regularExpression(pattern);
  if (expression) return expression;
  throw new EvaluationFailure(
    "not-evaluable",
    `The regular expression ${pattern} cannot be evaluated offline.`,
  );
}

/** Part of a text that a pattern or one of its groups has matched, by UTF-16 positions. */
interface Span {
  start: number;
  end: number;
  text: string;
}

interface Match extends Span {
  /** By name or by .NET's number; empty, at -1, when it took no part, and undefined when there is none. */
  group(name: string): Span | undefined;
}

function matches(expression: RE2JS, text: string): Match[] {
  const matcher = expression.matcher(text);
  const named = new Map(Object.entries(expression.namedGroups()));
  const all = Array.from({ length: expression.groupCount() + 1 }, (_, index) => index);
  // .NET numbers groups that have a name after those that have none ("Grouping constructs").
  const isNamed = new Set(named.values());
  const order = [...all.filter((index) => !isNamed.has(index)), ...isNamed];
  const found: Match[] = [];
  while (matcher.find()) {
    const spans = all.map((index) => {
      const [start, end] = [matcher.start(index), matcher.end(index)];
      return { start, end, text: text.slice(start, end) };
    });
    const group = (name: string) => spans[named.get(name) ?? order[Number(name)] ?? -1];
    found.push({ start: matcher.start(), end: matcher.end(), text: matcher.group() ?? "", group });
  }
  return found;
}

function replaceMatches(source: string, expression: RE2JS, replacement: string): string {
  return spliced(
    source,
    matches(expression, source).map((match) => ({ ...match, text: substituted(replacement, match) })),
  );
}

function replaceGroup(source: string, expression: RE2JS, groupName: string, replacement: string): string {
  const spans = matches(expression, source).flatMap((match) => match.group(groupName) ?? []);
  return spliced(
    source,
    spans.filter(({ start, end }) => end > start).map((span) => ({ ...span, text: replacement })),
  );
}

/** @param spans from left to right, each with what comes to stand in its place */
function spliced(source: string, spans: Span[]): string {
  let result = "";
  let copied = 0;
  for (const { start, end, text } of spans) {
    result += source.slice(copied, start) + text;
    copied = end;
  }
  return result + source.slice(copied);
}

/** .NET's `$1`, `${name}`, `$&` and `$$` ("Substitutions in regular expressions"); what names no group stands as it is. */
function substituted(replacement: string, match: Match): string {
  return replacement.replace(/\$(?:(\$)|(&)|(\d+)|\{(\w+)\})/g, (written, dollar, whole, number, name) => {
    if (dollar) return "$";
    if (whole) return match.text;
    return match.group(number ?? name)?.text ?? written;
  });
}
