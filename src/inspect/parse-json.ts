/** undefined for what is no JSON: JavaScript's own error quotes how the text begins, which may be a secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
