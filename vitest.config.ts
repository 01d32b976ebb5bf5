import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/real-engine/**"],
    // Many tests start the program, the provider and a tenant, which takes seconds on a busy machine.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // They wait for those half of the time.
    maxWorkers: availableParallelism() + 1,
  },
});
