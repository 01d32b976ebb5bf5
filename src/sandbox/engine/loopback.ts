import { isIP } from "node:net";

/**
 * The offline engine's stand-ins are good enough for the sandbox and for nothing else, so what they would talk to has to be
 * on this machine.
 * @param target a URL, `host` or `host:port`.
 * @param what names the setting in the message.
 * @throws when `target` is not a loopback address.
 */
export function assertLoopback(target: string, what: string): void {
  if (isLoopback(target)) return;
  throw new Error(
    `${what} is ${target}, which is not on this machine. The offline engine serves the sandbox only; use \`pulumi\` for a real tenant.`,
  );
}

export function isLoopback(target: string): boolean {
  const url = target.includes("://") ? target : `tcp://${target}`;
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * Where the azuread and okta providers, and rollcall's own, would go by the environment.
 * @throws when one of them leads off this machine, or when nothing keeps it from doing so.
 */
export function assertLoopbackEnvironment(kind: "entra" | "okta", env: NodeJS.ProcessEnv): void {
  const variable = kind === "entra" ? "ARM_METADATA_HOSTNAME" : "OKTA_HTTP_PROXY";
  const target = env[variable];
  if (!target) {
    throw new Error(
      `${variable} is not set, so ${kind === "entra" ? "Microsoft Graph" : "a real Okta org"} would be changed. ` +
        "The offline engine serves the sandbox only: start it with `rollcall sandbox serve` and use the environment that it writes.",
    );
  }
  assertLoopback(target, variable);
}
