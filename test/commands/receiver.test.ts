import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import { client } from "../receiver/harness.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rollcall-command-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const cli = join(import.meta.dirname, "../../bin/rollcall.js");

/** Runs the command until `lines` are printed or it ends. */
function run(args: string[], environment: Record<string, string>, lines: number) {
  const child = spawn(process.execPath, [cli, "receiver", ...args], {
    env: { PATH: process.env.PATH, ...environment },
  });
  let output = "";
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const ready = new Promise<string[]>((resolve) => {
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.split("\n").length > lines) resolve(output.trim().split("\n"));
    });
    child.once("exit", () => resolve(output.trim().split("\n")));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    return { code: await ended, errors };
  };
  return { ready, ended, stop, errors: () => errors };
}

describe("rollcall receiver", () => {
  it("serves one tenant at /scim/v2, keeps its data, and ends with 0 when told to", async () => {
    const file = join(directory, "token");
    writeFileSync(file, "first\nsecond\n");
    const args = ["--token-file", file, "--data", join(directory, "data"), "--dialect", "strict"];
    const first = run(args, {}, 2);
    const [line = ""] = await first.ready;
    const baseUrl = line.split(/\s+/)[1] ?? "";
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/scim\/v2$/);
    const body = { schemas: [SCHEMA.user], userName: "Ada@acme.com" };
    expect((await client(baseUrl, "second").post("/Users", body)).status).toBe(201);
    const { code, errors } = await first.stop();
    expect(code).toBe(0);
    expect(errors).toMatch(/POST \/Users 201/);
    expect(errors).not.toMatch(/acme|second/i);
    const again = run([...args, "--quiet"], {}, 2);
    const [next = ""] = await again.ready;
    expect((await client(next.split(/\s+/)[1] ?? "", "first").get("/Users")).body.totalResults).toBe(1);
    expect(await again.stop()).toEqual({ code: 0, errors: "" });
  });

  it("serves several tenants from a file, with settings and schemas of their own", async () => {
    const config = join(directory, "receiver.yaml");
    writeFileSync(
      config,
      `tenants:
  - { name: datahub, path: /gms/openapi/scim/v2, dialect: datahub, tokens: [{ env: DATAHUB_TOKEN }] }
  - name: custom
    path: /custom/v2
    tokens: [{ env: CUSTOM_TOKEN }]
    schemas:
      - id: urn:acme:params:scim:schemas:extension:badge:2.0:User
        name: Badge
        attributes: [{ name: badgeNumber, type: integer }, { name: site, type: complex, subAttributes: [{ name: city }] }]
      - { id: "urn:ietf:params:scim:schemas:core:2.0:User", name: User, attributes: [{ name: role }] }
`,
    );
    const { ready, stop } = run(
      ["--config", config, "--memory"],
      { DATAHUB_TOKEN: "d", CUSTOM_TOKEN: "c" },
      3,
    );
    const [first = "", second = ""] = await ready;
    expect(first).toMatch(/^datahub\s+http.*\/gms\/openapi\/scim\/v2$/);
    const custom = client(second.split(/\s+/)[1] ?? "", "c");
    const badge = "urn:acme:params:scim:schemas:extension:badge:2.0:User";
    const { body } = await custom.post("/Users", {
      schemas: [SCHEMA.user, badge],
      userName: "x",
      role: "Reader",
      [badge]: { badgeNumber: "7", site: { city: "Bern" } },
    });
    expect(body).toMatchObject({
      role: "Reader",
      [badge]: { badgeNumber: 7, site: { city: "Bern" } },
      schemas: [SCHEMA.user, badge],
    });
    const patched = await custom.patch(`/Users/${body.id}`, [
      { op: "Replace", path: `${SCHEMA.user}:role`, value: "Editor" },
      { op: "Replace", path: `${badge}:site.city`, value: "Basel" },
    ]);
    expect(patched.body).toMatchObject({ role: "Editor", [badge]: { site: { city: "Basel" } } });
    expect(
      (await custom.find("Users", `${badge}:badgeNumber gt 6 and role eq "editor"`)).body.totalResults,
    ).toBe(1);
    expect((await custom.get(`/Schemas/${badge}`)).body.name).toBe("Badge");
    await stop();
  });

  it("warns of a token that can be guessed where other machines may try", async () => {
    const listen = async (host: string, token: string) => {
      const { ready, stop } = run(
        ["--memory", "--quiet", "--host", host],
        { ROLLCALL_RECEIVER_TOKEN: token },
        2,
      );
      await ready;
      return (await stop()).errors;
    };
    expect(await listen("0.0.0.0", "short")).toMatch(
      /token of the tenant default has fewer than 20 .*openssl/,
    );
    expect(await listen("0.0.0.0", "long-enough-to-be-safe")).toBe("");
    expect(await listen("127.0.0.1", "short")).toBe("");
  });

  it.each([
    [["--memory"], {}, /needs a bearer token/],
    [[], { ROLLCALL_RECEIVER_TOKEN: "t" }, /Say where the data goes/],
    [["--memory", "--data", "x"], { ROLLCALL_RECEIVER_TOKEN: "t" }, /contradict/],
    [["--memory", "--port", "70000"], { ROLLCALL_RECEIVER_TOKEN: "t" }, /0 to 65535/],
    [["--memory", "--dialect", "loose"], { ROLLCALL_RECEIVER_TOKEN: "t" }, /Allowed choices/],
  ])("refuses %j in one sentence", async (args, environment, message) => {
    const { ended, errors } = run(args, environment as Record<string, string>, 99);
    expect(await ended).toBe(1);
    expect(errors()).toMatch(message);
    expect(errors()).not.toContain("    at ");
  });
});
