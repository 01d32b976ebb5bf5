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
    const expression = compile(pattern);
    if (groupName && args[5] !== undefined) {
      if (!isEmpty(source)) return source ?? null;
      return otherAttribute ? (expression.exec(otherAttribute)?.groups?.[groupName] ?? null) : null;
    }
    if (source === null || source === undefined) return null;
    if (groupName) return replaceGroup(source, expression, groupName, replacement ?? "");
    return source.replace(expression, toJavaScript(replacement ?? ""));
  }
  if (source === null || source === undefined) return null;
  if (oldValue === null || oldValue === undefined || oldValue === "") {
    throw new EvaluationFailure("invalid-argument", "Replace needs an oldValue or a regexPattern.");
  }
  if (template !== null && template !== undefined) return template.replaceAll(oldValue, () => source);
  return source.replaceAll(oldValue, () => replacement ?? "");
};

/** .NET's patterns are JavaScript's for what people write here; one that JavaScript does not know is left to the tenant. */
function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "gd");
  } catch {
    throw new EvaluationFailure(
      "not-evaluable",
      `The regular expression ${pattern} cannot be evaluated offline.`,
    );
  }
}

/** `${name}` is .NET's spelling of `$<name>`. */
function toJavaScript(replacement: string): string {
  return replacement.replace(/\$\{(\w+)\}/g, (_, name: string) =>
    /^\d+$/.test(name) ? `$${name}` : `$<${name}>`,
  );
}

function replaceGroup(source: string, expression: RegExp, groupName: string, replacement: string): string {
  let result = "";
  let copied = 0;
  for (const match of source.matchAll(expression)) {
    const span = match.indices?.groups?.[groupName];
    if (!span || span[0] === span[1]) continue;
    result += source.slice(copied, span[0]) + replacement;
    copied = span[1];
  }
  return result + source.slice(copied);
}
