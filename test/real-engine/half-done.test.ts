import { it } from "vitest";
import { expectHalfRemembered } from "../faults/half-done.ts";
import { withPulumi } from "./with-pulumi.ts";

withPulumi("a change that fails half way", () => {
  it("is remembered as far as it went", () => expectHalfRemembered("real"));
});
