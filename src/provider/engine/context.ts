import type { Environment } from "../../clients/environment.ts";
import { connectGraph, type GraphClient } from "../../clients/graph/client.ts";
import { connectOkta, type OktaClient } from "../../clients/okta/client.ts";
import type { ProviderConfig } from "../contract.ts";
import type { EngineLog, Severity } from "./log.ts";
import type { Context } from "./resource.ts";
import { redact } from "./values.ts";

/** What one provider process keeps between calls: its configuration, its sign-ins, and what it has said already. */
export interface Session {
  configure(config: ProviderConfig): void;
  attach(log: EngineLog): void;
  /** A context for one call, and what it said, to be awaited before the call is answered. */
  context(
    urn: string,
    preview: boolean,
    secrets: ReadonlySet<string>,
  ): { context: Context; said: () => Promise<unknown> };
  /** Nothing new is sent to any service from now on. */
  cancel(): void;
}

export function session(env: Environment): Session {
  const stop = new AbortController();
  const shown = new Set<string>();
  let config: ProviderConfig = {};
  let log: EngineLog | undefined;
  let graph: Promise<GraphClient> | undefined;
  let okta: OktaClient | undefined;
  return {
    configure: (next) => {
      config = next;
      graph = undefined;
      okta = undefined;
    },
    attach: (next) => {
      log = next;
    },
    cancel: () =>
      stop.abort(new Error("Stopped because Pulumi was interrupted; the next `up` goes on from here.")),
    context: (urn, preview, secrets) => {
      const sent: Promise<void>[] = [];
      const say = (severity: Severity, message: string) => {
        const text = redact(message, secrets);
        const key = `${urn}\n${text}`;
        if (shown.has(key)) return;
        shown.add(key);
        if (log) sent.push(log.log(severity, text, urn));
      };
      const context: Context = {
        env,
        preview,
        graph: () => {
          graph ??= connectGraph({ settings: config.entra ?? {}, env, signal: stop.signal }).catch(
            (error) => {
              graph = undefined;
              throw error;
            },
          );
          return graph;
        },
        okta: () => {
          okta ??= connectOkta({ settings: config.okta ?? {}, env, signal: stop.signal });
          return okta;
        },
        warn: (message) => say("warning", message),
        info: (message) => say("info", message),
      };
      return { context, said: () => Promise.all(sent) };
    },
  };
}
