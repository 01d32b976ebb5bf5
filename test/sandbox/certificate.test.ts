import { X509Certificate } from "node:crypto";
import { createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { throwAwayCertificate } from "../../src/sandbox/certificate.ts";

it("makes a listener that those who know the authority trust, by each of its names, and nobody else", async () => {
  const { authority, certificate, key } = await throwAwayCertificate(["localhost", "127.0.0.1"]);
  const server = createServer({ cert: certificate, key }, (_request, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const fetchFrom = (host: string, ca?: string) =>
    new Promise<number | string>((resolve) => {
      get({ host, port, ca, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).on("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
    });
  expect(await fetchFrom("localhost", authority)).toBe(200);
  expect(await fetchFrom("127.0.0.1", authority)).toBe(200);
  expect(await fetchFrom("localhost")).not.toBe(200);
  expect(await fetchFrom("localhost", (await throwAwayCertificate(["localhost"])).authority)).not.toBe(200);
  server.close();

  const signer = new X509Certificate(authority);
  expect(signer.ca).toBe(true);
  expect(new X509Certificate(certificate).ca).toBe(false);
});
