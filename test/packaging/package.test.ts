import { execFile, execFileSync, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "rollcall-package-"));
const installed = join(folder, "node_modules", "rollcall");
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  NO_COLOR: "1",
  // npx would warn of its user's configuration on the standard error that is looked at here.
  npm_config_loglevel: "error",
};

/** Packages that an install without devDependencies brings, by the lock file. */
function productionPackages(): string[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, optional }]) => path && !dev && !devOptional && !optional)
    .map(([path]) => path.slice("node_modules/".length))
    .filter((name) => !name.includes("node_modules/"));
}

beforeAll(() => {
  // What npm says is on standard error, and shows when it fails.
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root, env });
  const [{ filename }] = JSON.parse(packed.toString().slice(packed.indexOf("[\n"))) as [{ filename: string }];
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
  for (const name of productionPackages()) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
  mkdirSync(join(folder, "node_modules", ".bin"));
  symlinkSync(join("..", "rollcall", "bin", "rollcall.js"), join(folder, "node_modules", ".bin", "rollcall"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rollcall(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const done = await promisify(execFile)("npx", ["--no-install", "rollcall", ...args], {
      cwd: folder,
      env,
    });
    return { code: 0, ...done };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe("the package, in an empty folder", () => {
  it("carries no TypeScript but declarations, no tests and no sources", () => {
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
    // Messages and the README send people there.
    expect(files).toContain("docs/reference/diagnostics.md");
    expect(files.filter((file) => /^(src|test|bench|stacks|\.)/.test(file))).toEqual([]);
    expect(readdirSync(installed).sort()).toEqual([
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "bin",
      "ci",
      "config",
      "dist",
      "docs",
      "package.json",
    ]);
  });

  it("validates a spec, and refuses a wrong one", async () => {
    const good = readFileSync(join(root, "config/sandbox.yaml"), "utf8");
    writeFileSync(join(folder, "good.yaml"), good);
    writeFileSync(join(folder, "bad.yaml"), good.replace("role: Reader", "role: Raeder"));
    expect(await rollcall("validate", "good.yaml")).toMatchObject({
      code: 0,
      stdout: "good.yaml: fine, 6 applications\n",
    });
    const bad = await rollcall("validate", "bad.yaml");
    expect(bad.code).toBe(2);
    expect(bad.stdout).toContain('did you mean "Reader"?');
  });

  it("writes a first spec that is right", async () => {
    const answers = ["--environment", "dev", "--product", "alation", "--idp", "entra"];
    const more = [
      "--endpoint",
      "https://acme.alationcloud.com",
      "--name",
      "Alation SCIM",
      "--group",
      "catalog-users",
    ];
    expect(await rollcall("init", ...answers, ...more)).toMatchObject({ code: 0 });
    expect(await rollcall("validate", "config/dev.yaml")).toMatchObject({
      code: 0,
      stdout: "config/dev.yaml: fine, 1 application\n",
    });
  });

  it("prints the schema", async () => {
    const { stdout } = await rollcall("schema");
    expect(stdout).toBe(readFileSync(join(root, "config/schema.json"), "utf8"));
  });

  it("runs the demo with the compiled program and plugin", async () => {
    const { code, stdout, stderr } = await rollcall("demo", "--json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const { applications } = JSON.parse(stdout) as { applications: { mismatches: unknown[] }[] };
    expect(applications.map(({ mismatches }) => mismatches)).toEqual(Array(6).fill([]));
  }, 240_000);

  it("is the program and the plugin of a project of one's own, as docs/environments.md has it", async () => {
    const page = readFileSync(join(root, "docs/environments.md"), "utf8");
    const [, project = ""] = /```yaml\n(name: rollcall\n[\s\S]*?)```/.exec(page) ?? [];
    writeFileSync(join(folder, "Pulumi.yaml"), project);
    writeFileSync(
      join(folder, "preview.js"),
      `import { loadSpec, toDesiredState } from "rollcall";
import { inventDirectory } from "./node_modules/rollcall/dist/desired/invent-directory.js";
import { runEngine } from "./node_modules/rollcall/dist/sandbox/engine/index.js";
import { startSandbox } from "./node_modules/rollcall/dist/sandbox/sandbox.js";

const desired = toDesiredState(loadSpec("config/dev.yaml").spec);
const sandbox = await startSandbox({ desired, directories: inventDirectory(desired), kindness: { kind: true } });
const { exitCode, counts, diagnostics } = await runEngine({
  operation: "preview",
  projectDir: process.cwd(),
  stackName: "dev",
  spec: "config/dev.yaml",
  stateFile: sandbox.stateFile,
  env: { ...process.env, ...sandbox.env },
  passphrase: "",
});
await sandbox.close();
console.log(JSON.stringify({ exitCode, counts, errors: diagnostics.filter(({ severity }) => severity === "error") }));
`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ["preview.js"], { cwd: folder, env });
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, errors: [] });
    expect((JSON.parse(stdout) as { counts: { create: number } }).counts.create).toBeGreaterThan(4);
  });

  it("serves the receiver and its page", async () => {
    const receiver = spawn(
      process.execPath,
      [join(installed, "bin/rollcall.js"), "receiver", "--memory", "--quiet"],
      {
        cwd: folder,
        env: { ...env, ROLLCALL_RECEIVER_TOKEN: "t0ken" },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    try {
      const urls: Record<string, string> = {};
      for await (const line of createInterface({ input: receiver.stdout })) {
        const [name = "", url = ""] = line.split(/\s+/);
        urls[name] = url;
        if (name === "page") break;
      }
      const users = await fetch(`${urls.default}/Users`, { headers: { authorization: "Bearer t0ken" } });
      expect(await users.json()).toMatchObject({ totalResults: 0 });
      const page = await fetch(urls.page ?? "");
      expect(await page.text()).toContain("<!doctype html>");
    } finally {
      receiver.kill();
    }
  });

  it("gives a TypeScript program its components, with types", async () => {
    writeFileSync(
      join(folder, "program.ts"),
      `import { EntraApplication, type EntraApplicationArgs, OktaApplication, RollcallProvider, loadSpec } from "rollcall";
import { startReceiver } from "rollcall/receiver";

export const load: (file: string) => { diagnostics: readonly { code: string }[] } = loadSpec;
export const args: Pick<EntraApplicationArgs, "scope"> = { scope: "assigned" };
// @ts-expect-error: there are two scopes
export const wrong: Pick<EntraApplicationArgs, "scope"> = { scope: "everybody" };
export const made = (all: EntraApplicationArgs) => new EntraApplication("datahub", all).jobId.apply((id: string) => id);
export { OktaApplication, RollcallProvider, startReceiver };
`,
    );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck"];
    const checked = await promisify(execFile)(process.execPath, [tsc, ...options, "program.ts"], {
      cwd: folder,
    })
      .then(() => "")
      .catch((error: { stdout: string }) => error.stdout);
    expect(checked).toBe("");
    writeFileSync(
      join(folder, "program.js"),
      'import { EntraApplication } from "rollcall"; console.log(EntraApplication.type);',
    );
    const run = await promisify(execFile)(process.execPath, ["program.js"], { cwd: folder });
    expect(run.stdout.trim()).toBe("rollcall:index:EntraApplication");
  });
});
