import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { EFFECTS } from "../../src/review/change.ts";
import { compareDesired } from "../../src/review/compare-desired.ts";
import { renderDiff } from "../../src/review/render-diff.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { rollcall } from "../inspect/world.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-diff-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SANDBOX = readFileSync("config/sandbox.yaml", "utf8");
const { directories } = loadDirectory("config/directory.sandbox.yaml");
if (!directories) throw new Error("the sandbox's own directory is wrong");

let files = 0;
function file(text: string): string {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}

function desired(text: string): DesiredState {
  const { spec, diagnostics } = loadSpec(file(text));
  if (!spec) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return toDesiredState(spec);
}

/** What becomes of the sandbox's spec by replacing a text in it. */
function edited(from: string, to: string): string {
  expect(SANDBOX).toContain(from);
  return SANDBOX.replace(from, to);
}

const said = (from: string, to: string) =>
  compareDesired(desired(SANDBOX), desired(edited(from, to))).changes.map(
    ({ effect, sentence }) => `${effect}: ${sentence}`,
  );

const people = (before: string, after: string) =>
  (compareDesired(desired(before), desired(after), directories).people ?? []).map(({ sentence }) => sentence);

const EDITOR = "        - { group: data-platform, role: Editor }\n";

describe("what separates two specs", () => {
  it.each([
    [
      "a group without its role",
      EDITOR,
      "",
      ["removal: group data-platform loses Editor on DataHub (datahub)"],
    ],
    [
      "a new group",
      EDITOR,
      `${EDITOR}        - { group: data-stewards, role: Editor }\n`,
      ["gain: group data-stewards gains Editor on DataHub (datahub)"],
    ],
    [
      "another role",
      "governance-team, role: Reader",
      "governance-team, role: Editor",
      ["change: group governance-team changes from Reader to Editor on DataHub (datahub)"],
    ],
    [
      "a prefix",
      "        - { startsWith: OM_ }\n",
      "",
      [
        "removal: every group that starts with OM_ is no longer pushed to Collate (collate-okta); what is there stays as it is",
      ],
    ],
    [
      "an endpoint",
      "https://catalog.sandbox.example/scim/v2",
      "https://catalog.sandbox.example/scim/v3",
      [
        "warning: catalog moves from https://catalog.sandbox.example/scim/v2 to https://catalog.sandbox.example/scim/v3: the job is restarted in full, and people at the old endpoint stay as they are",
      ],
    ],
    [
      "a mapping",
      "{ constant: Employee, apply: onCreate }",
      "{ constant: Staff, apply: onCreate }",
      [
        'warning: catalog: userType is mapped from "Staff" instead of "Employee"',
        "warning: the mappings of catalog change, so Entra evaluates all users of the application again",
      ],
    ],
    [
      "a group mapping",
      "      - { scimGroup: dmm_owners, type: organizationOwner }\n",
      "",
      [
        "removal: members of dmm_owners are Organization Owners no longer, in Data Mesh Manager",
        "warning: the group mappings of Data Mesh Manager take effect once a person has put what `rollcall export` prints into its settings",
      ],
    ],
    [
      "a removed role",
      "        - { value: Steward, description: May change what others wrote., privileged: true }\n",
      "        - { value: Keeper }\n",
      "role Steward",
    ],
    ["a comment", "# What is not listed and found there is removed.", "# Nothing.", []],
  ])("%s", (what, from, to, sentences) => {
    if (typeof sentences === "string") {
      const after = edited(from, to).replaceAll("role: Steward", "role: Keeper");
      const { changes } = compareDesired(desired(SANDBOX), desired(after));
      expect(changes[0]).toMatchObject({
        effect: "removal",
        sentence: expect.stringContaining("the role Steward is removed"),
      });
      expect(changes.map(({ sentence }) => sentence)).toContain(
        "user ada@sandbox.example changes from Steward to Keeper on catalog",
      );
    } else {
      const from_ = what === "a comment" ? "  datahub:\n" : from;
      expect(said(from_, what === "a comment" ? `${from_}    # A comment.\n` : to)).toEqual(sentences);
    }
  });

  it("an application that is gone, and one that is new, with all their people", () => {
    const without = desired(SANDBOX);
    without.applications = without.applications.filter(({ name }) => name !== "datahub");
    const gone = compareDesired(desired(SANDBOX), without, directories);
    expect(gone.changes).toMatchObject([
      {
        effect: "removal",
        sentence: expect.stringMatching(
          /^DataHub \(datahub\) from Microsoft Entra ID is removed with its 3 assignments/,
        ),
      },
    ]);
    expect(gone.people?.map(({ sentence }) => sentence)).toContain(
      "john@sandbox.example loses access to DataHub (datahub): the application is removed",
    );
    const back = compareDesired(without, desired(SANDBOX), directories);
    expect(back.people?.every(({ effect }) => effect === "gain")).toBe(true);
    expect(back.people).toHaveLength(gone.people?.length ?? 0);
  });
});

it("says that a new key is another application, though it has the old one's name", () => {
  const { changes } = compareDesired(desired(SANDBOX), desired(edited("\n  datahub:\n", "\n  dh:\n")));
  expect(changes.filter(({ effect }) => effect === "warning")).toEqual([
    {
      application: "dh",
      effect: "warning",
      sentence:
        'datahub and dh are two applications to rollcall, and both are called "DataHub SCIM" in Microsoft Entra ID: `up` stops at the one that is there. Keep the key datahub if it is meant to stay',
    },
  ]);
});

