import type { Command } from "commander";
import type { DesiredApplication } from "../desired/model.ts";
import { type Check, failed, ok } from "../inspect/check.ts";
import { examineEntra } from "../inspect/doctor-entra.ts";
import { examineOkta } from "../inspect/doctor-okta.ts";
import { findProduct } from "../products/registry.ts";
import { secretVariable } from "../spec/secret-names.ts";
import { visible } from "../yaml/visible.ts";
import { checkLine } from "./check-line.ts";
import { EXIT } from "./exit-codes.ts";
import { openTarget, type Target, type TenantOptions, withTenantOptions } from "./tenant-options.ts";
import { paint } from "./terminal.ts";

interface Section {
  about: string;
  checks: Check[];
  /** What the product itself needs, which no API of the tenants shows. */
  notes: string[];
}

export function register(program: Command): void {
  withTenantOptions(program.command("doctor"))
    .description(
      "which permissions, licences and tokens are there, which are missing, and what the products themselves need",
    )
    .option("--json", "print one JSON object and nothing else", false)
    .addHelpText("after", "\nExit codes: 0 nothing is missing, 3 something is, 2 the spec is wrong.")
    .action(async (file: string | undefined, options: TenantOptions & { json: boolean }) => {
      process.exitCode = await doctor(file, options);
    });
}

async function doctor(
  file: string | undefined,
  { json, ...options }: TenantOptions & { json: boolean },
): Promise<number> {
  const target = await openTarget(file, options);
  if (!target) return EXIT.spec;
  const { tenants } = target;
  const usesEntra = target.applications.some(({ idp }) => idp === "entra");
  const ofOkta = target.applications.filter((one) => one.idp === "okta");
  const sections: Section[] = [
    ...(usesEntra ? [{ about: "Microsoft Entra ID", checks: await examineEntra(tenants), notes: [] }] : []),
    ...(ofOkta.length > 0 ? [{ about: "Okta", checks: await examineOkta(tenants, ofOkta), notes: [] }] : []),
    ...target.applications.map((application) => examineProduct(application, target)),
  ];
  process.stdout.write(
    json ? `${JSON.stringify({ sections }, null, 2)}\n` : `${sections.map(describe).join("\n\n")}\n`,
  );
  const missing = sections.some(({ checks }) => checks.some(({ verdict }) => verdict === "failed"));
  return missing ? EXIT.credentials : EXIT.ok;
}

function examineProduct({ name, product: key, token }: DesiredApplication, { env }: Target): Section {
  const product = findProduct(key);
  const variable = secretVariable(token.secret);
  const from = product ? `the ${product.token.name} from ${product.token.from}` : "from the product";
  const what = `token ${token.secret}`;
  const today = new Date().toISOString().slice(0, 10);
  const check =
    token.expires !== undefined && token.expires < today
      ? failed(what, `died on ${token.expires}: make a new one (${from}), and run \`rollcall rotate\``)
      : env[variable]
        ? ok(what, `is in ${variable}`)
        : {
            what,
            verdict: "unseen" as const,
            detail: `is not in ${variable}; the stack may have it (${from})`,
          };
  return { about: `${name} (${product?.title ?? key})`, checks: [check], notes: product?.notes ?? [] };
}

function describe({ about, checks, notes }: Section): string {
  return [
    paint("bold", visible(about)),
    ...checks.map(checkLine),
    ...notes.map((note) => `  ${paint("dim", "-")} ${note}`),
  ].join("\n");
}
