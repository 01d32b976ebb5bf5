import type { ScimRequest, ScimResponse } from "../scim/wire.ts";
import { isLoopback, type Outbound } from "./outbound.ts";

/** The SCIM server of one provisioning job, as the tenant knows it. */
export interface ScimTarget {
  /** As configured, with or without a trailing slash; its query holds flags for the service and is not sent. */
  baseUrl: string;
  /** Sent as a bearer token; none when empty. */
  token: string;
  outbound: Outbound;
  userAgent: string;
  /** More headers, or others than the usual ones; names in lower case. */
  headers?: Record<string, string>;
  /** Milliseconds; 30,000 by default. */
  timeout?: number;
}

const TIMEOUT = 30_000;

/**
 * Performs one SCIM request. Never throws for what the network does: no answer is status 0 with the reason as body. A target
 * that is not loopback counts as unreachable.
 */
export async function exchange(request: ScimRequest, target: ScimTarget): Promise<ScimResponse> {
  const url = requestUrl(request.path, target);
  if (!isLoopback(url)) {
    return unreachable(`the sandbox reaches only this machine and knows no address for ${target.baseUrl}`);
  }
  try {
    const response = await fetch(url, {
      method: request.method,
      redirect: "manual",
      signal: AbortSignal.timeout(target.timeout ?? TIMEOUT),
      headers: {
        accept: "application/scim+json",
        "user-agent": target.userAgent,
        ...(target.token === "" ? {} : { authorization: `Bearer ${target.token}` }),
        ...(request.body === undefined ? {} : { "content-type": "application/scim+json; charset=utf-8" }),
        ...target.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: parsed(await response.text()),
    };
  } catch (error) {
    return unreachable(reason(error));
  }
}

/** Answers each request that a provisioning generator yields by `send` and returns its result. */
export async function drive<Result>(
  steps: Generator<ScimRequest, Result, ScimResponse>,
  send: (request: ScimRequest) => Promise<ScimResponse>,
): Promise<Result> {
  let step = steps.next();
  while (!step.done) step = steps.next(await send(step.value));
  return step.value;
}

function requestUrl(path: string, target: ScimTarget): string {
  const base = target.baseUrl.replace(/[?#].*$/s, "").replace(/\/+$/, "");
  return target.outbound(base) + path;
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unreachable(why: string): ScimResponse {
  return { status: 0, headers: {}, body: why };
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
