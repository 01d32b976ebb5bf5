import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { concernsCredentials } from "../../src/clients/credentials-error.ts";
import { connectGitHub, send } from "../../src/github/client.ts";

let server: Server | undefined;
afterEach(() => server?.close());

type Answer = { status: number; headers?: Record<string, string>; message: string };

/** A GitHub that answers one request after the other with these, and the last for good. @returns how often it was asked */
async function github(...answers: Answer[]) {
  let asked = 0;
  server = createServer((_, response) => {
    const { status, headers, message } = answers[Math.min(asked++, answers.length - 1)] as Answer;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ message }));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = connectGitHub({ GITHUB_API_URL: url, GITHUB_REPOSITORY: "acme/prod", GITHUB_TOKEN: "t" });
  return { comment: () => send(client, "POST", "/issues/7/comments", { body: "b" }), asked: () => asked };
}

const LIMITED = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

it("waits as long as GitHub's secondary rate limit asks, and writes once", async () => {
  const { comment, asked } = await github(
    { status: 403, headers: { "retry-after": "1" }, message: LIMITED },
    { status: 201, message: "made" },
  );
  expect(await comment()).toEqual({ message: "made" });
  expect(asked()).toBe(2);
});

it("takes a limit for no missing permission, and a missing permission for no limit", async () => {
  const limited = await github({ status: 403, message: LIMITED });
  const limit: unknown = await limited.comment().catch((error) => error);
  expect(String(limit)).toContain("run it again in a few minutes");
  expect(concernsCredentials(limit)).toBe(false);
  server?.close();
  const refused = await github({ status: 403, message: "Resource not accessible by integration" });
  const refusal: unknown = await refused.comment().catch((error) => error);
  expect(String(refusal)).toContain("issues: write");
  expect(concernsCredentials(refusal)).toBe(true);
  expect(refused.asked()).toBe(1);
});
