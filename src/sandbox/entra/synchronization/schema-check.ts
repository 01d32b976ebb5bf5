import type {
  GraphAttributeMapping,
  ObjectDefinition,
  ObjectMapping,
  SynchronizationRule,
  SynchronizationSchema,
} from "../../../clients/graph/synchronization-schema.ts";
import { attributesRead } from "../../../expressions/ast.ts";
import { checkExpression } from "../../../expressions/check.ts";
import { parseExpression } from "../../../expressions/parse.ts";
import type { GraphObject } from "../filter.ts";
import { GraphError, malformed } from "../graph-error.ts";

/**
 * The schema in a request's body, when the service would take it. Codes and texts of the refusals are not established; that these
 * schemas are refused is.
 * @throws GraphError 400
 */
export function checkSchema(
  body: GraphObject,
): Pick<SynchronizationSchema, "synchronizationRules" | "directories"> {
  const { synchronizationRules, directories } = body as Partial<SynchronizationSchema>;
  if (!Array.isArray(synchronizationRules) || synchronizationRules.length === 0) {
    throw malformed("The schema has no synchronizationRules.");
  }
  if (!Array.isArray(directories)) throw malformed("The schema has no directories.");
  const schema = { ...(body as unknown as SynchronizationSchema), synchronizationRules, directories };
  for (const rule of synchronizationRules) {
    for (const mapping of rule.objectMappings ?? []) checkObjectMapping(schema, rule, mapping);
  }
  return schema;
}

function checkObjectMapping(
  schema: SynchronizationSchema,
  rule: SynchronizationRule,
  mapping: ObjectMapping,
): void {
  if (!mapping.enabled && mapping.sourceObjectName === "") return;
  const source = objectOf(schema, rule.sourceDirectoryName, mapping.sourceObjectName);
  const target = objectOf(schema, rule.targetDirectoryName, mapping.targetObjectName);
  const mappings = mapping.attributeMappings ?? [];
  const seen = new Set<string>();
  for (const attribute of mappings) {
    const name = attribute.targetAttributeName;
    if (seen.has(name))
      throw invalid(`The target attribute '${name}' is mapped more than once in '${mapping.name}'.`);
    seen.add(name);
    if (!target.attributes.some((defined) => defined.name === name)) {
      throw invalid(`The target attribute '${name}' is not defined for '${target.name}'.`);
    }
    checkSource(attribute, source);
  }
  if (mapping.enabled && !mappings.some(({ matchingPriority }) => matchingPriority > 0)) {
    throw invalid(`'${mapping.name}' has no matching attribute.`);
  }
}

function objectOf(
  schema: SynchronizationSchema,
  directoryName: string,
  objectName: string,
): ObjectDefinition {
  const directory = schema.directories.find(({ name }) => name === directoryName);
  if (!directory) throw invalid(`The directory '${directoryName}' is not defined.`);
  const object = directory.objects?.find(({ name }) => name === objectName);
  if (!object)
    throw invalid(`The object '${objectName}' is not defined in the directory '${directoryName}'.`);
  return object;
}

function checkSource({ source, targetAttributeName }: GraphAttributeMapping, object: ObjectDefinition): void {
  if (source === null || source === undefined) return;
  const parsed = parseExpression(source.expression);
  const problem = parsed.ok ? checkExpression(parsed.expression)[0] : parsed.problem;
  if (problem) throw invalid(`The expression for '${targetAttributeName}' is invalid: ${problem.message}`);
  if (!parsed.ok) return;
  const kind = { attribute: "Attribute", constant: "Constant", call: "Function", comparison: "Function" }[
    parsed.expression.kind
  ];
  if (source.type !== kind) {
    throw invalid(
      `The source for '${targetAttributeName}' says ${source.type}, its expression is a ${kind}.`,
    );
  }
  if (
    parsed.expression.kind === "call" &&
    parsed.expression.arguments.length > 0 &&
    !source.parameters?.length
  ) {
    throw invalid(`The source for '${targetAttributeName}' is a function without parameters.`);
  }
  for (const name of attributesRead(parsed.expression)) {
    if (object.attributes.some((defined) => defined.name === name)) continue;
    throw invalid(`The source attribute '${name}' is not defined for '${object.name}'.`);
  }
}

function invalid(message: string): GraphError {
  return new GraphError(400, "SchemaInvalid", message);
}
