import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `rollcall needs Node.js 24 or newer and this is ${process.versions.node}: run it as \`npm exec -c 'pulumi preview'\`, which puts the Node.js of this project first on PATH.`,
  );
  process.exit(1);
}

// What Node.js has compiled is kept for the next run.
module.enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/rollcall", import.meta.url)));
// In a package the sources are compiled.
const source = new URL("main.ts", import.meta.url);
const program = existsSync(source) ? source : new URL("main.js", import.meta.url);

export default async () => (await import(program.href)).main();