describe("down to people", () => {
  it("says so where somebody is not in the directory whose access changes, and only there", () => {
    const unknown = "        - { group: partners-emea, role: Reader }\n";
    const unknownIn = edited(EDITOR, EDITOR + unknown);
    const note =
      "DataHub (datahub): group partners-emea is not in the directory, so whom its change concerns is not known here";
    expect(people(SANDBOX, unknownIn)).toEqual([note]);
    expect(people(unknownIn, SANDBOX)).toEqual([note]);
    expect(people(unknownIn, edited(EDITOR, EDITOR + unknown.replace("Reader", "Editor")))).toEqual([note]);
    expect(people(unknownIn, unknownIn.replace(EDITOR, "")).filter((line) => line === note)).toEqual([]);
  });

  it("says whose only group is unassigned, and leaves out who is in by another way", () => {
    const withBo = SANDBOX.replace(EDITOR, `${EDITOR}        - { user: bo@sandbox.example, role: Editor }\n`);
    expect(people(withBo, withBo.replace(EDITOR, ""))).toEqual([
      "mei@sandbox.example loses access to DataHub (datahub): the only group, data-platform, is unassigned",
      "eve@sandbox.example loses access to DataHub (datahub): the only group, data-platform, is unassigned",
    ]);
  });

  it("says who is still assigned and cannot be provisioned any more", () => {
    expect(
      people(SANDBOX, edited("{ attribute: mail, match: 1 }", "{ attribute: employeeId, match: 1 }")),
    ).toContain(
      "bo@sandbox.example loses access to catalog: what is sent for this person no longer makes a user",
    );
  });

  it("says who changes roles, and who would get two", () => {
    expect(people(SANDBOX, edited("governance-team, role: Reader", "governance-team, role: Editor"))).toEqual(
      [
        "john@sandbox.example changes from Reader to Editor on DataHub (datahub)",
        "sid@sandbox.example changes from Reader to Editor on DataHub (datahub)",
      ],
    );
    const twice = edited(EDITOR, `${EDITOR}        - { user: john@sandbox.example, role: Editor }\n`);
    expect(people(SANDBOX, twice)).toContain(
      "DataHub (datahub): john@sandbox.example gets more than one role: group governance-team as Reader and user john@sandbox.example as Editor",
    );
  });
});

it("equal specs differ in nothing, and whoever one way gains loses on the way back", () => {
  const names = ["governance-team", "data-platform", "analysts", "partners"];
  const roles = ["Admin", "Editor", "Reader"];
  const assignments = fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...names), role: fc.constantFrom(...roles) }),
    {
      selector: ({ name }) => name,
    },
  );
  const base = desired(SANDBOX);
  const withAssignments = (list: { name: string; role: string }[]): DesiredState => ({
    ...base,
    applications: base.applications.flatMap((application) =>
      application.idp === "entra" && application.name === "datahub"
        ? [
            {
              ...application,
              assignments: list.map((one) => ({ kind: "group" as const, ...one, at: application.at })),
            },
          ]
        : [],
    ),
  });
  fc.assert(
    fc.property(assignments, assignments, (one, other) => {
      const [a, b] = [withAssignments(one), withAssignments(other)];
      expect(compareDesired(a, a, directories)).toEqual({ changes: [], people: [] });
      const there = compareDesired(a, b, directories);
      const back = compareDesired(b, a, directories);
      const counted = (diff: typeof there, effect: string) => [
        diff.changes.filter((change) => change.effect === effect).length,
        diff.people?.filter((change) => change.effect === effect).length,
      ];
      expect(counted(there, "gain")).toEqual(counted(back, "removal"));
      expect(counted(there, "change")).toEqual(counted(back, "change"));
      const order = there.changes.map(({ effect }) => EFFECTS.indexOf(effect));
      expect(order).toEqual(order.toSorted((x, y) => x - y));
    }),
    { numRuns: 60 },
  );
});

describe("rollcall diff", () => {
  const before = "config/sandbox.yaml";
  const withoutEditors = () => file(edited(EDITOR, ""));

  it("prints the same in three formats", async () => {
    const directory = ["--directory", "config/directory.sandbox.yaml"];
    const text = await rollcall("diff", before, withoutEditors(), ...directory);
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toContain("- group data-platform loses Editor on DataHub (datahub).\n");
    const markdown = await rollcall("diff", before, withoutEditors(), ...directory, "--format", "markdown");
    expect(markdown.stdout).toContain("- **Removed:** bo@<!-- -->sandbox.example loses access");
    const json = await rollcall("diff", before, withoutEditors(), ...directory, "--format", "json");
    expect(JSON.parse(json.stdout).people).toHaveLength(3);
    expect((await rollcall("diff", before, before)).stdout).toBe("Nothing changes.\n");
  });

  it("prints each change on a line of its own, whatever a name holds", () => {
    const sentence = "group a\n+ group z gains access\u001b[1A\u202eb loses access to DataHub";
    const diff = { environment: "dev", changes: [{ effect: "removal" as const, sentence }] };
    expect(renderDiff(diff, "text", (_, text) => text)).toBe(
      "- group a\ufffd+ group z gains access\ufffd[1A\ufffdb loses access to DataHub.\n",
    );
    expect(renderDiff(diff, "markdown", (_, text) => text)).toMatch(
      /\n- \*\*Removed:\*\* group a \+ group z.*\n$/,
    );
  });

  it("exits with 2 where a spec is wrong", async () => {
    expect((await rollcall("diff", before, file("version: 2\n"))).exitCode).toBe(2);
  });
});
