import { expect, it } from "vitest";
import { specFolder } from "./spec-files.ts";

const folder = specFolder();

const codes = (endpoint: string, secret: string) =>
  folder
    .overlay(`applications:
  twin:
    product: custom
    endpoint: ${endpoint}
    token: { secret: ${secret} }
    okta: { label: Twin, assignments: [{ group: staff }] }
`)
    .diagnostics.map(({ code }) => code);

it.each([
  "https://catalog.acme.com/scim/v2",
  "https://catalog.acme.com./scim/v2",
  "https://CATALOG.acme.com.:443/scim/v2/",
])("%s is the endpoint of base.yaml's catalog", (endpoint) => {
  expect(codes(endpoint, "twinToken")).toEqual(["shared-endpoint", "shared-endpoint"]);
});

it.each([
  ["https://catalog.acme.com./other", []],
  ["https://catalogue.acme.com/other", ["token-shared"]],
])("a token of catalog's that is also for %s: %j", (endpoint, expected) => {
  expect(codes(endpoint, "catalogToken")).toEqual(expected);
});
