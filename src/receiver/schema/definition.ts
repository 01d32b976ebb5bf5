/** Attribute and schema definitions as RFC 7643 section 7 writes them. */

export interface AttributeDefinition {
  name: string;
  type: "string" | "boolean" | "decimal" | "integer" | "dateTime" | "binary" | "reference" | "complex";
  multiValued: boolean;
  description: string;
  required: boolean;
  caseExact: boolean;
  mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  returned: "always" | "never" | "default" | "request";
  uniqueness: "none" | "server" | "global";
  canonicalValues?: string[];
  referenceTypes?: string[];
  subAttributes?: AttributeDefinition[];
}

export interface SchemaDefinition {
  id: string;
  name: string;
  description: string;
  attributes: AttributeDefinition[];
}

type Options = Partial<Omit<AttributeDefinition, "name" | "description">>;

/** One attribute with the defaults of RFC 7643 section 2.2; references, binaries and dates are case exact. */
export function attribute(name: string, description: string, options: Options = {}): AttributeDefinition {
  const type = options.type ?? "string";
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    caseExact: type === "reference" || type === "binary" || type === "dateTime",
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...options,
  };
}

/** A multi-valued complex attribute with the sub-attributes of RFC 7643 section 2.4. */
export function plural(
  name: string,
  description: string,
  canonicalValues: string[] = [],
  value: Options = {},
): AttributeDefinition {
  return attribute(name, description, {
    type: "complex",
    multiValued: true,
    subAttributes: [
      attribute("value", "The value itself.", value),
      attribute("display", "A human-readable name, for display."),
      attribute(
        "type",
        "A label of the value's function.",
        canonicalValues.length > 0 ? { canonicalValues } : {},
      ),
      attribute("primary", "Whether this is the preferred value; true at most once.", { type: "boolean" }),
    ],
  });
}
