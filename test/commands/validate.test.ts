import { describe, expect, it } from "vitest";
import { EXIT } from "../../src/commands/exit-codes.ts";
import { validate } from "../../src/commands/validate.ts";
import { specFolder, TODAY } from "../spec/spec-files.ts";

const folder = specFolder();
const options = { format: "text" as const, colour: false, today: TODAY };
const directory = "config/directory.sandbox.yaml";

describe("rollcall validate", () => {
  it("says of a good spec that it is fine", () => {
    const file = folder.path("base.yaml");
    expect(validate([file], options)).toEqual({
      output: `${file}: fine, 4 applications\n`,
      exitCode: EXIT.ok,
    });
  });

  it("ends with 2 when there is an error, whatever else is fine", () => {
    const bad = folder.write(
      "bad.yaml",
      "extends: base.yaml\napplications: { datahub: { endpoint: acme } }\n",
    );
    const { output, exitCode } = validate([folder.path("base.yaml"), bad], options);
    expect(exitCode).toBe(2);
    expect(output).toContain(`${bad}:2:38 error[endpoint-form] "acme" is not an http or https URL\n`);
    expect(output).toContain("\n1 error\n");
    expect(output).toContain("base.yaml: fine, 4 applications\n");
    expect(output).not.toContain("bad.yaml: fine");
  });

  it("ends with 0 when there are warnings only", () => {
    const file = folder.write(
      "warn.yaml",
      "extends: base.yaml\napplications: { datahub: { entra: { assignments: [] } } }\n",
    );
    const { output, exitCode } = validate([file], options);
    expect(exitCode).toBe(0);
    expect(output).toContain("warning[nobody-assigned]");
    expect(output).toContain("1 warning\n");
  });

  it("ends with 2 for a file that is not there", () => {
    const { output, exitCode } = validate([folder.path("nowhere.yaml")], options);
    expect(exitCode).toBe(2);
    expect(output).toContain("error[file-missing]");
  });

  it("gives scripts JSON and GitHub annotations, and nothing else", () => {
    const bad = folder.write(
      "bad.yaml",
      "extends: base.yaml\napplications: { datahub: { endpoint: acme } }\n",
    );
    const json = JSON.parse(validate([bad], { ...options, format: "json" }).output);
    expect(json.diagnostics).toMatchObject([
      { code: "endpoint-form", file: bad, line: 2, column: 38, length: 4 },
    ]);
    const github = validate([bad], { ...options, format: "github" }).output;
    expect(github.split("\n").filter(Boolean)).toEqual([
      expect.stringMatching(/^::error file=.*,line=2,col=38,endColumn=42,title=endpoint-form::/),
    ]);
    expect(JSON.parse(validate([folder.path("base.yaml")], { ...options, format: "json" }).output)).toEqual({
      diagnostics: [],
    });
  });

  it("looks people up where a directory is given", () => {
    expect(validate(["config/sandbox.yaml"], { ...options, directory })).toMatchObject({ exitCode: 0 });
    const bad = folder.write(
      "people.yaml",
      "extends: base.yaml\napplications: { datahub: { entra: { assignments: [{ group: goverance-team, role: Reader }] } } }\n",
    );
    const { output, exitCode } = validate([bad], { ...options, directory });
    expect(exitCode).toBe(2);
    expect(output).toContain("error[missing-principal] group goverance-team is not in the directory");
    expect(output).toContain('did you mean "governance-team"?');
  });

  it("says what is wrong with a directory file", () => {
    const people = folder.write(
      "people-of.yaml",
      "entra: { groups: [{ displayName: a, members: [john@acme.com] }] }\n",
    );
    const { output, exitCode } = validate([folder.path("base.yaml")], { ...options, directory: people });
    expect(exitCode).toBe(2);
    expect(output).toContain("error[unknown-name]");
  });
});
