import { existsSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { adoptEntra } from "../adopt/adopt-entra.ts";
import { adoptOkta } from "../adopt/adopt-okta.ts";
import { type Adopted, keyFor, secretNameFor } from "../adopt/adopted.ts";
import { renderImports, renderSpec } from "../adopt/render.ts";
import { oneLine } from "../inspect/one-line.ts";
import { openTenants, type Tenants } from "../inspect/tenants.ts";
import { readEnvFile } from "../sandbox/env-file.ts";
import { EXIT } from "./exit-codes.ts";
import { progress } from "./progress.ts";

interface Options {
  entra?: string;
  okta?: string;
  key?: string;
  product?: string;
  endpoint?: string;
  secret?: string;
  environment: string;
  out?: string;
  imports?: string;
  envFile?: string;
  json: boolean;
}

export function register(program: Command): void {
  program
    .command("adopt")
    .description(
      "turn an application that was set up by hand into a spec and a file for `pulumi import`; changes nothing",
    )
    .option("--entra <name>", "display name of an enterprise application in Entra")
    .option("--okta <label>", "label of an application in Okta")
    .option("--key <name>", "what the spec calls it; made from its name by default")
    .option("--product <product>", "what it feeds, where its address does not tell; always for Okta")
    .option("--endpoint <url>", "of the product; for Okta, which does not show it")
    .option("--secret <name>", "name of the stack secret for the token")
    .option("--environment <name>", "of the spec", "dev")
    .option("--out <file>", "write the spec there; standard output by default")
    .option("--imports <file>", "write the ids for `pulumi import --file` there")
    .option("-e, --env-file <file>", "credentials from this file, as `rollcall sandbox serve` writes it")
    .option("--json", "print one JSON object with spec, imports and notes, and nothing else", false)
    .action(async (options: Options) => {
      process.exitCode = await adopt(options);
    });
}

async function adopt(options: Options): Promise<number> {
  const name = options.entra ?? options.okta;
  if (name === undefined || (options.entra !== undefined && options.okta !== undefined)) {
    throw new Error('Say what to adopt: --entra "DataHub SCIM", or --okta "DataHub-SCIM-SWA".');
  }
  for (const file of [options.out, options.imports]) if (file !== undefined) refuseExisting(file);
  const tenants = openTenants(
    options.envFile ? { ...process.env, ...readEnvFile(options.envFile) } : process.env,
  );
  const key = options.key ?? keyFor(name);
  const quiet = options.json || options.out === undefined || !process.stdout.isTTY;
  const adopted = await progress(`reading ${name}`, () => read(name, key, options, tenants), { quiet });
  const spec = renderSpec(key, options.environment, adopted);
  if (options.imports) writeNew(options.imports, renderImports(adopted.imports));
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ key, spec, imports: adopted.imports, notes: adopted.notes }, null, 2)}\n`,
    );
  } else if (options.out === undefined) process.stdout.write(spec);
  if (options.out) {
    writeNew(options.out, spec);
    if (!options.json) process.stdout.write(next(options, adopted));
  }
  return EXIT.ok;
}

function read(name: string, key: string, options: Options, tenants: Tenants): Promise<Adopted> {
  const { product, endpoint, entra } = options;
  const secret = options.secret ?? secretNameFor(key);
  if (entra !== undefined)
    return adoptEntra(name, { key, secret, ...(product === undefined ? {} : { product }) }, tenants);
  if (product === undefined || endpoint === undefined) {
    throw new Error(
      "Okta does not show where an application provisions to: say it with --product and --endpoint, as in --product datahub --endpoint https://acme.acryl.io.",
    );
  }
  return adoptOkta(name, { key, secret, product, endpoint }, tenants);
}

/** Before anything is asked or written: a stray file would be in the way of the next try. */
function refuseExisting(file: string): void {
  if (existsSync(file))
    throw new Error(`${file} is there already, and was left alone: name another file, or remove it.`);
}

/** Never over a spec that somebody has written. */
const writeNew = (file: string, text: string) => writeFileSync(file, text, { flag: "wx" });

function next({ out, imports }: Options, { notes, application }: Adopted): string {
  const { secret } = application.token as { secret: string };
  return [
    `${out} holds the application as a spec.`,
    ...notes.map((note) => `  - ${oneLine(note)}`),
    "",
    "Next:",
    `  npx rollcall validate ${out}`,
    `  pulumi config set rollcall:spec ${out}    # or move the application into the stack's own spec: what no spec names, \`up\` deletes`,
    `  pulumi config set --secret ${secret}`,
    imports
      ? `  pulumi import --file ${imports} --generate-code=false`
      : "  again with --imports imports.json, for `pulumi import --file`",
    "  pulumi preview    # changes nothing in the tenant, or what stands above; `applications` is the stack's own record",
    "",
  ].join("\n");
}
