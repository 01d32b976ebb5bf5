import { expect } from "vitest";
import type { Answer } from "./org.ts";

/** An error as Okta writes them, with `words` somewhere in it. */
export function expectError(answer: Answer, status: number, code: string, words = ""): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(answer.body).toEqual({
    errorCode: code,
    errorSummary: expect.any(String),
    errorLink: code,
    errorId: expect.stringMatching(/^oae/),
    errorCauses: expect.any(Array),
  });
  expect(JSON.stringify(answer.body)).toContain(words);
}
