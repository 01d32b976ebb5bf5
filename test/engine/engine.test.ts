import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImportFile } from "../../src/sandbox/engine/index.ts";
import { errors, lines, Stack } from "./stack.ts";

const SECRET = "a-token-that-must-not-leak";
const AB = {
  things: [
    { name: "a", value: 1, secret: SECRET },
    { name: "b", value: { from: "a", output: "made" } },
  ],
};

describe("the offline engine", { timeout: 90_000 }, () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack();
  });
  afterEach(() => stack.dispose());

  it("previews a first up without writing anything, and says what is known only later", async () => {
    const result = await stack.run("preview", AB);

    expect(result.exitCode).toBe(0);
    expect(lines(result)).toEqual(["create fixture-dev", "create box", "create a", "create b"]);
    const b = result.steps.find(({ name }) => name === "b");
    expect(b?.diff).toEqual([{ path: "value", kind: "add", new: "known after up", replace: false }]);
    expect(stack.world()).toEqual({});
    expect(() => stack.state()).toThrow("ENOENT");
  });

  it("makes what the program wants, in order, and nothing the second time", async () => {
    const first = await stack.run("up", AB);

    expect(first.exitCode).toBe(0);
    expect(stack.writes()).toEqual(["create a", "create b"]);
    expect(first.outputs).toEqual({ a: "made 1", b: 'made "made 1"' });
    expect(stack.world().b).toEqual({ value: "made 1" });

    const second = await stack.run("up", AB, { expectNoChanges: true });
    expect(second.exitCode).toBe(0);
    expect(second.counts).toMatchObject({ same: 4, create: 0, update: 0 });
    expect(stack.writes()).toEqual([]);
  });

  it("keeps the state in the shape of Pulumi's deployments, what depends after what it depends on", async () => {
    await stack.run("up", AB);

    const { version, deployment } = JSON.parse(stack.state());
    expect(version).toBe(3);
    expect(deployment.secrets_providers.type).toBe("passphrase");
    expect(deployment.pending_operations).toEqual([]);
    const [root, box, provider, a, b] = deployment.resources;
    expect(root).toMatchObject({ type: "pulumi:pulumi:Stack", custom: false });
    expect(box).toMatchObject({ urn: "urn:pulumi:dev::fixture::fixture:index:Box::box", parent: root.urn });
    expect(provider).toMatchObject({ type: "pulumi:providers:fake", custom: true });
    expect(a).toMatchObject({
      urn: "urn:pulumi:dev::fixture::fixture:index:Box$fake:index:Thing::a",
      id: "thing-1",
      parent: box.urn,
      provider: `${provider.urn}::${provider.id}`,
    });
    expect(b).toMatchObject({ dependencies: [a.urn], propertyDependencies: { value: [a.urn] } });
  });

  it("updates what changed and passes new outputs on", async () => {
    await stack.run("up", AB);
    stack.writes();
    const result = await stack.run("up", {
      things: [{ name: "a", value: 2, secret: SECRET }, ...AB.things.slice(1)],
    });

    expect(lines(result)).toEqual(["update a", "update b"]);
    expect(stack.writes()).toEqual(["update a", "update b"]);
    expect(result.steps.find(({ name }) => name === "a")?.diff).toEqual([
      { path: "value", kind: "update", old: "1", new: "2", replace: false },
    ]);
  });

  it("makes a replacement before it deletes the old object, and the other way round when both cannot be", async () => {
    await stack.run("up", { things: [{ name: "a", kind: "old" }] });
    stack.writes();
    expect(lines(await stack.run("up", { things: [{ name: "a", kind: "new" }] }))).toEqual([
      "replace a",
      "delete a",
    ]);
    expect(stack.writes()).toEqual(["create a", "delete a"]);

    await stack.run("up", { things: [{ name: "a", kind: "newer", single: true }] });
    expect(stack.writes()).toEqual(["delete a", "create a"]);
    expect(stack.resources().filter(({ urn }) => urn.endsWith("::a"))).toHaveLength(1);
  });

  it("deletes what the program dropped, dependents first, and all of it on destroy", async () => {
    await stack.run("up", AB);
    stack.writes();
    const dropped = await stack.run("up", { things: [] });
    expect(lines(dropped)).toEqual(["delete b", "delete a"]);
    expect(stack.writes()).toEqual(["delete b", "delete a"]);

    await stack.run("up", AB);
    stack.writes();
    const destroyed = await stack.run("destroy");
    expect(destroyed.exitCode).toBe(0);
    expect(stack.writes()).toEqual(["delete b", "delete a"]);
    expect(stack.resources()).toEqual([]);
  });

  it("stops at a failure, says why, and deletes nothing of what the program did not get to", async () => {
    await stack.run("up", AB);
    stack.writes();
    const result = await stack.run("up", {
      things: [{ name: "new", fail: "no luck" }],
    });

    expect(result.exitCode).toBe(1);
    expect(errors(result)).toEqual(["no luck"]);
    expect(stack.writes()).toEqual([]);
    expect(Object.keys(stack.world())).toEqual(["a", "b"]);
    expect((await stack.run("up", AB)).exitCode).toBe(0);
  });

  it("ends with a step that fails, however long the program would go on", async () => {
    const result = await stack.run("up", { linger: true, things: [{ name: "a", fail: "no luck" }] });
    expect(result.exitCode).toBe(1);
    expect(errors(result)).toEqual(["no luck"]);
  });

  it("deletes what goes along with another by deleting that one alone", async () => {
    const things = [{ name: "a" }, { name: "b", deletedWith: "a" }];
    await stack.run("up", { things });
    stack.writes();
    expect(lines(await stack.run("destroy"))).toContain("delete b");
    expect(stack.writes()).toEqual(["delete a"]);

    await stack.run("up", { things });
    stack.writes();
    await stack.run("up", { things: [{ name: "a" }] });
    expect(stack.writes()).toEqual(["delete b"]);
  });

  it("reports a program that ends itself, in its own words, and what a check of the provider refuses", async () => {
    const refused = await stack.run("up", { refuse: "The spec is wrong." });
    expect(refused.exitCode).toBe(1);
    expect(errors(refused)).toEqual(["The spec is wrong."]);

    const invalid = await stack.run("up", { things: [{ name: "a", invalid: "x" }] });
    expect(errors(invalid)).toEqual(["invalid: is never right"]);
    expect(stack.world()).toEqual({});
  });

  it("answers invokes before anything is made and passes the program's own lines on", async () => {
    const result = await stack.run("preview", { ask: "who", print: "a line of its own" });
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      "a line of its own",
      "The answer is who!.",
    ]);
  });

  it("asks a hook before a create, in a preview too, and never for what exists", async () => {
    const plan = { things: [{ name: "a", value: 1, objection: "One is there already." }] };
    expect(errors(await stack.run("preview", plan))).toEqual(["One is there already."]);
    const up = await stack.run("up", plan);
    expect(up.exitCode).toBe(1);
    expect(errors(up)).toEqual(["One is there already."]);
    expect(stack.world()).toEqual({});

    await stack.run("up", { things: [{ name: "a", value: 1 }] });
    expect((await stack.run("up", plan)).exitCode).toBe(0);
  });

  it("lets an error hook say more about a failed create", async () => {
    const result = await stack.run("up", {
      things: [{ name: "a", fail: "It exists.", onFailure: "Import it:" }],
    });
    expect(errors(result)).toEqual(["Import it: It exists.", "It exists."]);
  });

  it("refuses to delete or to replace what is protected", async () => {
    await stack.run("up", { things: [{ name: "a", kind: "old", protect: true }] });
    stack.writes();

    const destroyed = await stack.run("destroy");
    expect(destroyed.exitCode).toBe(1);
    expect(errors(destroyed)[0]).toMatch(/::a is protected, so it is not deleted/);
    const replaced = await stack.run("up", { things: [{ name: "a", kind: "new", protect: true }] });
    expect(errors(replaced)[0]).toMatch(/protected, and kind cannot change without making it anew/);
    expect(stack.writes()).toEqual([]);

    await stack.run("up", { things: [{ name: "a", kind: "old" }] });
    expect((await stack.run("destroy")).exitCode).toBe(0);
  });

  it("refuses resource options that it does not act on", async () => {
    const result = await stack.run("up", { things: [{ name: "a", options: { retainOnDelete: true } }] });
    expect(errors(result)).toEqual([
      'fake:index:Thing "a" uses retainOnDelete, which the offline engine does not do. Use `pulumi` for it.',
    ]);
  });

  it("leaves alone the inputs that the program tells it to ignore", async () => {
    await stack.run("up", { things: [{ name: "a", value: 1 }] });
    stack.writes();
    const changed = { things: [{ name: "a", value: 2, options: { ignoreChanges: ["value"] } }] };
    expect((await stack.run("up", changed, { expectNoChanges: true })).exitCode).toBe(0);
    expect(stack.writes()).toEqual([]);
  });

  it("takes an existing object into the state, below a component that is there or is not", async () => {
    await stack.run("up", { things: [{ name: "a", value: 1 }] });
    const parent = stack.resources().find(({ urn }) => urn.endsWith("::box"))?.urn ?? "";
    const box = { type: parent.split("::")[2] ?? "", name: "box", component: true };
    const again = { type: "fake:index:Thing", name: "again", id: "thing-1", parent: "box" };

    const imported = await stack.run("import", {}, { imports: { resources: [box, again], protect: true } });
    expect(imported.exitCode).toBe(0);
    expect(lines(imported)).toEqual(["import again"]);
    expect(stack.resources().filter(({ urn }) => urn === parent)).toHaveLength(1);
    expect(stack.resources().at(-1)).toMatchObject({ id: "thing-1", inputs: { value: 1 }, parent });
    expect(stack.resources().at(-1)).toMatchObject({ protect: true });

    const other = {
      resources: [
        { ...box, name: "other" },
        { ...again, name: "new", parent: "other" },
      ],
    };
    expect((await stack.run("import", {}, { imports: other })).exitCode).toBe(0);
    expect(stack.resources().at(-1)).toMatchObject({ parent: parent.replace(/box$/, "other") });

    const refusal = async (...resources: ImportFile["resources"]) =>
      errors(await stack.run("import", {}, { imports: { resources } }));
    expect(await refusal(box, again)).toEqual(["It is in the state already."]);
    expect(await refusal(again)).toEqual(["Its parent, box, does not stand above it in the file."]);
    expect(await refusal(box, { ...again, name: "nobody", id: "thing-9" })).toEqual([
      "There is nothing with the id thing-9.",
    ]);
  });
});
