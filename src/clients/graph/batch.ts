import { setTimeout as sleep } from "node:timers/promises";
import { HttpError } from "../http-error.ts";
import type { GraphClient } from "./client.ts";
import { describeGraphError } from "./errors.ts";

export interface BatchPart {
  method: "GET" | "POST" | "DELETE";
  /** Behind `/v1.0`, as for the client itself. */
  path: string;
  body?: unknown;
}

export interface BatchAnswer {
  /** 0 when no answer came, or the part was not sent. */
  status: number;
  body: unknown;
  /** Why none came. */
  failure?: Error;
}

/** Graph takes no more than this in one batch. */
const BATCH_SIZE = 20;
const ROUNDS = 7;
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 150_000;

interface BatchResponse {
  responses: { id: string; status: number; headers?: Record<string, string>; body?: unknown }[];
}

/**
 * Sends the parts twenty at a time; answers in the order of the parts. A part that was throttled, that met a server
 * error, or that `retry` asks for is sent again; the other parts of its batch are not. Sending a part twice must do no harm.
 * Where a batch as a whole fails nothing more is sent, and what was answered before stays known.
 */
export async function batch(
  graph: GraphClient,
  parts: BatchPart[],
  retry: (answer: BatchAnswer) => boolean = () => false,
): Promise<BatchAnswer[]> {
  const answers: (BatchAnswer | undefined)[] = parts.map(() => undefined);
  let open = parts.map((_, index) => index);
  let failure: Error | undefined;
  for (let round = 1; open.length > 0; round++) {
    const again: number[] = [];
    let pause = 0;
    for (let start = 0; start < open.length; start += BATCH_SIZE) {
      const chunk = open.slice(start, start + BATCH_SIZE);
      const responses = await sendChunk(graph, chunk, parts).catch((error: unknown) => {
        if (!(error instanceof Error)) throw error;
        failure = error;
      });
      if (!responses) break;
      for (const response of responses) {
        const index = Number(response.id);
        const answer = { status: response.status, body: response.body };
        // What is sent again has no answer yet: should that be cut off, this one would be a wrong reason.
        if (round === ROUNDS || !(isTransient(response.status) || retry(answer))) {
          answers[index] = answer;
          continue;
        }
        again.push(index);
        pause = Math.max(pause, retryAfter(response.headers));
      }
    }
    if (failure || round === ROUNDS) break;
    open = again;
    if (open.length > 0)
      await sleep(Math.min(Math.max(pause, PAUSE_MS * 2 ** (round - 1)), LONGEST_PAUSE_MS));
  }
  return answers.map((answer, index) => {
    if (answer) return answer;
    const unanswered = { status: 0, body: null };
    return { ...unanswered, failure: failure ?? partError(parts[index] as BatchPart, unanswered) };
  });
}

async function sendChunk(graph: GraphClient, chunk: number[], parts: BatchPart[]) {
  const requests = chunk.map((index) => {
    const part = parts[index] as BatchPart;
    return {
      id: String(index),
      method: part.method,
      url: part.path,
      ...(part.body === undefined
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: part.body }),
    };
  });
  const answer = await graph.send<Partial<BatchResponse>>(
    "POST",
    "/$batch",
    { requests },
    { repeatable: true },
  );
  if (!answer.responses) throw new Error("Microsoft Graph answered POST /v1.0/$batch without responses.");
  return answer.responses;
}

function isTransient(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function retryAfter(headers: Record<string, string> = {}): number {
  const seconds = Object.entries(headers).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
  return Number(seconds ?? 0) * 1000 || 0;
}

/** The error that a part's answer is, as the client would have thrown it. */
export function partError(part: BatchPart, answer: BatchAnswer): Error {
  if (answer.failure) return answer.failure;
  const request = `${part.method} /v1.0${part.path.replace(/\?.*/, "")} (in a batch)`;
  return new HttpError({
    service: "Microsoft Graph",
    request,
    status: answer.status,
    ...describeGraphError(answer.status, answer.body, request),
    requestId: "",
    attempts: 1,
  });
}
