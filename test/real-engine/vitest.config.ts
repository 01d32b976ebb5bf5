import { defineConfig } from "vitest/config";

/** `npm run test:engine`: one file at a time, since each has an engine, two tenants and four plugins of its own. */
export default defineConfig({
  test: {
    include: ["test/real-engine/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
