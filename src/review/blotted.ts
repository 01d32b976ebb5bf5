import { blotOut, findSecrets } from "../yaml/secrets.ts";
import { makeSource } from "../yaml/source.ts";

/**
 * The same data with what looks like a secret blotted out of every text. This comes before Markdown, whose escapes cut a token
 * into pieces that no longer look like one.
 */
export function blotted<T>(data: T): T {
  return JSON.parse(JSON.stringify(data), (_, value: unknown) =>
    typeof value === "string" ? blottedText(value) : value,
  );
}

/** One text without what looks like a secret in it. */
export function blottedText(text: string): string {
  const source = makeSource("", text);
  return blotOut(source, findSecrets(source)).text;
}
