// Makes dist/, which only the package carries: Node.js runs no TypeScript below node_modules. A clone runs src/ as it is.
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (status !== 0) process.exit(1);

// The page of the receiver, the plugin's executable, and the file that Pulumi starts.
cpSync(join(root, "src"), dist, { recursive: true, filter: (path) => extname(path) !== ".ts" });

// The Pulumi project with its program and plugin where they are now.
const project = readFileSync(join(root, "Pulumi.yaml"), "utf8");
writeFileSync(join(dist, "Pulumi.yaml"), project.replaceAll("src/", ""));
