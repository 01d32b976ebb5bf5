import { it } from "vitest";
import { expectHalfRemembered } from "./half-done.ts";

it("remembers what was done before a change failed half way", { timeout: 180_000 }, () =>
  expectHalfRemembered("offline"),
);
