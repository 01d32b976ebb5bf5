/** A string literal of an OData filter. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Graph allows fifteen values in one `in` clause. */
export const IN_CLAUSE_VALUES = 15;

/** `path?$filter=…&$select=…`, percent-encoded as Graph wants it: `$` stays, a space is `%20`. */
export function query(path: string, options: Record<string, string | number>): string {
  const parts = Object.entries(options).map(([name, value]) => `$${name}=${encodeURIComponent(value)}`);
  return `${path}?${parts.join("&")}`;
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
