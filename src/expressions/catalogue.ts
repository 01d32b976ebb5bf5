/**
 * The functions of Entra's expression language, as data.
 *
 * `key` is the parameter's name in Graph's `source.parameters`; these are irregular. Names are from Graph's documented
 * answer of `schema/functions` (Append, DefaultDomain, AppRoleAssignments, IsNothing, Join, Prepend, Mid, Not, Replace,
 * SingleAppRoleAssignment, Split, StripSpaces, Switch) and from synchronization schemas seen in public repositories (IIF,
 * Left, Item, BitAnd, Error, IsPresent, CBool, RemoveDuplicates, DateFromNum, IgnoreFlowIfNullOrEmpty, FormatDateTime's
 * dateTimeStyle). For the rest they are guesses (`keysKnown: false`): ask the tenant's parseExpression.
 * What functions exist: entra-docs, functions-for-customizing-application-data.md.
 */
export interface FunctionDescription {
  name: string;
  parameters: ParameterDescription[];
  /** Whether rollcall evaluates it; others are left to the tenant. */
  evaluable: boolean;
  keysKnown: boolean;
}

export interface ParameterDescription {
  key: string;
  required: boolean;
  /** The last parameter of some functions takes any number of arguments. */
  repeatable: boolean;
}

const required = (key: string): ParameterDescription => ({ key, required: true, repeatable: false });
const optional = (key: string): ParameterDescription => ({ key, required: false, repeatable: false });
const repeated = (key: string): ParameterDescription => ({ key, required: true, repeatable: true });
const anyNumber = (key: string): ParameterDescription => ({ key, required: false, repeatable: true });

const evaluable = (name: string, ...parameters: ParameterDescription[]): FunctionDescription => ({
  name,
  parameters,
  evaluable: true,
  keysKnown: true,
});
const tenantOnly = (name: string, ...parameters: ParameterDescription[]): FunctionDescription => ({
  name,
  parameters,
  evaluable: false,
  keysKnown: true,
});
const guessed = (description: FunctionDescription): FunctionDescription => ({
  ...description,
  keysKnown: false,
});

const DESCRIPTIONS: FunctionDescription[] = [
  evaluable("Append", required("source"), required("suffix")),
  guessed(evaluable("AppRoleAssignmentsComplex", required("source"))),
  evaluable("BitAnd", required("left"), required("right")),
  evaluable("CBool", required("source")),
  guessed(evaluable("CStr", required("source"))),
  guessed(evaluable("Coalesce", repeated("source"))),
  evaluable(
    "FormatDateTime",
    required("source"),
    optional("dateTimeStyle"),
    optional("inputFormat"),
    required("outputFormat"),
  ),
  // A comparison takes one, two (its operator) and three; any other condition takes one alone: see source.ts.
  evaluable("IIF", required("one"), optional("four"), optional("five")),
  guessed(evaluable("IsNullOrEmpty", required("source"))),
  evaluable("IsPresent", required("source")),
  evaluable("Item", required("source"), required("index")),
  evaluable("Join", required("separator"), repeated("source")),
  evaluable("Left", required("source"), required("length")),
  evaluable("Mid", required("source"), required("start"), required("length")),
  guessed(evaluable("NormalizeDiacritics", required("source"))),
  evaluable("Not", required("source")),
  evaluable("RemoveDuplicates", required("source")),
  evaluable(
    "Replace",
    required("source"),
    optional("Find"),
    optional("RegularExpression"),
    optional("RegularExpressionGroupName"),
    optional("Replacement"),
    optional("ReplacementPropertyName"),
    optional("Template"),
  ),
  evaluable("SingleAppRoleAssignment", required("source")),
  evaluable("Split", required("source"), optional("delimiter")),
  evaluable("StripSpaces", required("source")),
  evaluable("Switch", required("source"), optional("defaultValue"), anyNumber("switchValue")),
  guessed(evaluable("ToLower", required("source"), optional("culture"))),
  guessed(evaluable("ToUpper", required("source"), optional("culture"))),
  guessed(evaluable("Word", required("source"), required("wordNumber"), required("delimiters"))),

  tenantOnly("AppRoleAssignments", required("source")),
  guessed(tenantOnly("AssertiveAppRoleAssignmentsComplex", required("source"))),
  guessed(tenantOnly("CDate", required("source"))),
  guessed(tenantOnly("ConvertToBase64", required("source"))),
  guessed(tenantOnly("ConvertToUTF8Hex", required("source"))),
  guessed(tenantOnly("Count", required("source"))),
  guessed(tenantOnly("DateAdd", required("interval"), required("value"), required("dateTime"))),
  guessed(tenantOnly("DateDiff", required("interval"), required("date1"), required("date2"))),
  tenantOnly("DateFromNum", required("source")),
  tenantOnly("DefaultDomain"),
  tenantOnly("Error", required("message")),
  guessed(tenantOnly("Guid")),
  tenantOnly("IgnoreFlowIfNullOrEmpty", required("source")),
  guessed(
    tenantOnly("InStr", required("value1"), required("value2"), optional("start"), optional("compareType")),
  ),
  guessed(tenantOnly("IsNull", required("source"))),
  tenantOnly("IsNothing", required("source")),
  guessed(tenantOnly("IsString", required("source"))),
  guessed(tenantOnly("Now")),
  guessed(tenantOnly("NumFromDate", required("value"))),
  guessed(tenantOnly("PCase", required("source"), optional("wordSeparators"))),
  tenantOnly("Prepend", required("prefix"), required("source")),
  guessed(
    tenantOnly(
      "RandomString",
      required("length"),
      required("minimumNumbers"),
      required("minimumSpecialCharacters"),
      required("minimumCapital"),
      required("minimumLowerCase"),
      optional("charactersToAvoid"),
    ),
  ),
  guessed(tenantOnly("Redact", required("source"))),
  guessed(tenantOnly("SelectUniqueValue", required("source"), repeated("source"))),
  tenantOnly("Trim", required("source")),
];

/** Keyed by name; names are case-sensitive, as Microsoft says of the whole syntax. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDescription> = new Map(
  DESCRIPTIONS.map((description) => [description.name, description]),
);

/** The parameter that takes the argument at a position, or undefined when the function takes no such argument. */
export function parameterAt(
  description: FunctionDescription,
  position: number,
): ParameterDescription | undefined {
  const last = description.parameters.at(-1);
  return description.parameters[position] ?? (last?.repeatable ? last : undefined);
}
