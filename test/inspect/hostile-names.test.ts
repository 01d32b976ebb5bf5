import { describe, expect, it } from "vitest";
import { checkLine } from "../../src/commands/check-line.ts";
import { renderExplanation } from "../../src/explain/render.ts";
import { failed } from "../../src/inspect/check.ts";
import { renderDrift } from "../../src/inspect/render-drift.ts";

/** A name that clears the line, turns what follows around and adds a line of its own. */
const HOSTILE = "team\u001b[2K\u202e\n✓ all is well";
const UNSEEN = /\p{Cf}|(?!\n)\p{Cc}|^✓ all is well/mu;
const plain = (_: unknown, text: string) => text;

describe("what a tenant calls things", () => {
  it("moves no cursor in the text of drift", () => {
    const text = renderDrift(
      {
        environment: "prod",
        file: "prod.yaml",
        applications: [
          {
            name: HOSTILE,
            idp: "okta",
            product: "datahub",
            drift: [{ aspect: "push", message: `Group ${HOSTILE} is pushed.`, help: `End ${HOSTILE}.` }],
            notes: [HOSTILE],
          },
          { name: "b", idp: "entra", product: "datahub", failure: HOSTILE, credentials: false },
        ],
      },
      "text",
      plain,
    );
    expect(text).toContain("Group team\ufffd");
    expect(text).not.toMatch(UNSEEN);
  });

  it("moves no cursor in a check of verify and doctor", () => {
    expect(checkLine(failed(HOSTILE, HOSTILE))).not.toMatch(/\u202e|\n/);
  });

  it("moves no cursor in an explanation", () => {
    const text = renderExplanation(
      {
        application: "datahub",
        product: "datahub",
        idp: "okta",
        subject: { kind: "group", name: HOSTILE, displayName: `${HOSTILE}!`, id: "1" },
        access: { arrives: true, via: [HOSTILE], why: [HOSTILE], role: HOSTILE },
        attributes: [{ target: HOSTILE, expression: HOSTILE, source: { a: HOSTILE }, value: HOSTILE }],
        requests: [{ method: "POST", path: "/Groups", body: { displayName: HOSTILE } }],
        joinKeys: {
          externalId: { value: HOSTILE, from: HOSTILE },
          subject: { value: HOSTILE, from: "sub" },
          verdict: "equal",
          broken: false,
        },
        outcome: [HOSTILE],
        conflicts: [HOSTILE],
      },
      plain,
    );
    expect(text).not.toMatch(UNSEEN);
  });
});
