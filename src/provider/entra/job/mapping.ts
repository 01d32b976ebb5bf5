import type {
  GraphAttributeMapping,
  ObjectMapping,
  SynchronizationSchema,
} from "../../../clients/graph/synchronization-schema.ts";
import type { AttributeMapping } from "../../../desired/model.ts";
import { parseExpression } from "../../../expressions/parse.ts";
import { printExpression } from "../../../expressions/print.ts";

/** The two kinds of objects whose mappings rollcall keeps. */
export type MappedObject = "user" | "group";

/** A mapping as the tenant has it. Members beyond those of a declared mapping are there only when they are not Entra's default. */
export interface ObservedMapping extends Omit<AttributeMapping, "apply"> {
  /** `always`, `onCreate`, or a flow type that a spec cannot ask for, as Graph writes it. */
  apply: string;
  flowBehavior?: string;
  exportMissingReferences?: boolean;
}

/** The mapping type "None" of the portal: only the default value flows. */
const NO_SOURCE = "";

const FLOW_TYPES: Record<string, string> = { Always: "always", ObjectAddOnly: "onCreate" };

export function observed(mapping: GraphAttributeMapping): ObservedMapping {
  return {
    expression: mapping.source ? canonical(mapping.source.expression) : NO_SOURCE,
    matchingPriority: mapping.matchingPriority,
    apply: FLOW_TYPES[mapping.flowType] ?? mapping.flowType,
    ...(mapping.defaultValue ? { defaultValue: mapping.defaultValue } : {}),
    ...(mapping.flowBehavior === "FlowAlways" ? { flowBehavior: mapping.flowBehavior } : {}),
    ...(mapping.exportMissingReferences ? { exportMissingReferences: true } : {}),
  };
}

/** A declared mapping over what the template has for the same attribute, whose finer settings stay. */
export function declared(
  mapping: AttributeMapping,
  template: GraphAttributeMapping | undefined,
): ObservedMapping {
  const base = template ? observed(template) : undefined;
  return {
    expression: canonical(mapping.expression),
    matchingPriority: mapping.matchingPriority,
    apply: mapping.apply,
    ...(mapping.defaultValue ? { defaultValue: mapping.defaultValue } : {}),
    ...(base?.flowBehavior ? { flowBehavior: base.flowBehavior } : {}),
    ...(base?.exportMissingReferences ? { exportMissingReferences: true } : {}),
  };
}

export function sameMapping(one: ObservedMapping, other: ObservedMapping): boolean {
  return (
    one.expression === other.expression &&
    one.matchingPriority === other.matchingPriority &&
    one.apply === other.apply &&
    (one.defaultValue ?? "") === (other.defaultValue ?? "") &&
    one.flowBehavior === other.flowBehavior &&
    (one.exportMissingReferences ?? false) === (other.exportMissingReferences ?? false)
  );
}

/** Expressions that differ in spaces only are one; what cannot be read is compared as it is written. */
export function canonical(expression: string): string {
  const parsed = parseExpression(expression);
  return parsed.ok ? printExpression(parsed.expression) : expression.trim();
}

const SOURCE_OBJECTS: Record<MappedObject, string> = { user: "User", group: "Group" };
const ENTRA_DIRECTORIES = ["Microsoft Entra ID", "Azure Active Directory"];

/** The rule that provisions outwards from Entra. Names of rules and mappings differ with a tenant's age. */
export function outboundRule(schema: SynchronizationSchema) {
  const rules = schema.synchronizationRules.filter(({ sourceDirectoryName }) =>
    ENTRA_DIRECTORIES.includes(sourceDirectoryName),
  );
  const rule = rules.find(({ editable }) => editable) ?? rules[0];
  if (!rule) {
    throw new Error(
      `The synchronization schema has no rule that starts from ${ENTRA_DIRECTORIES.join(" or ")}, but only from ${schema.synchronizationRules.map(({ sourceDirectoryName }) => sourceDirectoryName).join(", ") || "nowhere"}.`,
    );
  }
  return rule;
}

/** undefined when the schema does not map objects of this kind. A mapping without a name is one that Entra does not synchronize. */
export function objectMapping(
  schema: SynchronizationSchema,
  object: MappedObject,
): ObjectMapping | undefined {
  return outboundRule(schema).objectMappings.find(
    (mapping) => mapping.sourceObjectName === SOURCE_OBJECTS[object] && mapping.name !== null,
  );
}

export function targetObject(schema: SynchronizationSchema, mapping: ObjectMapping) {
  const { targetDirectoryName } = outboundRule(schema);
  return schema.directories
    .find(({ name }) => name === targetDirectoryName)
    ?.objects.find(({ name }) => name === mapping.targetObjectName);
}

export function byTarget(mapping: ObjectMapping | undefined): Map<string, GraphAttributeMapping> {
  return new Map((mapping?.attributeMappings ?? []).map((one) => [one.targetAttributeName, one]));
}
