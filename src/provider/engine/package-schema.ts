/** The parts of Pulumi's package schema that rollcall's types are described with. */
export interface PropertySpec {
  type?: "string" | "boolean" | "integer" | "number" | "array" | "object";
  $ref?: string;
  items?: PropertySpec;
  additionalProperties?: PropertySpec;
  description?: string;
  secret?: boolean;
  willReplaceOnChanges?: boolean;
}

export interface ObjectSpec {
  type?: "object";
  description?: string;
  properties: Record<string, PropertySpec>;
  required?: string[];
}

export interface ResourceSpec extends ObjectSpec {
  inputProperties: Record<string, PropertySpec>;
  requiredInputs: string[];
}

export interface FunctionSpec {
  description: string;
  inputs: ObjectSpec;
  outputs: ObjectSpec;
}

export interface PackageSpec {
  name: string;
  version: string;
  description: string;
  license: string;
  config: { variables: Record<string, PropertySpec> };
  provider: ResourceSpec;
  types: Record<string, ObjectSpec>;
  resources: Record<string, ResourceSpec>;
  functions: Record<string, FunctionSpec>;
}

const ANY = "pulumi.json#/Any";

export const text = (description?: string): PropertySpec => ({ type: "string", ...described(description) });
export const flag = (description?: string): PropertySpec => ({ type: "boolean", ...described(description) });
export const count = (description?: string): PropertySpec => ({ type: "integer", ...described(description) });
export const listOf = (items: PropertySpec, description?: string): PropertySpec => ({
  type: "array",
  items,
  ...described(description),
});
export const mapOf = (additionalProperties: PropertySpec, description?: string): PropertySpec => ({
  type: "object",
  additionalProperties,
  ...described(description),
});
export const object = (type: string, description?: string): PropertySpec => ({
  $ref: `#/types/${type}`,
  ...described(description),
});
export const anything: PropertySpec = { $ref: ANY };

function described(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description };
}

/** Inputs that must be there, and all of a resource's outputs: inputs are outputs too. */
export function resource(
  description: string,
  inputs: Record<string, PropertySpec>,
  optionalInputs: Record<string, PropertySpec>,
  outputs: Record<string, PropertySpec>,
  optionalOutputs: Record<string, PropertySpec> = {},
): ResourceSpec {
  return {
    description,
    inputProperties: { ...inputs, ...optionalInputs },
    requiredInputs: Object.keys(inputs),
    properties: { ...inputs, ...optionalInputs, ...outputs, ...optionalOutputs },
    required: [...Object.keys(inputs), ...Object.keys(outputs)],
  };
}

export function record(
  properties: Record<string, PropertySpec>,
  optional: Record<string, PropertySpec> = {},
): ObjectSpec {
  return { type: "object", properties: { ...properties, ...optional }, required: Object.keys(properties) };
}

/** What one service contributes to the package. */
export type PackagePart = Pick<PackageSpec, "types" | "resources" | "functions">;
