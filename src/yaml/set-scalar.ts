import { isMap, isScalar, parseDocument, type YAMLMap } from "yaml";

/**
 * A YAML text with one scalar set, and every other character as it was: comments, quotes, order and line ends stay. A key that
 * is missing is put first into the map that is to hold it.
 *
 * @param path to the value: `["applications", "datahub", "okta", "scim"]`
 * @throws TypeError when the map that is to hold it is not in this text
 */
export function setScalar(text: string, path: readonly [string, ...string[]], value: string): string {
  const document = parseDocument(text);
  const key = path.at(-1) ?? "";
  const map = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(map)) throw new TypeError(`${path.slice(0, -1).join(".")} is no map in this text`);
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (!pair) return insert(text, map, key, value);
  const node = pair.value;
  if (isScalar(node) && node.range && node.range[1] > node.range[0]) {
    return text.slice(0, node.range[0]) + value + text.slice(node.range[1]);
  }
  throw new TypeError(`${path.join(".")} is no scalar in this text`);
}

function insert(text: string, map: YAMLMap, key: string, value: string): string {
  const [first] = map.items;
  const start = first && isScalar(first.key) ? first.key.range?.[0] : undefined;
  if (map.flow) {
    const at = start ?? (map.range?.[0] ?? 0) + 1;
    return `${text.slice(0, at)}${key}: ${value}${start === undefined ? "" : ", "}${text.slice(at)}`;
  }
  if (start === undefined) throw new TypeError("a map without keys has no place for one");
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indentation = " ".repeat(start - lineStart);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text.slice(0, start)}${key}: ${value}${newline}${indentation}${text.slice(start)}`;
}
