import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createServer } from "../../src/receiver/http/server.ts";

const server = createServer(0.5);
beforeAll(async () => {
  server.post("/", async () => "never");
  await server.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => server.close());

async function answerTo(text: string): Promise<string> {
  const { port } = server.addresses()[0] as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  socket.write(text);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}

it.each([
  ["stops in its body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", 408],
  ["stops in its head", "POST / HTTP/1.1\r\nHo", 408],
  ["speaks something else", "HELLO\r\n\r\n", 400],
  ["has no end of headers", `POST / HTTP/1.1\r\nX: ${"x".repeat(100_000)}`, 431],
])("a client that %s is told so in SCIM's terms", { timeout: 5000 }, async (_, text, status) => {
  const answer = await answerTo(text);
  expect(answer.split("\r\n")[0]).toContain(` ${status} `);
  expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
  });
});
