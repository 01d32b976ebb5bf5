import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { type Answers, completeAnswers, flag, QUESTIONS, type Question } from "../init/answers.ts";
import { firstSpec, secretName } from "../init/first-spec.ts";
import { interview } from "../init/interview.ts";
import { PRODUCT_KEYS } from "../products/registry.ts";
import { specJsonSchema } from "../spec/json-schema.ts";
import { loadSpec } from "../spec/load.ts";
import { render } from "../yaml/render.ts";
import { EXIT } from "./exit-codes.ts";
import { hasColour, paint } from "./terminal.ts";

interface Options extends Partial<Omit<Answers, "displayName">> {
  name?: string;
  output?: string;
}

export function register(program: Command): void {
  program
    .command("init")
    .description("write a first spec by asking, or from these flags; overwrites nothing")
    .option("--environment <name>", "as in its stack: dev, staging, prod")
    .option("--product <key>", PRODUCT_KEYS.join(", "))
    .option("--idp <name>", "entra or okta")
    .option("--endpoint <url>", "where the product is")
    .option("--name <name>", "of the application to make in Entra or Okta")
    .option("--group <name>", "who gets in")
    .option("--role <name>", "as what, where the product has roles")
    .option("-o, --output <file>", "config/<environment>.yaml when left out")
    .action(async (options: Options) => {
      process.exitCode = await init(options);
    });
}

async function init({ name, output, ...flags }: Options): Promise<number> {
  const given = { ...flags, ...(name === undefined ? {} : { displayName: name }) };
  const fileFor = (environment: string) => output ?? join("config", `${environment}.yaml`);
  const taken = output === undefined ? undefined : alreadyThere(output);
  if (taken !== undefined) throw new Error(taken);
  const answers = await answer(given, (question, said) =>
    question === "environment" ? alreadyThere(fileFor(said)) : undefined,
  );
  const file = fileFor(answers.environment);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, firstSpec(answers), { flag: "wx" });
  const { spec, diagnostics } = loadSpec(file);
  process.stderr.write(render(diagnostics, "text", hasColour(process.stderr)));
  if (!spec) {
    rmSync(file);
    return EXIT.spec;
  }
  const schema = join(dirname(file), "schema.json");
  if (!existsSync(schema)) writeFileSync(schema, specJsonSchema());
  process.stdout.write(`Wrote ${file}.\n${assumed(given, answers)}${nextSteps(file, answers)}`);
  return EXIT.ok;
}

function alreadyThere(file: string): string | undefined {
  return existsSync(file)
    ? `${file} is there already, and rollcall overwrites no spec: choose another with --output.`
    : undefined;
}

async function answer(
  given: Partial<Answers>,
  objection: (question: Question, said: string) => string | undefined,
): Promise<Answers> {
  if (!process.stdin.isTTY) {
    const answers = await completeAnswers(given);
    const taken = objection("environment", answers.environment);
    if (taken !== undefined) throw new Error(taken);
    return answers;
  }
  const person = interview(process.stdin, process.stdout);
  try {
    return await completeAnswers(
      given,
      (question, complaint) => {
        if (complaint !== undefined) process.stdout.write(`${paint("red", complaint)}\n`);
        return person.ask(question);
      },
      objection,
    );
  } finally {
    person.close();
  }
}

/** What was chosen where nobody could be asked. */
function assumed(given: Partial<Answers>, answers: Answers): string {
  if (process.stdin.isTTY) return "";
  const chosen = (Object.keys(QUESTIONS) as Question[]).filter(
    (name) => given[name] === undefined && answers[name] !== "",
  );
  if (chosen.length === 0) return "";
  const flags = chosen.map((name) => `${flag(name)} ${JSON.stringify(answers[name])}`);
  return `What was not given is the usual: ${flags.join(", ")}.\n`;
}

function nextSteps(file: string, { environment, product }: Answers): string {
  const project = existsSync("Pulumi.yaml")
    ? ""
    : '\nThere is no Pulumi.yaml in this folder, which pulumi needs: docs/environments.md in rollcall\'s repository has one, under "Without a clone".\n';
  return `Next:
  npx rollcall validate ${file}
  npx rollcall demo --spec ${file}    # what will arrive, on simulated tenants
  pulumi stack init ${environment}
  pulumi config set rollcall:spec ${file}
  pulumi config set --secret ${secretName(product)}
  pulumi preview
${project}`;
}
