// Draws docs/pictures/demo.svg from a real run of the demo: `npm run picture`.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { terminalSvg } from "./terminal-svg.ts";

const root = join(import.meta.dirname, "..");
const output = execFileSync(process.execPath, [join(root, "bin/rollcall.js"), "demo"], {
  cwd: root,
  env: { ...process.env, FORCE_COLOR: "1" },
  encoding: "utf8",
});

/** All but the addresses, which differ between runs. */
const belongs = (line: string) => !/^ {2}(tenant|receiver) /.test(stripVTControlCharacters(line));

const lines = output
  .slice(0, output.indexOf("Good to know"))
  .split("\n")
  .slice(0, -1)
  .filter(belongs)
  .concat(
    output
      .trimEnd()
      .split("\n")
      .slice(-1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the time stands in an escape sequence
      .map((line) => line.replace(/ ?(\u001b\[2m)?[\d.]+ s(\u001b\[22m)?$/, "")),
  );
const picture = lines
  .map((line) => (stripVTControlCharacters(line).trim() === "" ? "" : line))
  .join("\n")
  .replace(/\n{3,}/g, "\n\n");
writeFileSync(join(root, "docs/pictures/demo.svg"), terminalSvg("npm start", picture));
