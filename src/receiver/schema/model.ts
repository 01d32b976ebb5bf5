import type { AttributePath } from "../../scim/ast.ts";
import type { AttributeDefinition, SchemaDefinition } from "./definition.ts";
import { commonAttributes, groupSchema } from "./group.ts";
import { enterpriseUserSchema, userSchema } from "./user.ts";

export type ResourceType = "User" | "Group";

/** Where a path leads in a document: `document[extension]?[attribute][sub]`. */
export interface Target {
  /** The extension's URN, canonical; undefined for core attributes. */
  extension?: string;
  attribute: AttributeDefinition;
  sub?: AttributeDefinition;
}

type Index = Map<string, AttributeDefinition>;

const subIndexes = new WeakMap<AttributeDefinition, Index>();

/** A sub-attribute by name, in any case of letters. */
export function subAttribute(definition: AttributeDefinition, name: string): AttributeDefinition | undefined {
  let index = subIndexes.get(definition);
  if (!index) {
    index = indexOf(definition.subAttributes ?? []);
    subIndexes.set(definition, index);
  }
  return index.get(name) ?? index.get(name.toLowerCase());
}

function indexOf(definitions: AttributeDefinition[]): Index {
  return new Map(
    definitions.flatMap((definition) => [
      [definition.name, definition],
      [definition.name.toLowerCase(), definition],
    ]),
  );
}

/** A resource type with its schema and extensions, and the look-up of names in any case of letters. */
export class ResourceModel {
  readonly type: ResourceType;
  readonly endpoint: "/Users" | "/Groups";
  readonly schema: SchemaDefinition;
  readonly extensions: SchemaDefinition[];
  readonly #core: Index;
  readonly #extensions: Map<string, { id: string; index: Index }>;

  constructor(type: ResourceType, schema: SchemaDefinition, extensions: SchemaDefinition[]) {
    this.type = type;
    this.endpoint = type === "User" ? "/Users" : "/Groups";
    this.schema = schema;
    this.extensions = extensions;
    this.#core = indexOf([...commonAttributes, ...schema.attributes]);
    this.#extensions = new Map(
      extensions.map((extension) => [
        extension.id.toLowerCase(),
        { id: extension.id, index: indexOf(extension.attributes) },
      ]),
    );
  }

  core(name: string): AttributeDefinition | undefined {
    return this.#core.get(name) ?? this.#core.get(name.toLowerCase());
  }

  /** The canonical URN of an extension, in any case of letters. */
  extension(urn: string): string | undefined {
    return this.#extensions.get(urn.toLowerCase())?.id;
  }

  inExtension(urn: string, name: string): AttributeDefinition | undefined {
    const index = this.#extensions.get(urn.toLowerCase())?.index;
    return index?.get(name) ?? index?.get(name.toLowerCase());
  }

  /** Extensions under whose URN no core attribute stands and which hold `name`; for paths that forget the URN. */
  extensionWith(name: string): string | undefined {
    for (const { id, index } of this.#extensions.values()) if (index.has(name.toLowerCase())) return id;
    return undefined;
  }

  /** Undefined when the schemas know no such attribute. */
  find(path: AttributePath): Target | undefined {
    const isCore = path.urn === undefined || path.urn.toLowerCase() === this.schema.id.toLowerCase();
    const extension = isCore ? undefined : this.extension(path.urn ?? "");
    if (!isCore && extension === undefined) return undefined;
    const attribute =
      extension === undefined ? this.core(path.attribute) : this.inExtension(extension, path.attribute);
    if (!attribute) return undefined;
    const target: Target = extension === undefined ? { attribute } : { extension, attribute };
    if (path.subAttribute === undefined) return target;
    const sub = subAttribute(attribute, path.subAttribute);
    return sub && { ...target, sub };
  }
}

export interface Models {
  User: ResourceModel;
  Group: ResourceModel;
}

/**
 * The resource types of one tenant. A configured schema whose id is a core schema's adds its attributes to that one; any
 * other is an extension of User, or of Group when its URN ends in `:Group`.
 */
export function buildModels(configured: SchemaDefinition[] = []): Models {
  const widen = (schema: SchemaDefinition): SchemaDefinition => ({
    ...schema,
    attributes: [
      ...schema.attributes,
      ...configured.filter((extra) => extra.id === schema.id).flatMap((extra) => extra.attributes),
    ],
  });
  const known = new Set([userSchema.id, groupSchema.id, enterpriseUserSchema.id]);
  const extensions = configured.filter((schema) => !known.has(schema.id));
  const forGroup = (schema: SchemaDefinition) => schema.id.toLowerCase().endsWith(":group");
  return {
    User: new ResourceModel("User", widen(userSchema), [
      widen(enterpriseUserSchema),
      ...extensions.filter((schema) => !forGroup(schema)),
    ]),
    Group: new ResourceModel("Group", widen(groupSchema), extensions.filter(forGroup)),
  };
}
