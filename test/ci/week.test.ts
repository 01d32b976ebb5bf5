import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../../src/demo/stage.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { writeEnvFile } from "../../src/sandbox/env-file.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { type FakeGitHub, startFakeGitHub } from "../github/fake-github.ts";
import { openWorkspace, stepsOf, WORKFLOWS, type Workspace } from "./workspace.ts";

const SPEC = "test/demo/datahub-entra.yaml";

let stage: Stage;
let github: FakeGitHub;
let workspace: Workspace;
beforeAll(async () => {
  const { spec } = loadSpec(SPEC);
  const { directories } = loadDirectory("config/directory.sandbox.yaml");
  if (!spec || !directories) throw new Error("the spec or the directory of this test is wrong");
  stage = await Stage.open({
    spec: SPEC,
    desired: toDesiredState(spec),
    directories,
    kindness: { kind: true },
  });
  github = await startFakeGitHub();
  const envFile = join(stage.scratch, "env");
  writeEnvFile(envFile, stage.sandbox.env);
  workspace = openWorkspace(
    {
      ...stage.sandbox.env,
      ...github.env,
      VERIFY_USER: "sid@sandbox.example",
      VERIFY_GROUP: "governance-team",
      VERIFY_SCIM_URL: stage.sandbox.receiver.tenants[0]?.baseUrl ?? "",
    },
    envFile,
  );
  cpSync(SPEC, join(workspace.folder, "config/sandbox.yaml"));
}, 180_000);
afterAll(async () => {
  workspace?.close();
  await github?.close();
  await stage?.close();
});

const main = () => join(workspace.folder, "config/sandbox.yaml");
const branch = () => join(workspace.folder, "pull-request/config/sandbox.yaml");
const issues = () => [...github.issues.values()].filter(({ pull_request }) => !pull_request);

async function letInByHand(userPrincipalName: string): Promise<void> {
  const user = stage.sandbox
    .directories()
    .entra.users.find((one) => one.userPrincipalName === userPrincipalName);
  const graph = (method: string, path: string, body?: unknown) =>
    stage.sandbox.entra.asAdministrator(method, `/v1.0${path}`, body) as Promise<{
      value: { id: string; displayName: string; appRoles: { id: string; value: string }[] }[];
    }>;
  const { value } = await graph("GET", "/servicePrincipals");
  const principal = value.find(({ displayName }) => displayName === "DataHub SCIM");
  const role = principal?.appRoles.find((one) => one.value === "Reader");
  await graph("POST", `/servicePrincipals/${principal?.id}/appRoleAssignedTo`, {
    principalId: user?.id,
    resourceId: principal?.id,
    appRoleId: role?.id,
  });
}

describe("a week with the workflows of ci/github", () => {
  it("Monday: the set-up is merged, and the night is clean", async () => {
    const merged = await workspace.run("merge");
    expect(merged.ok, merged.output).toBe(true);
    const night = await workspace.run("drift");
    expect(night.ok, night.output).toBe(true);
    expect(issues()).toEqual([]);
  }, 180_000);

  it("Tuesday: somebody lets carol in by hand, and the night opens one issue that says so", async () => {
    await letInByHand("carol@sandbox.example");
    const night = await workspace.run("drift");
    expect(night.codes.Drift, night.output).toBe(7);
    expect(night.codes.Issue).toBe(0);
    expect(issues()).toHaveLength(1);
    expect(issues()[0]).toMatchObject({
      title: "Drift in sandbox",
      state: "open",
      labels: ["rollcall-drift"],
    });
    expect(issues()[0]?.body).toMatch(
      /User carol@<!-- -->sandbox\.example \(Reader\) is assigned, and nobody declared it/,
    );
  }, 180_000);

  it("Wednesday: nothing has changed, and nobody is told again", async () => {
    const before = github.writes.length;
    expect((await workspace.run("drift")).codes.Drift).toBe(7);
    expect(github.writes).toHaveLength(before);
  }, 180_000);

  it("Thursday: a pull request declares carol, and one comment tells what that means", async () => {
    const { comments } = github.openPullRequest(7);
    mkdirSync(join(workspace.folder, "pull-request/config"), { recursive: true });
    const spec = readFileSync(main(), "utf8");
    writeFileSync(
      branch(),
      spec.replace(/^(\s+)- \{ user: ada.*$/m, "$&\n$1- { user: carol@sandbox.example, role: Reader }"),
    );
    expect((await workspace.run("validate")).ok).toBe(true);
    const preview = await workspace.run("preview");
    expect(preview.ok, preview.output).toBe(true);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("user carol@<!-- -->sandbox.example gains Reader on DataHub.");
    const secrets = Object.entries(stage.sandbox.env).filter(([name]) => name.startsWith("ROLLCALL_SECRET_"));
    expect(secrets).not.toEqual([]);
    for (const [, token] of secrets) expect(comments[0]?.body).not.toContain(token);
  }, 180_000);

  it("Friday: a pull request that is wrong is refused at its line, and gets no preview", async () => {
    const fine = readFileSync(branch(), "utf8");
    writeFileSync(branch(), fine.replaceAll("role: Reader", "role: Raeder"));
    const before = github.writes.length;
    const preview = await workspace.run("preview");
    expect(preview.codes).toMatchObject({ Validate: 2 });
    expect(preview.codes).not.toHaveProperty("Preview");
    expect(github.writes).toHaveLength(before);
    writeFileSync(branch(), fine);
  }, 180_000);

  it("Friday: it is merged, and the night is clean and closes the issue", async () => {
    cpSync(branch(), main());
    rmSync(join(workspace.folder, "pull-request"), { recursive: true });
    const merged = await workspace.run("merge");
    expect(merged.ok, merged.output).toBe(true);
    const night = await workspace.run("drift");
    expect(night.ok, night.output).toBe(true);
    expect(issues()).toMatchObject([
      { state: "closed", comments: [{ body: expect.stringContaining("again") }] },
    ]);
  }, 180_000);

  it("has run every command that the workflows hold", () => {
    const all = WORKFLOWS.flatMap((workflow) => stepsOf(workflow).flatMap(({ run }) => run ?? []));
    expect(all.filter((command) => !workspace.ran.has(command))).toEqual([]);
  });
});
