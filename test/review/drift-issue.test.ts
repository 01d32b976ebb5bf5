import { describe, expect, it } from "vitest";
import type { DriftReport } from "../../src/inspect/render-drift.ts";
import { driftIssue } from "../../src/review/drift-issue.ts";

const found = (message: string, more: Partial<DriftReport> = {}): DriftReport => ({
  environment: "prod",
  file: "config/prod.yaml",
  applications: [
    {
      name: "datahub",
      idp: "entra",
      product: "datahub",
      drift: [{ aspect: "assignment", message, help: "`up` takes it out." }],
      notes: [],
    },
  ],
  ...more,
});

describe("the issue for drift", () => {
  it("shows no piece of a token that Markdown's escapes would cut up", () => {
    const token =
      "eyJ0eXBfIjoiSldUXyJ9_.eyJfc3ViXyI6Il9hZGFfIn0_iYWRh_aW4i_fQ.SflKxw_RJSMeKKF2QT_fwpMeJf36POk";
    const { body } = driftIssue(found(`Group ${token} is assigned, and nobody declared it.`));
    expect(body).toContain("Group \u2022");
    for (const piece of token.split(/[._]/).filter((one) => one.length > 4))
      expect(body).not.toContain(piece);
  });

  it("lets no name of a tenant add a line, mention anybody or turn the text around", () => {
    const name = "a\u001b[2J\n- **assignment**: nothing differs @octocat \u202egnp.#1";
    const { body = "" } = driftIssue(found(`Group ${name} is assigned, and nobody declared it.`));
    expect(body.match(/^- /gm)).toHaveLength(1);
    expect(body).toContain(
      "Group a\ufffd\\[2J - \\*\\*assignment\\*\\*: nothing differs @<!-- -->octocat \ufffdgnp.\\#<!-- -->1",
    );
  });
});
