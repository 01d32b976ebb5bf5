/** Letters that do not decompose into a base letter and marks. */
const LETTERS: Record<string, string> = {
  æ: "ae",
  Æ: "AE",
  ø: "oe",
  Ø: "OE",
  œ: "oe",
  Œ: "OE",
  ß: "ss",
  ł: "l",
  Ł: "L",
  ı: "i",
};

/**
 * Latin letters without their marks, by the table in Microsoft's function reference ("ø" gives "oe", "ß" gives "ss", "ä" gives
 * "a"). Other scripts are left as they are.
 */
export function normalizeDiacritics(text: string): string {
  return text
    .normalize("NFD")
    .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
    .normalize("NFC")
    .replace(/[æÆøØœŒßłŁı]/g, (letter) => LETTERS[letter] ?? letter);
}
