import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeMarkdown } from "../../src/markdown/escape.ts";

describe("a text in Markdown", () => {
  it.each([
    ["mentions nobody", "ask @octocat", "ask @<!-- -->octocat"],
    ["writes no mail", "bo@acme.example", "bo@<!-- -->acme.example"],
    [
      "points to no issue",
      "see #12 and acme/app#7, GH-3",
      "see \\#<!-- -->12 and acme/app\\#<!-- -->7, GH<!-- -->-3",
    ],
    [
      "links to nowhere",
      "https://a.example www.b.example",
      "https:<!-- -->//a.example www<!-- -->.b.example",
    ],
    ["shows no emoji", ":tada: 12:30", ":<!-- -->tada: 12:30"],
    ["keeps entities as they are typed", "R&amp;D &copy;", "R&amp;amp;D &amp;copy;"],
    ["holds no formula", "$x$", "<span>$</span>x<span>$</span>"],
    [
      "has no markup",
      "<b>*a* _b_ `c` [d](e) ~f~ |\\",
      "\\<b\\>\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\~f\\~ \\|\\\\",
    ],
    ["begins no list or rule", "- a", "\\- a"],
    ["begins no numbered list", "12. a 1. b", "12\\. a 1. b"],
    ["stays on one line", " a\r\n\n# b\u2028c ", "a \\# b c"],
    ["turns nothing around and moves no cursor", "\u001b[2Ka\u202eb\u200bc", "\ufffd\\[2Ka\ufffdb\ufffdc"],
  ])("%s", (_, text, markdown) => {
    expect(escapeMarkdown(text)).toBe(markdown);
  });

  it("comes back letter for letter, whatever it is", () => {
    const text = fc.stringMatching(/^[ -~]{0,40}$/).map((one) => one.replace(/\s+/g, " ").trim());
    fc.assert(
      fc.property(text, (one) => {
        const markdown = escapeMarkdown(one);
        expect(rendered(markdown)).toBe(one);
        expect(rendered(markdown.replaceAll("<!-- -->", "\u200b"))).not.toMatch(/[@#]\w|:\/\/|\bwww\./i);
      }),
      { numRuns: 1000 },
    );
  });
});

/** What Markdown makes of backslashes, entities and the two tags in use. */
const rendered = (markdown: string) =>
  markdown.replace(
    /\\([!-/:-@[-`{-~])|<!-- -->|<\/?span>|&amp;/g,
    (found, escaped?: string) => escaped ?? (found === "&amp;" ? "&" : ""),
  );
