import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { interview } from "../../src/init/interview.ts";

function started() {
  const input = new PassThrough();
  const output = new PassThrough();
  return { input, output, person: interview(input, output) };
}

it("keeps lines that were pasted ahead of their question", async () => {
  const { input, output, person } = started();
  input.write("staging\ndatahub\nentra\n");
  expect(await person.ask("Environment: ")).toBe("staging");
  await new Promise((resolve) => setImmediate(resolve));
  expect(await person.ask("Product: ")).toBe("datahub");
  expect(await person.ask("Identity provider: ")).toBe("entra");
  expect(String(output.read())).toBe("Environment: Product: Identity provider: ");
  person.close();
});

it("says that nothing was written when it is broken off", async () => {
  const { input, person } = started();
  input.end("staging\n");
  expect(await person.ask("Environment: ")).toBe("staging");
  await expect(person.ask("Product: ")).rejects.toThrow("broken off, and nothing was written");
});
