import { z } from "zod";
import { type Node, nodeAt, type Path } from "./tree.ts";

/** The schema that a path is checked against; undefined where the path leaves it. */
export function schemaAt(schema: z.ZodType, path: Path, root?: Node): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  path.forEach((step, depth) => {
    const inner = unwrap(current);
    if (inner instanceof z.ZodObject) current = inner.shape[String(step)];
    else if (inner instanceof z.ZodRecord) current = inner.valueType as z.ZodType;
    else if (inner instanceof z.ZodArray) current = inner.element as z.ZodType;
    else if (inner instanceof z.ZodDiscriminatedUnion) {
      const chosen = chosenOption(inner, root && nodeAt(root, path.slice(0, depth)));
      current = chosen?.shape[String(step)];
    } else current = undefined;
  });
  const last = unwrap(current);
  return last instanceof z.ZodDiscriminatedUnion
    ? (chosenOption(last, root && nodeAt(root, path)) ?? last)
    : current;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let current = schema;
  while (
    current instanceof z.ZodOptional ||
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault
  ) {
    current = current.unwrap() as z.ZodType;
  }
  return current;
}

function chosenOption(union: z.ZodDiscriminatedUnion, node: Node | undefined): z.ZodObject | undefined {
  const discriminator = union.def.discriminator;
  const entry = node?.kind === "map" ? node.entries.get(discriminator)?.value : undefined;
  const value = entry?.kind === "scalar" ? entry.value : undefined;
  return (union.options as z.ZodObject[]).find(
    (option) => option.shape[discriminator]?.safeParse(value).success,
  );
}

/** Keys that an object schema knows; none for anything else. */
export function keysOf(schema: z.ZodType | undefined): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Blocks of the whole schema that know a key, as people write their place: `applications.<name>.entra`. */
export function homesOf(schema: z.ZodType, key: string, at = ""): string[] {
  const inner = unwrap(schema);
  const below = (child: unknown, step: string) =>
    homesOf(child as z.ZodType, key, at ? `${at}.${step}` : step);
  if (inner instanceof z.ZodRecord) return below(inner.valueType, "<name>");
  if (inner instanceof z.ZodArray) return homesOf(inner.element as z.ZodType, key, `${at}[]`);
  if (!(inner instanceof z.ZodObject)) return [];
  const here = key in inner.shape ? [at || "the top level"] : [];
  return [...here, ...Object.entries(inner.shape).flatMap(([name, child]) => below(child, name))];
}

/** A path as {@link homesOf} writes it: `applications.<name>.entra.assignments[]`. */
export function placeOf(schema: z.ZodType, path: Path): string {
  let text = "";
  path.forEach((step, depth) => {
    const inner = unwrap(schemaAt(schema, path.slice(0, depth)));
    if (inner instanceof z.ZodArray) text += "[]";
    else text += `${text ? "." : ""}${inner instanceof z.ZodRecord ? "<name>" : String(step)}`;
  });
  return text;
}
