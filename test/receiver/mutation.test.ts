import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Each breaks one promise; the tests named must then go red. */
const MUTANTS = [
  {
    what: "a remove that empties the group",
    file: "src/receiver/protocol/members.ts",
    from: "changed = tenant.data.members.remove(group, id) || changed",
    to: "changed = tenant.data.members.removeAll(group) > 0 || changed",
    test: "entra",
  },
  {
    what: "names compared with letters' case",
    file: "src/receiver/document/predicate.ts",
    from: "return text.toLowerCase();",
    to: "return text;",
    test: "okta",
  },
  {
    what: "404 where 405 belongs",
    file: "src/receiver/protocol/route.ts",
    from: "new ScimError(405,",
    to: "new ScimError(404,",
    test: "protocol",
  },
  {
    what: "no Location",
    file: "src/receiver/protocol/resources.ts",
    from: "status === 201 ? { location }",
    to: "status === 201 ? {}",
    test: "protocol",
  },
  {
    what: "a malformed filter that returns everyone",
    file: "src/receiver/protocol/list.ts",
    from: "if (error instanceof ScimSyntaxError) throw badFilter(",
    to: "if (error) return { kind: 'present', path: { attribute: 'id' } }; throw badFilter(",
    test: "filter-plan",
  },
  {
    what: "a journal that keeps passwords",
    file: "src/receiver/journal/redact.ts",
    from: "result[key] = hide ? REDACTED : redact(item);",
    to: "result[key] = hide && false ? REDACTED : redact(item);",
    test: "admin",
  },
];

describe("broken on purpose, one promise at a time, the receiver fails its tests", () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "rollcall-mutant-"));
    for (const part of ["src/receiver", "src/scim", "src/desired", "test/receiver"]) {
      mkdirSync(dirname(join(copy, part)), { recursive: true });
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    writeFileSync(join(copy, "package.json"), '{"type":"module"}');
    writeFileSync(
      join(copy, "vitest.config.ts"),
      "export default { test: { testTimeout: 60000, hookTimeout: 60000 } };",
    );
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const runTests = (name: string) =>
    spawnSync(
      process.execPath,
      [join(root, "node_modules/vitest/vitest.mjs"), "run", `receiver/${name}.test.ts`],
      {
        cwd: copy,
        encoding: "utf8",
        env: { ...process.env, VITEST: undefined, NO_COLOR: "1" },
      },
    );

  it.each(MUTANTS)(
    "$what",
    ({ file, from, to, test }) => {
      const path = join(copy, file);
      const text = readFileSync(path, "utf8");
      expect(text.split(from)).toHaveLength(2);
      writeFileSync(
        path,
        text.replace(from, () => to),
      );
      const { status, stdout, stderr } = runTests(test);
      writeFileSync(path, text);
      expect(status, stdout + stderr).toBe(1);
      expect(stdout).toMatch(/Tests\s+\d+ failed/);
    },
    180_000,
  );

  it("while the unbroken copy passes", () => {
    const { status, stdout, stderr } = runTests("okta");
    expect(status, stdout + stderr).toBe(0);
  }, 180_000);
});
