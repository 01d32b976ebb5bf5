#!/usr/bin/env -S node --
// The two dashes keep Node.js from taking `--env-file`, an option of `rollcall sandbox`, for its own.
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `rollcall needs Node.js 24 or newer, and this is ${process.version}. In a clone, run it as \`npx rollcall\`: \`npm ci\` brings the right Node.js along. Beside an installed package, \`npm install node@24\` does.`,
  );
  process.exit(1);
}
// What Node.js has compiled is kept for the next run, and found by the program and the plugin that this one starts.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../node_modules/.cache/rollcall", import.meta.url));
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
// A clone runs its sources, and never a dist/ that is older than they are; a package has no sources.
const source = new URL("../src/cli.ts", import.meta.url);
const cli = existsSync(source) ? source : new URL("../dist/cli.js", import.meta.url);
const { main } = await import(cli.href);
process.exitCode = await main(process.argv);
