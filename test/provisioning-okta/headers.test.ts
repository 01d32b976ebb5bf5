import { expect, test } from "vitest";
import { scimHeaders } from "../../src/provisioning/okta/index.ts";

test("the headers are those of Okta's SCIM client", () => {
  expect(scimHeaders({ mode: "bearer", token: "t" }, true)).toEqual({
    accept: "application/scim+json",
    "accept-charset": "utf-8",
    "accept-encoding": "gzip,deflate",
    "content-type": "application/scim+json; charset=utf-8",
    "user-agent": "Okta SCIM Client 1.0.0",
    authorization: "Bearer t",
    connection: "close",
  });
});

test("without a body there is no content type", () => {
  expect(scimHeaders({ mode: "bearer", token: "t" }, false)).not.toHaveProperty("content-type");
});

test("header mode sends the value as typed, basic mode encodes it", () => {
  expect(scimHeaders({ mode: "header", value: "raw" }, false).authorization).toBe("raw");
  expect(scimHeaders({ mode: "basic", username: "u", password: "p:q" }, false).authorization).toBe(
    "Basic dTpwOnE=",
  );
});
