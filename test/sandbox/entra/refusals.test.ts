import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { APPLICATIONS } from "./refusals/applications.ts";
import { CALLS } from "./refusals/calls.ts";
import { DIRECTORY } from "./refusals/directory.ts";
import { type Refusal, setUp, tearDown } from "./refusals/fixture.ts";
import { SIGN_IN } from "./refusals/sign-in.ts";
import { SYNCHRONIZATION } from "./refusals/synchronization.ts";

const REFUSALS: Record<string, Refusal> = {
  ...SIGN_IN,
  ...CALLS,
  ...DIRECTORY,
  ...APPLICATIONS,
  ...SYNCHRONIZATION,
};

const DOCUMENT = new URL("../../../docs/sandbox-refusals.md", import.meta.url);
const documented = [
  ...readFileSync(DOCUMENT, "utf8").matchAll(/^\| (?!refused|---)(.+?) \| (\d{3}) (.+?) \|/gm),
].map(([, name = "", status = "", codes = ""]) => ({ name, status: Number(status), codes }));

describe("refusals", () => {
  beforeAll(setUp);
  afterAll(tearDown);

  it("are tested one by one, each as the document lists it", () => {
    expect(documented.map(({ name }) => name).sort()).toEqual(Object.keys(REFUSALS).sort());
  });

  it.each(documented)("$name: $status $codes", async ({ name, status, codes }) => {
    const { body, ...answer } = await (REFUSALS[name] as Refusal)();
    expect(answer.status, JSON.stringify(body)).toBe(status);
    if (typeof body.error === "string") {
      expect(`${body.error} ${body.error_description.split(":")[0]}`).toBe(codes);
    } else {
      expect(body.error.code).toBe(codes);
      expect(typeof body.error.message).toBe("string");
    }
  });
});
