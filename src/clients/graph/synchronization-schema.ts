import type { MappingSource } from "../../expressions/source.ts";

export type { MappingSource };

/**
 * The synchronization schema of Microsoft Graph (`…/synchronization/jobs/{id}/schema`), as far as rollcall reads it.
 * Every object may carry members that are not named here; whoever writes one back must keep them.
 */
export interface SynchronizationSchema {
  id: string;
  version: string;
  synchronizationRules: SynchronizationRule[];
  directories: DirectoryDefinition[];
  [unknown: string]: unknown;
}

export interface SynchronizationRule {
  id: string;
  name: string;
  editable: boolean;
  sourceDirectoryName: string;
  targetDirectoryName: string;
  objectMappings: ObjectMapping[];
  [unknown: string]: unknown;
}

export interface ObjectMapping {
  enabled: boolean;
  /** Comma list of Add, Update, Delete. */
  flowTypes: string;
  name: string | null;
  scope: ScopingFilter | null;
  sourceObjectName: string;
  targetObjectName: string;
  attributeMappings: GraphAttributeMapping[];
  [unknown: string]: unknown;
}

/** Clauses of one group are joined by AND, groups by OR. */
export interface ScopingFilter {
  groups: { name: string; clauses: ScopingClause[] }[];
  [unknown: string]: unknown;
}

export interface ScopingClause {
  operatorName: string;
  sourceOperandName: string;
  targetOperand: { values: string[] } | null;
}

export interface GraphAttributeMapping {
  defaultValue: string | null;
  exportMissingReferences: boolean;
  flowBehavior: "FlowWhenChanged" | "FlowAlways";
  flowType: "Always" | "ObjectAddOnly" | "MultiValueAddOnly" | "ValueAddOnly" | "AttributeAddOnly";
  /** 0: not matched on. */
  matchingPriority: number;
  targetAttributeName: string;
  /** null is the portal's mapping type "None": only `defaultValue` flows. */
  source: MappingSource | null;
  [unknown: string]: unknown;
}

export interface DirectoryDefinition {
  id: string;
  name: string;
  objects: ObjectDefinition[];
  [unknown: string]: unknown;
}

export interface ObjectDefinition {
  name: string;
  attributes: AttributeDefinition[];
  [unknown: string]: unknown;
}

export interface AttributeDefinition {
  name: string;
  type: "String" | "Integer" | "Reference" | "Binary" | "Boolean" | "DateTime";
  anchor: boolean;
  caseExact: boolean;
  multivalued: boolean;
  mutability: "ReadWrite" | "ReadOnly" | "Immutable" | "WriteOnly";
  required: boolean;
  [unknown: string]: unknown;
}
