import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../../src/demo/stage.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { MAX_COMMENT, renderComment } from "../../src/review/comment.ts";
import { compareDesired } from "../../src/review/compare-desired.ts";
import { type Preview, readPreview } from "../../src/review/preview.ts";
import { loadSpec } from "../../src/spec/load.ts";

const SPEC = "test/demo/datahub-entra.yaml";
const { directories } = loadDirectory("config/directory.sandbox.yaml");
if (!directories) throw new Error("the sandbox's own directory is wrong");
const folder = mkdtempSync(join(tmpdir(), "rollcall-comment-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function desired(file: string): DesiredState {
  const { spec } = loadSpec(file);
  if (!spec) throw new Error(`${file} is wrong`);
  return toDesiredState(spec);
}
const before = desired(SPEC);

function render(after: DesiredState, preview?: Preview): string | undefined {
  const diff = { environment: "sandbox", ...compareDesired(before, after, directories) };
  return renderComment({ before, after, diff, ...(preview ? { preview } : {}) });
}

const preview = (more: Partial<Preview> = {}): Preview => ({
  steps: [],
  diagnostics: [],
  failed: false,
  ...more,
});

describe("a comment of a real preview", () => {
  let stage: Stage;
  beforeAll(async () => {
    if (!directories) throw new Error("unreachable");
    stage = await Stage.open({ spec: SPEC, desired: before, directories, kindness: { kind: true } });
    await stage.run("up");
  }, 180_000);
  afterAll(() => stage?.close());

  it("reads as it was reviewed", async () => {
    const file = join(folder, "sandbox.yaml");
    const text = readFileSync(SPEC, "utf8");
    const changed = text
      .replace("group: governance-team, role: Reader", "group: governance-team, role: Editor")
      .replace(/^.*group: data-platform.*\n/m, "");
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    stage.useSpec(file);
    const result = readPreview(JSON.stringify(await stage.run("preview")));
    // Where the file lies is another place on each run.
    for (const one of result.diagnostics)
      one.message = one.message.replace(/\S*sandbox\.yaml/, "config/sandbox.yaml");
    await expect(render(desired(file), result)).toMatchFileSnapshot("snapshots/changed-access.md");
  }, 180_000);

  it("is absent where nothing changes", async () => {
    stage.useSpec(SPEC);
    expect(render(before, readPreview(JSON.stringify(await stage.run("preview"))))).toBeUndefined();
  }, 180_000);
});

describe("a comment", () => {
  it("puts deletions and replacements before all else", () => {
    const text = render(
      before,
      preview({
        steps: [
          { op: "create", name: "new", type: "a:b:C", diff: [] },
          { op: "delete", name: "old", type: "a:b:C", diff: [] },
          { op: "replace", name: "other", type: "a:b:C", diff: [] },
        ],
      }),
    );
    const at = (part: string) => text?.indexOf(part) ?? -1;
    expect(text).toContain("1 to delete, 1 to replace, 1 to create.");
    expect(at("**delete** old")).toBeGreaterThan(0);
    expect(at("**replace** other")).toBeLessThan(at("+ create new"));
  });

  it("says what this identity may not see", () => {
    const message =
      "Microsoft Graph refused GET /v1.0/servicePrincipals/1/synchronization/jobs: 403 Forbidden. Synchronization.ReadWrite.All is missing.";
    const text = render(before, preview({ diagnostics: [{ severity: "error", message }], failed: true }));
    expect(text).toMatch(/The preview did not get to its end/);
    expect(text).toMatch(/### Not visible to this identity\n[\s\S]*403 Forbidden/);
    expect(text).not.toContain("### Errors");
    const other = render(
      before,
      preview({ diagnostics: [{ severity: "error", message: "It broke." }], failed: true }),
    );
    expect(other).toContain("### Errors\n\n- It broke.");
  });

  it("says that it could not compare with a spec that has errors", () => {
    const diff = { environment: "sandbox", ...compareDesired(undefined, before, directories) };
    const text = renderComment({ beforeIsWrong: true, after: before, diff });
    expect(text).toContain("The spec as it is has errors, so everything below is shown as new");
    expect(renderComment({ after: before, diff })).not.toContain("has errors");
  });

  it("shows no token, however it got into a preview", () => {
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRva2Vu";
    const steps: Preview["steps"] = [
      {
        op: "update",
        name: "job",
        type: "t",
        diff: [{ path: "note", kind: "update", old: token, new: `"${token}"` }],
      },
    ];
    const text = render(
      before,
      preview({ steps, diagnostics: [{ severity: "error", message: `refused ${token}` }] }),
    );
    expect(text).toContain("note:");
    expect(text).not.toContain(token.slice(0, 20));
  });

  it("shows no piece of a token that Markdown's escapes would cut up", () => {
    const parts = [
      "eyJ0eXBfIjoiSldUXyJ9_",
      "eyJfc3ViXyI6Il9hZGFfIn0_iYWRh_aW4i_fQ",
      "SflKxw_RJSMeKKF2QT_fwpMeJf36POk_yJV",
    ];
    const message = `Microsoft Graph refused the token ${parts.join(".")}`;
    const text = render(
      before,
      preview({
        steps: [{ op: "delete", name: parts.join("."), type: "t", diff: [] }],
        diagnostics: [{ severity: "error", message, resource: "job" }],
      }),
    );
    expect(text).toContain("refused the token \u2022");
    for (const piece of parts.flatMap((part) => part.split("_")).filter((one) => one.length > 4))
      expect(text).not.toContain(piece);
  });

  it("takes no name for markup", () => {
    const [application] = before.applications;
    if (application?.idp !== "entra") throw new Error("the spec has one application of Entra");
    const name = '</details>@all `x` [a](http://b)"] --> n0';
    const assignments = [
      ...application.assignments,
      { kind: "group" as const, name, role: "Reader", at: application.at },
    ];
    const text = render({ ...before, applications: [{ ...application, assignments }] }, preview());
    expect(text?.match(/<\/details>/g)).toHaveLength(text?.match(/<details>/g)?.length ?? 0);
    expect(text?.replace(/```mermaid[\s\S]*?```/, "")).not.toContain("@all");
    expect(text).not.toContain('"] --> n0');
  });

  it("lets no name add a line, or turn the text around", () => {
    const name = "a\n+ group z gains access\u001b[1A\u202eb";
    const [application] = before.applications;
    if (application?.idp !== "entra") throw new Error("the spec has one application of Entra");
    const assignments = [{ kind: "group" as const, name, role: "Reader", at: application.at }];
    const steps: Preview["steps"] = [
      { op: "update", name: "job", type: "t", diff: [{ path: "who", kind: "add", new: name }] },
    ];
    const text = render({ ...before, applications: [{ ...application, assignments }] }, preview({ steps }));
    expect(text).not.toMatch(/^\+ group z/m);
    for (const control of ["\u001b", "\u202e"]) expect(text).not.toContain(control);
    expect(text).toContain("\n+     who: a\ufffd+ group z gains access\ufffd[1A\ufffdb\n");
  });

  it("is cut at 60,000 characters with a note, and leaves no block open", () => {
    const steps: Preview["steps"] = Array.from({ length: 3000 }, (_, index) => ({
      op: "create",
      name: `resource-number-${index}`,
      type: "azuread:index/appRoleAssignment:AppRoleAssignment",
      diff: [],
    }));
    const text = render(before, preview({ steps })) ?? "";
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text.length).toBeGreaterThan(MAX_COMMENT - 500);
    expect(text.trimEnd()).toMatch(/<\/details>\n\n\*Cut at 60,000 characters: .*\*$/);
    expect(text.match(/^```/gm)).toHaveLength(2);
  });
});

describe("reading a preview", () => {
  it("takes what `pulumi preview --json` prints, with secrets masked", () => {
    const urn =
      "urn:pulumi:prod::rollcall::rollcall:index:EntraApplication$rollcall:entra:ProvisioningJob::datahub-job";
    const state = (baseAddress: string) => ({
      inputs: {
        baseAddress,
        hidden: {
          "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
          ciphertext: "v1:abc",
        },
        secretToken: "plain text that should never be here",
        mappings: { user: { 'emails[type eq "work"].value': { expression: "[mail]" } } },
      },
    });
    const read = readPreview(
      JSON.stringify({
        steps: [
          { op: "same", urn },
          {
            op: "update",
            urn,
            oldState: state("https://a.example"),
            newState: state("https://b.example"),
            detailedDiff: {
              baseAddress: { kind: "update", inputDiff: true },
              hidden: { kind: "update", inputDiff: true },
              secretToken: { kind: "update-replace", inputDiff: true },
            },
          },
        ],
        diagnostics: [{ urn, message: "A quarantine.\n", severity: "warning" }],
        changeSummary: { same: 1, update: 1 },
      }),
    );
    expect(read).toEqual({
      failed: false,
      diagnostics: [{ severity: "warning", message: "A quarantine.", resource: "datahub-job" }],
      steps: [
        {
          op: "update",
          name: "datahub-job",
          type: "rollcall:entra:ProvisioningJob",
          diff: [
            { path: "baseAddress", kind: "update", old: '"https://a.example"', new: '"https://b.example"' },
            { path: "hidden", kind: "update", old: "[secret]", new: "[secret]" },
            { path: "secretToken", kind: "update", old: "[secret]", new: "[secret]" },
          ],
        },
      ],
    });
  });

  it("refuses what is no preview", () => {
    for (const text of ["", "error: no stack selected", "[]", '{"steps": [{"op": 1}]}'])
      expect(() => readPreview(text)).toThrow(/This is no preview/);
  });
});
