import { expect, it } from "vitest";
import { isLoopback, outboundRoutes } from "../../src/sandbox/outbound.ts";

it("resolves by the longest matching prefix, at the end of a segment only", () => {
  const resolve = outboundRoutes({
    "https://datahub.example": "http://127.0.0.1:1/datahub/",
    "https://datahub.example/other/": "http://127.0.0.1:2",
  });
  expect(resolve("https://datahub.example/scim/Users?x=1")).toBe("http://127.0.0.1:1/datahub/scim/Users?x=1");
  expect(resolve("https://datahub.example")).toBe("http://127.0.0.1:1/datahub");
  expect(resolve("https://datahub.example/other/Users")).toBe("http://127.0.0.1:2/Users");
  expect(resolve("https://datahub.example/others")).toBe("http://127.0.0.1:1/datahub/others");
  expect(resolve("https://datahub.example.org/x")).toBe("https://datahub.example.org/x");
});

it.each([
  ["http://127.0.0.1:80/x", true],
  ["http://127.1.2.3", true],
  ["https://localhost", true],
  ["http://[::1]:9", true],
  ["http://10.0.0.1", false],
  ["https://127.0.0.1.example.org", false],
  ["http://localhost.example.org", false],
  ["file:///etc/passwd", false],
  ["not a url", false],
])("knows whether %s is this machine", (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});
