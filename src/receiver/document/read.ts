import { parseAttributePath } from "../../scim/path.ts";
import type { Intake } from "../deviation.ts";
import { badSyntax, badValue } from "../errors.ts";
import type { ResourceModel, Target } from "../schema/model.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { mergeAt } from "./target.ts";
import { readValue } from "./value.ts";

/**
 * Brings a resource that a client sent in POST or PUT into the stored form: canonical names, typed values, extensions
 * under their URNs, nothing read-only or unassigned.
 *
 * @throws ScimError 400 for what has no meaning, a missing required attribute, or a deviant form when the intake is strict.
 */
export function readResource(model: ResourceModel, body: unknown, intake: Intake): JsonObject {
  if (!isObject(body)) throw badSyntax(`The body is no JSON object; a ${model.type} resource is needed.`);
  checkSchemas(model, body, intake);
  const resource: JsonObject = {};
  for (const key of Object.keys(body)) {
    const value = body[key];
    if (key !== "schemas" && value !== undefined) readMember(model, resource, key, value, intake);
  }
  for (const definition of model.schema.attributes) {
    const value = resource[definition.name];
    if (definition.required && (value === undefined || value === "")) {
      throw badValue(`\`${definition.name}\` is required.`);
    }
  }
  return resource;
}

function checkSchemas(model: ResourceModel, body: JsonObject, intake: Intake): void {
  const { schemas } = body;
  const listed = Array.isArray(schemas) ? schemas : [];
  let base = false;
  for (const urn of listed) {
    const text = typeof urn === "string" ? urn : "";
    if (text.toLowerCase() === model.schema.id.toLowerCase()) base = true;
    else if (!model.extension(text)) {
      if (!intake.lenient)
        throw badSyntax(`\`schemas\` names \`${text.slice(0, 120)}\`, which no ${model.type} has here.`);
      intake.note(correctedUrn(model, text) ? "misspelt-schema" : "unknown-schema", "schemas");
    }
  }
  if (base) return;
  if (!intake.lenient) throw badSyntax(`\`schemas\` must hold \`${model.schema.id}\`.`);
  intake.note("missing-schemas", "schemas");
}

/** Entra writes `…:enterprise:2.0User` here and there: an URN that differs in its colons alone is the one meant. */
function correctedUrn(model: ResourceModel, text: string): string | undefined {
  const bare = (urn: string) => urn.toLowerCase().replaceAll(":", "");
  if (!text.toLowerCase().startsWith("urn:")) return undefined;
  return model.extensions.find((extension) => bare(extension.id) === bare(text))?.id;
}

/** One key of a resource, or of the value of a PATCH operation without a path, put where it belongs. */
export function readMember(
  model: ResourceModel,
  resource: JsonObject,
  key: string,
  value: Json,
  intake: Intake,
  write: (resource: JsonObject, target: Target, value: Json | undefined) => void = mergeAt,
): void {
  const extension = model.extension(key) ?? misspelt(model, key, intake);
  if (extension !== undefined) {
    readExtension(model, resource, extension, value, intake, write);
    return;
  }
  const target = locate(model, key, intake);
  if (!target) {
    if (!intake.lenient) throw badSyntax(`\`${key.slice(0, 120)}\` is no attribute of a ${model.type}.`);
    intake.note("unknown-attribute", key.slice(0, 120));
    return;
  }
  const definition = target.sub ?? target.attribute;
  if (definition.mutability === "readOnly" || target.attribute.mutability === "readOnly") {
    if (key !== "id" && key !== "meta") intake.note("read-only", definition.name);
    return;
  }
  if (definition.name === "password") {
    intake.note("password-dropped", "password");
    return;
  }
  write(resource, target, readValue(definition, value, intake, key.slice(0, 120)));
}

function misspelt(model: ResourceModel, key: string, intake: Intake): string | undefined {
  const corrected = intake.lenient ? correctedUrn(model, key) : undefined;
  if (corrected !== undefined) intake.note("misspelt-schema", key.slice(0, 120));
  return corrected;
}

function readExtension(
  model: ResourceModel,
  resource: JsonObject,
  urn: string,
  value: Json,
  intake: Intake,
  write: (resource: JsonObject, target: Target, value: Json | undefined) => void,
): void {
  if (value === null) return;
  if (!isObject(value)) throw badValue(`\`${urn}\` takes an object.`);
  for (const key of Object.keys(value)) {
    const definition = model.inExtension(urn, key);
    const given = value[key];
    if (given === undefined || key === "schemas") continue;
    if (definition) {
      if (definition.mutability === "readOnly") intake.note("read-only", definition.name);
      else write(resource, { extension: urn, attribute: definition }, readValue(definition, given, intake));
    } else if (intake.lenient) intake.note("unknown-attribute", `${urn}:${key.slice(0, 80)}`);
    else throw badSyntax(`\`${urn}\` has no attribute \`${key.slice(0, 80)}\`.`);
  }
}

/** A key as an attribute: by its name, and for the lenient with its URN, dotted, or an extension's without its URN. */
function locate(model: ResourceModel, key: string, intake: Intake): Target | undefined {
  const core = model.core(key);
  if (core) return { attribute: core };
  if (!intake.lenient || key.length > 500) return undefined;
  const extension = model.extensionWith(key);
  const attribute = extension === undefined ? undefined : model.inExtension(extension, key);
  if (extension !== undefined && attribute) {
    intake.note("unqualified-path", key);
    return { extension, attribute };
  }
  if (!/[.:]/.test(key)) return undefined;
  try {
    const path = parseAttributePath(key, { maxLength: 500 });
    // A value path names some elements; as a key of a whole resource it has no meaning.
    const target = path.filter ? undefined : model.find(path);
    if (target) intake.note(key.includes(":") ? "qualified-key" : "dotted-key", key);
    return target;
  } catch {
    return undefined;
  }
}
