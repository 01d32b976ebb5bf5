import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { readReceiverConfig, tokensIn } from "../receiver/config.ts";
import type { DialectName } from "../receiver/dialects/dialect.ts";
import { DIALECTS } from "../receiver/dialects/dialect.ts";
import type { TenantOptions } from "../receiver/receiver.ts";
import { startReceiver } from "../receiver/receiver.ts";
import { isLoopback } from "../sandbox/outbound.ts";

interface Options {
  port: number;
  host: string;
  tokenFile?: string;
  dialect: DialectName;
  data?: string;
  memory?: boolean;
  config?: string;
  durability: "process" | "power";
  publicUrl?: string;
  quiet?: boolean;
}

export function register(program: Command): void {
  program
    .command("receiver")
    .description("run the SCIM receiver: one tenant at /scim/v2, or several from a file")
    .option("--port <port>", "port to listen on; 0 for any free one", readPort, 0)
    .option(
      "--host <address>",
      "address to listen on; others than loopback let other machines in",
      "127.0.0.1",
    )
    .option(
      "--token-file <file>",
      "file with the bearer token, or several, one a line (or ROLLCALL_RECEIVER_TOKEN)",
    )
    .addOption(new Option("--dialect <name>", "how to speak SCIM").choices(DIALECTS).default("lenient"))
    .option("--data <dir>", "directory for the data; made when it is missing")
    .option("--memory", "keep nothing")
    .option("--config <file>", "several tenants, as YAML or JSON")
    .addOption(
      new Option(
        "--durability <level>",
        "what an answered write survives: the end of the process, or of the machine",
      )
        .choices(["process", "power"])
        .default("process"),
    )
    .option("--public-url <url>", "base of the URLs in answers, behind a proxy")
    .option("--quiet", "no line for each request")
    .action(run);
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("A port is 0 to 65535.");
  return port;
}

async function run(options: Options): Promise<void> {
  if (options.data !== undefined && options.memory) {
    throw new Error("--data and --memory contradict each other: choose one.");
  }
  if (options.data === undefined && !options.memory) {
    throw new Error("Say where the data goes: --data DIR keeps it, --memory does not.");
  }
  const tenants = options.config === undefined ? [singleTenant(options)] : readReceiverConfig(options.config);
  const receiver = await startReceiver({
    host: options.host,
    port: options.port,
    data: options.data ?? ":memory:",
    durability: options.durability,
    tenants,
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    ...(options.quiet ? {} : { log: (line: string) => console.error(line) }),
  });
  const told = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  if (!isLoopback(`http://${host}`)) warnOfShortTokens(tenants);
  for (const { name, baseUrl } of receiver.tenants) console.log(`${name}  ${baseUrl}`);
  console.log(`page  ${receiver.url}/`);
  await told;
  await receiver.close();
}

/** Shorter ones can be guessed by whoever reaches the receiver. */
const SAFE_LENGTH = 20;

function warnOfShortTokens(tenants: TenantOptions[]): void {
  for (const { name, tokens } of tenants)
    if (tokens.some((token) => token.length < SAFE_LENGTH))
      console.error(
        `A token of the tenant ${name} has fewer than ${SAFE_LENGTH} characters, and other machines reach this receiver: whoever guesses it reads and changes everything there. \`openssl rand -base64 32\` makes a better one.`,
      );
}

function singleTenant({ tokenFile, dialect }: Options): TenantOptions {
  const text =
    tokenFile === undefined ? process.env.ROLLCALL_RECEIVER_TOKEN : readFileSync(tokenFile, "utf8");
  const tokens = tokensIn(text ?? "");
  if (tokens.length === 0) {
    throw new Error(
      "The receiver needs a bearer token: put one into a file and name it with --token-file, or set ROLLCALL_RECEIVER_TOKEN.",
    );
  }
  return { name: "default", path: "/scim/v2", dialect, tokens };
}
