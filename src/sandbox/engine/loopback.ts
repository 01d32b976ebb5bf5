import { isLoopback } from "../outbound.ts";

/**
 * The offline engine's stand-ins are good enough for the sandbox and for nothing else, so what they would talk to has to be
 * on this machine.
 * @param target a URL, `host` or `host:port`.
 * @param what names the setting in the message.
 * @throws when `target` is not a loopback address.
 */
export function assertLoopback(target: string, what: string): void {
  if (isLoopback(target.includes("://") ? target : `http://${target}`)) return;
  throw new Error(
    `${what} is ${target}, which is not on this machine. The offline engine serves the sandbox only; use \`pulumi\` for a real tenant.`,
  );
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
