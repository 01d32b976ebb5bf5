import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type HttpClient, type HttpRequest, httpClient } from "../../src/clients/http.ts";
import { HttpError, hasStatus } from "../../src/clients/http-error.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let server: Server;
let seen: string[];
let times: number[];

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A client of a server that gives these answers in turn, and the last for ever. */
async function clientOf(answers: Answer[], signal?: AbortSignal): Promise<HttpClient> {
  seen = [];
  times = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    times.push(Date.now());
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    answer?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return httpClient({
    service: "The service",
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorization: async () => `Bearer token ${seen.length + 1}`,
    describe: (status, body) => ({
      code: (body as { code?: string } | undefined)?.code ?? "",
      detail: (body as { text?: string } | undefined)?.text ?? "",
      ...(status === 403 ? { help: "Ask for permission." } : {}),
    }),
    retryPause: 1,
    ...(signal ? { signal } : {}),
  });
}

const answer =
  (status: number, body?: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", "request-id": "r-1", ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
const drop: Answer = (response) => void response.socket?.destroy();
const cut: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"a":');
  setTimeout(() => response.socket?.destroy(), 20);
};

const get: HttpRequest = { method: "GET", path: "/x?y=1" };
const post: HttpRequest = { method: "POST", path: "/x", body: { a: 1 } };

describe("the retry policy", () => {
  it.each([
    ["429", answer(429)],
    ["500", answer(500)],
    ["503", answer(503)],
    ["a dropped connection", drop],
    ["an answer cut short", cut],
  ])("sends a read again after %s", async (_what, failure) => {
    const client = await clientOf([failure, failure, answer(200, { ok: true })]);
    expect((await client.request(get)).body).toEqual({ ok: true });
    expect(seen).toHaveLength(3);
  });

  it.each([
    ["500", answer(500)],
    ["503 without Retry-After", answer(503)],
    ["a dropped connection", drop],
  ])("does not send a POST again after %s, unless it bears it", async (_what, failure) => {
    const client = await clientOf([failure, answer(200, {})]);
    await expect(client.request(post)).rejects.toThrow(HttpError);
    expect(seen).toHaveLength(1);
    const patient = await clientOf([failure, answer(200, {})]);
    await patient.request({ ...post, repeatable: true });
    expect(seen).toHaveLength(2);
  });

  it.each([
    ["429", answer(429, {}, { "retry-after": "1" })],
    ["503 with Retry-After", answer(503, {}, { "retry-after": "1" })],
  ])("sends a POST again after %s, when it is time", async (_what, refusal) => {
    const client = await clientOf([refusal, answer(201, {})]);
    expect((await client.request(post)).status).toBe(201);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it("waits for the moment that Okta names", async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 1);
    const client = await clientOf([answer(429, {}, { "x-rate-limit-reset": reset }), answer(200, {})]);
    await client.request(get);
    expect(times[1] ?? 0).toBeGreaterThanOrEqual(Number(reset) * 1000 - 50);
  });

  it("takes 404 for an answer, but for something just created", async () => {
    const absent = await clientOf([answer(404), answer(200, {})]);
    await expect(absent.request(get)).rejects.toSatisfy((error) => hasStatus(error, 404));
    expect(seen).toHaveLength(1);
    const fresh = await clientOf([answer(404), answer(404), answer(200, {})]);
    await fresh.request({ ...post, awaitCreation: 2 });
    expect(seen).toHaveLength(3);
    const gone = await clientOf([answer(404)]);
    await expect(gone.request({ ...get, awaitCreation: 2 })).rejects.toThrow("404");
    expect(seen).toHaveLength(3);
  });

  it("gives up, and says how often it tried", async () => {
    const client = await clientOf([answer(500, { code: "Boom", text: "It broke." })]);
    await expect(client.request(get)).rejects.toThrow(
      "The service refused GET /x: 500 Boom: It broke. (tried 7 times, request id r-1)",
    );
  });

  it("asks for the token before each attempt", async () => {
    const tokens: (string | undefined)[] = [];
    const keep: (next: Answer) => Answer = (next) => (response, request) => {
      tokens.push(request.headers.authorization);
      next(response, request);
    };
    const client = await clientOf([keep(answer(500)), keep(answer(200, {}))]);
    await client.request(get);
    expect(tokens).toEqual(["Bearer token 1", "Bearer token 2"]);
  });
});

describe("errors", () => {
  it("say what was refused, and what to do", async () => {
    const client = await clientOf([answer(403, { code: "Denied", text: "No." })]);
    const error = await client.request(get).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 403, code: "Denied", requestId: "r-1", request: "GET /x" });
    expect((error as Error).message).toBe(
      "The service refused GET /x: 403 Denied: No. (request id r-1). Ask for permission.",
    );
  });

  it("say that nobody answered, and how that showed", async () => {
    const client = await clientOf([drop]);
    await expect(client.request(post)).rejects.toThrow(
      /^The service did not answer POST \/x: .+\. Is 127\.0\.0\.1:\d+ the right address, and can this machine reach it\?$/,
    );
  });
});

describe("a client that is told to stop", () => {
  it("sends nothing new, and no attempt after the one in flight", async () => {
    const stop = new AbortController();
    const client = await clientOf(
      [
        (response) => {
          stop.abort(new Error("stopped"));
          answer(429)(response, undefined as never);
        },
        answer(200, {}),
      ],
      stop.signal,
    );
    await expect(client.request(post)).rejects.toThrow("stopped");
    await expect(client.request(get)).rejects.toThrow("stopped");
    expect(seen).toHaveLength(1);
  });
});
