import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { ProviderConfig } from "../provider/contract.ts";
import { secretVariable } from "../spec/secret-names.ts";
import { type KnownIds, parseKnownIds } from "./known-ids.ts";
import { parseJson } from "./parse-json.ts";

const run = promisify(execFile);

/** What the Pulumi CLI knows of a stack. */
export interface PulumiStack {
  /** Path of the spec, from where this process is. */
  spec: string;
  /** Its secrets, as ROLLCALL_SECRET_<NAME>. */
  tokens: Record<string, string>;
  /** The connections that it sets for the rollcall provider. */
  connections: ProviderConfig;
  known: KnownIds;
}

const configuration = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().optional() }),
);

const CONNECTIONS = ["rollcall:entra", "rollcall:okta"];

const connection = z.record(z.string(), z.string());

/**
 * Asks the Pulumi CLI for a stack's configuration, secrets among it, and its outputs.
 * @param folder the project's, or one below it
 * @throws when there is no CLI, no such stack, or no spec in it
 */
export async function readPulumiStack(
  name: string,
  env: NodeJS.ProcessEnv,
  folder = process.cwd(),
): Promise<PulumiStack> {
  const pulumi = (args: string[]) => askPulumi(args, env, folder);
  const asked = await pulumi(["config", "--show-secrets", "--json", "--stack", name]);
  const config = configuration.parse(parsed(asked));
  const spec = config["rollcall:spec"]?.value;
  if (!spec) {
    throw new Error(
      `The stack ${name} names no spec. Set one: pulumi config set rollcall:spec config/<environment>.yaml --stack ${name}`,
    );
  }
  const own = Object.entries(config).filter(([key]) => key.startsWith("rollcall:"));
  const outputs = await pulumi(["stack", "output", "--json", "--stack", name]);
  const { applications } = z.object({ applications: z.unknown().optional() }).parse(parsed(outputs));
  return {
    spec: relative(process.cwd(), resolve(projectFolder(folder), spec)),
    tokens: Object.fromEntries(
      own.flatMap(([key, { secret, value }]) =>
        secret && value !== undefined && !CONNECTIONS.includes(key)
          ? [[secretVariable(key.slice("rollcall:".length)), value]]
          : [],
      ),
    ),
    connections: {
      ...section(config["rollcall:entra"], "entra"),
      ...section(config["rollcall:okta"], "okta"),
    },
    // A stack that has never been up has no outputs.
    known: applications === undefined ? new Map() : parseKnownIds({ applications }, `the stack ${name}`),
  };
}

/** As the Pulumi CLI finds it: the nearest folder with a project file, from `folder` upwards. */
function projectFolder(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    const files = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];
    if (files.some((file) => existsSync(join(candidate, file)))) return candidate;
    if (candidate === dirname(candidate)) return folder;
  }
}

function section(
  entry: { value?: string | undefined } | undefined,
  name: keyof ProviderConfig,
): ProviderConfig {
  if (entry?.value === undefined) return {};
  const settings = connection.safeParse(parseJson(entry.value));
  if (settings.success) return { [name]: settings.data };
  // Without quoting it: it holds credentials.
  throw new Error(
    `rollcall:${name} of the stack is no map of texts. Set its members one by one: pulumi config set --path --secret rollcall:${name}.<member>`,
  );
}

/** Without quoting it: it may hold secrets. */
function parsed(printed: string): unknown {
  const value = parseJson(printed);
  if (value !== undefined) return value;
  throw new Error("`pulumi` printed something else than the JSON that it was asked for.");
}

async function askPulumi(args: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  try {
    // What it prints may hold secrets, so of a failure only its standard error is shown.
    return (await run("pulumi", [...args, "--non-interactive"], { env, cwd, maxBuffer: 1 << 28 })).stdout;
  } catch (error) {
    if (isMissing(error)) {
      throw new Error(
        "--stack asks the Pulumi CLI, and there is no `pulumi` on PATH. Name the spec instead, and give its tokens as ROLLCALL_SECRET_<NAME>.",
      );
    }
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`\`pulumi ${args.slice(0, 2).join(" ")}\` failed: ${said}`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
