import type {
  AttributeDefinition,
  GraphAttributeMapping,
  ObjectMapping,
  ScopingFilter,
  SynchronizationRule,
  SynchronizationSchema,
} from "../../clients/graph/synchronization-schema.ts";
import { attributesRead, type Expression } from "../../expressions/ast.ts";
import { unevaluableParts } from "../../expressions/check.ts";
import { parseExpression } from "../../expressions/parse.ts";
import type { AttributePath } from "../../scim/ast.ts";
import { parseAttributePath } from "../../scim/path.ts";
import type { SourceType } from "./source-attributes.ts";
import { REFERENCE_ATTRIBUTES } from "./source-attributes.ts";

/** One object mapping of the schema, ready to be carried out. */
export interface ObjectPlan {
  sourceType: SourceType;
  targetObjectName: string;
  endpoint: "/Users" | "/Groups";
  flows: { add: boolean; update: boolean; delete: boolean };
  scope: ScopingFilter | null;
  attributes: AttributePlan[];
  /** Those with a matching precedence, in its order. */
  matching: AttributePlan[];
  references: ReferencePlan[];
  /** Mappings that could not be read, and functions that only the tenant can evaluate. */
  problems: string[];
}

export interface AttributePlan {
  target: string;
  path: AttributePath;
  /** Null for the portal's mapping type "None". */
  expression: Expression | null;
  defaultValue: string | null;
  matchingPriority: number;
  /** "when-empty": written only where the target has no value. */
  apply: "always" | "on-create" | "when-empty";
  /** Sent with each update, equal or not. */
  flowAlways: boolean;
  caseExact: boolean;
  boolean: boolean;
  /** Its value depends on whether the person is in scope, so that it carries deactivation. */
  deactivates: boolean;
  readsRoles: boolean;
}

export interface ReferencePlan {
  target: string;
  path: AttributePath;
  sourceAttribute: string;
}

/** The enabled mapping of users, and that of groups; null where there is none. */
export function planObject(schema: SynchronizationSchema, sourceType: SourceType): ObjectPlan | null {
  for (const rule of schema.synchronizationRules) {
    const mapping = rule.objectMappings.find(
      (candidate) => candidate.enabled && candidate.sourceObjectName === sourceType,
    );
    if (mapping) return plan(schema, rule, mapping, sourceType);
  }
  return null;
}

function plan(
  schema: SynchronizationSchema,
  rule: SynchronizationRule,
  mapping: ObjectMapping,
  sourceType: SourceType,
): ObjectPlan {
  const flows = mapping.flowTypes.split(",").map((flow) => flow.trim());
  const definitions = targetDefinitions(schema, rule, mapping);
  const result: ObjectPlan = {
    sourceType,
    targetObjectName: mapping.targetObjectName,
    endpoint: mapping.targetObjectName.endsWith(":Group") ? "/Groups" : "/Users",
    flows: { add: flows.includes("Add"), update: flows.includes("Update"), delete: flows.includes("Delete") },
    scope: mapping.scope,
    attributes: [],
    matching: [],
    references: [],
    problems: [],
  };
  for (const attribute of mapping.attributeMappings) addAttribute(result, attribute, definitions);
  result.matching = result.attributes
    .filter((attribute) => attribute.matchingPriority > 0)
    .sort((a, b) => a.matchingPriority - b.matchingPriority);
  return result;
}

function targetDefinitions(
  schema: SynchronizationSchema,
  rule: SynchronizationRule,
  mapping: ObjectMapping,
): Map<string, AttributeDefinition> {
  const directory = schema.directories.find((candidate) => candidate.name === rule.targetDirectoryName);
  const object = directory?.objects.find((candidate) => candidate.name === mapping.targetObjectName);
  return new Map(object?.attributes.map((definition) => [definition.name, definition]));
}

function addAttribute(
  result: ObjectPlan,
  mapping: GraphAttributeMapping,
  definitions: Map<string, AttributeDefinition>,
): void {
  const target = mapping.targetAttributeName;
  let path: AttributePath;
  try {
    path = parseAttributePath(target, { lenient: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    result.problems.push(`The target attribute ${target} cannot be read, so nothing flows to it: ${why}`);
    return;
  }
  const parsed = mapping.source ? parseExpression(mapping.source.expression) : null;
  if (parsed && !parsed.ok) {
    result.problems.push(
      `The mapping to ${target} cannot be read, so nothing flows: ${parsed.problem.message}`,
    );
    return;
  }
  const expression = parsed?.expression ?? null;
  if (expression?.kind === "attribute" && REFERENCE_ATTRIBUTES.has(expression.name)) {
    result.references.push({ target, path, sourceAttribute: expression.name });
    return;
  }
  const unevaluable = expression ? unevaluableParts(expression) : [];
  if (unevaluable.length > 0) {
    result.problems.push(
      `The mapping to ${target} uses ${unevaluable.join(", ")}, which only a tenant evaluates, so nothing flows to it here.`,
    );
  }
  const reads = expression ? attributesRead(expression) : [];
  const definition = definitions.get(target);
  result.attributes.push({
    target,
    path,
    expression,
    defaultValue: mapping.defaultValue === "" ? null : mapping.defaultValue,
    matchingPriority: mapping.matchingPriority,
    apply: application(mapping),
    flowAlways: mapping.flowBehavior === "FlowAlways",
    caseExact: definition?.caseExact ?? false,
    boolean: definition?.type === "Boolean" || target === "active" || path.subAttribute === "primary",
    deactivates: reads.includes("IsSoftDeleted") || reads.includes("accountEnabled"),
    readsRoles: reads.includes("appRoleAssignments"),
  });
}

/** A mapping without a source leaves the target alone unless it is empty (customize-application-attributes.md, type "None"). */
function application(mapping: GraphAttributeMapping): AttributePlan["apply"] {
  if (mapping.flowType === "ObjectAddOnly") return "on-create";
  return mapping.flowType === "Always" && mapping.source ? "always" : "when-empty";
}
