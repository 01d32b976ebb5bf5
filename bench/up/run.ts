// Measures `pulumi up` and the drift check against a program of plain azuread resources, and writes docs/performance.md and .svg.
// node bench/up/run.ts [--assignments 1000] [--sizes 10,100,1000,10000]
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { findPulumi } from "../../test/engines/real.ts";
import { type Contestant, peer, rollcall, specWith } from "./contestant.ts";
import { type Measured, REPOSITORY } from "./pulumi.ts";
import { chart, type Growth, type Row, report } from "./report.ts";
import { previews } from "./whole-spec.ts";

const FEW = 10;
const PREVIEWS = 3;

const { values } = parseArgs({
  options: {
    assignments: { type: "string", default: "1000" },
    sizes: { type: "string", default: "10,100,1000,10000" },
  },
});
const many = Number(values.assignments);
const sizes = values.sizes.split(",").map(Number);

const found = findPulumi();
if (found.missing.length > 0) {
  console.error(
    `This benchmark needs the real Pulumi, and there is not ${found.missing.join(", nor ")} below ${found.plugins}.`,
  );
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
const open: { sandbox: Sandbox }[] = [];
function ownFolder(name: string): string {
  const own = join(folder, name);
  mkdirSync(own);
  return own;
}

/** `rollcall validate`, from the start of its process to its end. */
function validateSeconds(size: number): number {
  const file = join(folder, `validate-${size}.yaml`);
  writeFileSync(file, specWith(size));
  const began = performance.now();
  execFileSync(process.execPath, [join(REPOSITORY, "bin/rollcall.js"), "validate", file], { stdio: "pipe" });
  return (performance.now() - began) / 1000;
}

async function enter(make: typeof rollcall, name: string, people: number): Promise<Contestant> {
  const contestant = await make({ folder: ownFolder(name), plugins: found.plugins, people });
  open.push(contestant);
  return contestant;
}

try {
  const contestants = [
    await enter(rollcall, "rollcall", FEW + many),
    await enter(peer, "peer", FEW + many),
  ] as const;
  const rows: Row[] = [];
  // One step of each in turn, so that a busy machine hinders both.
  const measure = async (what: string, prepare: (one: Contestant) => void, operation: "up" | "preview") => {
    const results: Measured[] = [];
    for (const one of contestants) {
      prepare(one);
      results.push(await one.run(operation));
    }
    const [ours, theirs] = results;
    if (!ours || !theirs) throw new Error("somebody did not run");
    rows.push({ what, ours, theirs });
    console.log(what, ours, theirs);
  };
  await measure(`first \`up\`, ${FEW} assignments`, (one) => one.assign(FEW), "up");
  await measure(
    "a new token",
    (one) => {
      const token = `rotated-token-of-${one.name.length}`;
      const old = one.sandbox.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN ?? "";
      one.sandbox.receiver.setTokens("datahub", [old, token]);
      one.rotate(token);
    },
    "up",
  );
  await measure(`add ${many} assignments`, (one) => one.assign(FEW + many), "up");
  await measure(`drift check, ${FEW + many} assignments`, () => undefined, "preview");

  const whole = await previews({ folder: ownFolder("whole"), plugins: found.plugins });
  open.push(whole);
  const pairs: { whole: number; empty: number }[] = [];
  for (let turn = 0; turn < PREVIEWS; turn++) {
    pairs.push({ whole: (await whole.whole()).seconds, empty: (await whole.empty()).seconds });
    console.log("previews", pairs.at(-1));
  }

  const growth: Growth[] = [];
  for (const size of sizes) {
    const one = await enter(rollcall, `size-${size}`, size);
    one.assign(size);
    const validate = validateSeconds(size);
    const up = await one.run("up");
    const preview = await one.run("preview");
    growth.push({ size, validate, up, preview });
    console.log(size, validate, up, preview);
  }

  const machine = `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} at the end, Pulumi ${found.version}`;
  const docs = join(import.meta.dirname, "../../docs");
  writeFileSync(join(docs, "performance.md"), report({ rows, growth, machine, many, pairs }));
  writeFileSync(join(docs, "performance.svg"), chart(growth));
  console.log("docs/performance.md and .svg are written");
} finally {
  for (const { sandbox } of open) await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}
