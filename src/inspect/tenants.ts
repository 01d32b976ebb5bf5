import type { Environment } from "../clients/environment.ts";
import {
  connectGraph,
  type GraphClient,
  graphTokenClaims,
  type TokenClaims,
} from "../clients/graph/client.ts";
import { connectOkta, type OktaClient } from "../clients/okta/client.ts";
import type { Ask } from "../program/ask.ts";
import type { ProviderConfig } from "../provider/contract.ts";
import type { Context } from "../provider/engine/resource.ts";
import { LOOK_UPS } from "../provider/look-ups.ts";

/** The tenants of one run, signed in at the first question. `context` is for the provider's own reading functions. */
export interface Tenants {
  graph(): Promise<GraphClient>;
  /** What the token for Graph says about who is signed in; undefined when it cannot be read. */
  graphClaims(): Promise<TokenClaims | undefined>;
  okta(): OktaClient;
  context: Context;
  /** The program's look-ups, without an engine between. */
  ask: Ask;
  /** What the provider's functions warned of since it was last asked. */
  takeWarnings(): string[];
}

/**
 * @param env as the azuread and okta providers read it: ARM_*, OKTA_*
 * @param connections what stands over the environment
 */
export function openTenants(env: Environment, connections: ProviderConfig = {}): Tenants {
  let graph: Promise<GraphClient> | undefined;
  let okta: OktaClient | undefined;
  let warnings: string[] = [];
  const entra = { env, ...(connections.entra && { settings: connections.entra }) };
  const context: Context = {
    env,
    preview: true,
    graph: () => {
      graph ??= connectGraph(entra);
      return graph;
    },
    okta: () => {
      okta ??= connectOkta({ env, ...(connections.okta && { settings: connections.okta }) });
      return okta;
    },
    warn: (message) => warnings.push(message),
    info: () => undefined,
  };
  return {
    graph: context.graph,
    graphClaims: () => graphTokenClaims(entra),
    okta: context.okta,
    context,
    ask: async (token, args) => {
      const lookUp = LOOK_UPS[token];
      if (!lookUp) throw new TypeError(`${token} is no look-up of the rollcall provider`);
      return lookUp(args, context);
    },
    takeWarnings: () => {
      const taken = warnings;
      warnings = [];
      return taken;
    },
  };
}
