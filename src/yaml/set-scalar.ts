import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";

/**
 * A YAML text with one scalar set, and every other character as it was: comments, quotes, order and line ends stay. A key that
 * is missing is put first into the map that is to hold it, with the maps above it that are missing too; at the top of the
 * file it is put last.
 *
 * @param path to the value: `["applications", "datahub", "okta", "scim"]`
 * @throws TypeError when something else stands where a map has to, or a map or list at the path
 */
export function setScalar(text: string, path: readonly [string, ...string[]], value: string): string {
  const document = parseDocument(text);
  const { map, depth } = deepestMap(document, path);
  const [key = "", ...below] = path.slice(depth);
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (!pair) return insert(text, document, map, [key, ...below], value);
  const node = pair.value;
  if (below.length === 0 && isScalar(node) && node.range && node.range[1] > node.range[0]) {
    return text.slice(0, node.range[0]) + value + text.slice(node.range[1]);
  }
  const what = below.length === 0 ? "scalar" : "map";
  throw new TypeError(`${path.slice(0, depth + 1).join(".")} is no ${what} in this text`);
}

/** The innermost map on the way to a value, and how many of the path's keys lead to it. */
function deepestMap(document: Document, path: readonly string[]): { map: YAMLMap; depth: number } {
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isMap(node)) return { map: node, depth };
  }
  throw new TypeError("this text is no map");
}

function insert(text: string, document: Document, map: YAMLMap, keys: string[], value: string): string {
  const [first] = map.items;
  const start = first && isScalar(first.key) ? first.key.range?.[0] : undefined;
  if (map.flow) {
    const at = start ?? (map.range?.[0] ?? 0) + 1;
    const written = keys.reduceRight((inner, key, index) => {
      const entry = `${key}: ${inner}`;
      return index === 0 ? entry : `{ ${entry} }`;
    }, value);
    return `${text.slice(0, at)}${written}${start === undefined ? "" : ", "}${text.slice(at)}`;
  }
  if (start === undefined) throw new TypeError("a map without keys has no place for one");
  const indentation = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = keys.map((key, level) => `${"  ".repeat(level)}${key}:`);
  const written = `${lines.join(`${newline}${indentation}`)} ${value}${newline}`;
  if (map === document.contents) return `${text}${text.endsWith("\n") ? "" : newline}${written}`;
  return `${text.slice(0, start)}${written}${indentation}${text.slice(start)}`;
}
