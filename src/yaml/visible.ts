/**
 * Shows what has no shape of its own, control and format characters and line ends, as U+FFFD, so that a name can neither move
 * a reader's cursor nor turn the text around it. Tabs stay, and so does the length.
 */
export const visible = (text: string) =>
  text.replace(/(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => "\ufffd".repeat(found.length));
