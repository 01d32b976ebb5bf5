import { describe, expect, it } from "vitest";
import { short, specFolder } from "./spec-files.ts";

const folder = specFolder();
const [ONE, OTHER] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];

const assigned = (...lines: string[]) =>
  short(
    folder.overlay(
      `applications:\n  datahub:\n    entra:\n      assignments:\n${lines.map((line) => `        - { ${line} }\n`).join("")}`,
    ),
  );

it("a name is one line", () => {
  const loaded = folder.overlay(`applications:
  datahub:
    entra:
      assignments:
        - role: Reader
          group: |-
            readers
            + group writers
`);
  expect(short(loaded)).toEqual([
    "7:18+2 bad-value: applications.datahub.entra.assignments[0].group must be one line, without tabs",
  ]);
});

describe("groups of one name", () => {
  it("are told apart by their ids, with a word on what the product makes of them", () => {
    const twice = [`group: Team, id: ${ONE}, role: Reader`, `group: team, id: ${OTHER}, role: Reader`];
    expect(assigned(...twice)).toEqual([
      "7:20+4 same-group-name: team is also the name of another group, in line 6",
    ]);
  });

  it("may not be the same again under the name alone", () => {
    expect(assigned(`group: Team, id: ${ONE}, role: Reader`, "group: team, role: Reader")).toEqual([
      "7:20+4 duplicate-assignment: group team is also assigned by its id, in line 6",
    ]);
  });
});
