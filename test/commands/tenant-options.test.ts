import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { openTarget } from "../../src/commands/tenant-options.ts";
import { fakePulumi } from "../inspect/fake-pulumi.ts";
import { specFolder } from "../spec/spec-files.ts";

const specs = specFolder();
const VARIABLE = "ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN";

it.each([
  ["the environment's", "new-token", "new-token"],
  ["the stack's, where the environment's is empty", "", "token-of-the-stack"],
  ["the stack's, where the environment has none", undefined, "token-of-the-stack"],
])("a token is %s", async (_, inEnvironment, expected) => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-stack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const config = {
    "rollcall:spec": { value: specs.path("base.yaml"), secret: false },
    "rollcall:datahubScimToken": { value: "token-of-the-stack", secret: true },
  };
  vi.stubEnv("PATH", fakePulumi(folder, config, {}).PATH);
  vi.stubEnv(VARIABLE, inEnvironment);
  const target = await openTarget(undefined, { stack: "prod" });
  expect(target?.env[VARIABLE]).toBe(expected);
});
