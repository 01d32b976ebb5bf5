import { expect, it } from "vitest";
import { HttpError } from "../../src/clients/http-error.ts";
import { lastingText } from "../../src/inspect/lasting-text.ts";

const failed = (attempts: number, requestId: string) =>
  new HttpError({
    service: "Microsoft Graph",
    request: "GET /v1.0/users",
    status: 503,
    code: "",
    detail: "",
    attempts,
    requestId,
    help: "Try again later.",
  }).message;

it.each([
  [
    "AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-03-08T15:36:11.6482290Z, assertion valid from 2026-03-08T14:00:00.0000000Z.",
    "AADSTS700024: Client assertion is not within its valid time range. Current time: (a time), assertion valid from (a time).",
  ],
  [
    "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1f-2\r\nCorrelation ID: 3a\r\nTimestamp: 2026-03-08 15:36:11Z",
    "AADSTS7000215: Invalid client secret provided.",
  ],
  [failed(3, "0f1e"), "Microsoft Graph refused GET /v1.0/users: 503. Try again later."],
  [failed(1, "0f1e"), "Microsoft Graph refused GET /v1.0/users: 503. Try again later."],
  [failed(3, ""), "Microsoft Graph refused GET /v1.0/users: 503. Try again later."],
  ["The group (deleted) is gone.", "The group (deleted) is gone."],
])("%s", (failure, lasting) => {
  expect(lastingText(failure)).toBe(lasting);
});
