import { trustCertificateFile } from "../../clients/certificates.ts";
import { discoverCloud } from "../../clients/graph/cloud.ts";
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
 * Where the azuread provider, and rollcall's own, would go.
 * @param configured the provider's `metadataHost`; ARM_METADATA_HOSTNAME without it.
 * @throws when that is not this machine, or when nothing keeps it from being Microsoft's.
 */
export async function assertLoopbackEntra(
  configured: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const host = configured ?? env.ARM_METADATA_HOSTNAME;
  if (!host) throw notSet("ARM_METADATA_HOSTNAME", "Microsoft Graph");
  assertLoopback(host, "The metadata host of Microsoft's cloud");
  if (env.SSL_CERT_FILE) trustCertificateFile(env.SSL_CERT_FILE);
  const { graph, login } = await discoverCloud(host);
  assertLoopback(graph, `The Microsoft Graph that ${host} names`);
  assertLoopback(login, `The login service that ${host} names`);
}

/**
 * Where the okta provider, and rollcall's own, would go.
 * @param configured the provider's `httpProxy`; OKTA_HTTP_PROXY without it.
 * @throws as {@link assertLoopbackEntra}
 */
export function assertLoopbackOkta(configured: string | undefined, env: NodeJS.ProcessEnv): void {
  const proxy = configured ?? env.OKTA_HTTP_PROXY;
  if (!proxy) throw notSet("OKTA_HTTP_PROXY", "a real Okta org");
  assertLoopback(proxy, "The proxy to Okta");
}

function notSet(variable: string, service: string): Error {
  return new Error(
    `${variable} is not set, so ${service} would be changed. The offline engine serves the sandbox only: ` +
      "start it with `rollcall sandbox serve` and use the environment that it writes.",
  );
}
