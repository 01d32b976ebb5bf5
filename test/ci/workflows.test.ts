import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const files = ["ci/github", ".github/workflows"].flatMap((folder) =>
  readdirSync(folder).map((file) => join(folder, file)),
);
/** Where `.ci/run` puts it, if there is Go to build it with. */
const BUILT = "node_modules/.cache/actionlint/actionlint";
const actionlint = findActionlint();

function findActionlint(): string | undefined {
  const found = spawnSync("sh", ["-c", "command -v actionlint"], { encoding: "utf8" });
  if (found.status === 0) return found.stdout.trim();
  return existsSync(BUILT) ? BUILT : undefined;
}

interface WorkflowDocument {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<
    string,
    {
      steps: { run?: string; uses?: string; with?: Record<string, unknown> }[];
      concurrency?: Record<string, unknown>;
    }
  >;
}

const read = (file: string) => parse(readFileSync(file, "utf8")) as WorkflowDocument;

describe("the workflow files", () => {
  it.skipIf(actionlint === undefined && !process.env.GITHUB_ACTIONS)("pass actionlint", () => {
    const { status, stdout } = spawnSync(
      actionlint ?? "actionlint",
      ["-no-color", "-shellcheck=", "-pyflakes=", ...files],
      {
        encoding: "utf8",
      },
    );
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it.each(files)("%s names its permissions, and lets no expression into a shell", (file) => {
    const { permissions, jobs } = read(file);
    expect(permissions.contents).toBe("read");
    for (const { steps } of Object.values(jobs))
      for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });

  it("run main's code for a pull request, and take its YAML as data", () => {
    const { on, jobs } = read("ci/github/rollcall-preview.yml");
    expect(Object.keys(on)).toEqual(["pull_request_target"]);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const foreign = steps.filter((step) => String(step.with?.ref ?? "").includes("pull_request.head"));
    expect(foreign.map((step) => step.with)).toEqual([
      {
        ref: expect.any(String),
        path: "pull-request",
        "sparse-checkout": "config",
        "persist-credentials": false,
      },
    ]);
    const links = steps.findIndex(({ run }) => run?.includes("core.symlinks false"));
    expect(links).toBeLessThan(steps.findIndex((step) => foreign.includes(step)));
  });

  it("never cut an update off, and let one wait for the other", () => {
    const { jobs } = read("ci/github/rollcall-merge.yml");
    expect(jobs.up?.concurrency).toMatchObject({ "cancel-in-progress": false });
    expect(String(jobs.up?.concurrency?.group)).toContain("matrix.environment");
    // A group holds one waiting run: a drift check in the same would push out an update.
    const drift = read("ci/github/rollcall-drift.yml").jobs.drift?.concurrency?.group;
    expect(drift).not.toBe(jobs.up?.concurrency?.group);
  });

  it("validate without any credential", () => {
    const { permissions } = read("ci/github/rollcall-validate.yml");
    expect(permissions).toEqual({ contents: "read" });
    expect(readFileSync("ci/github/rollcall-validate.yml", "utf8")).not.toContain("secrets.");
  });
});
