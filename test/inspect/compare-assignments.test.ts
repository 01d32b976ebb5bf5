import { describe, expect, it } from "vitest";
import { compareAssignments } from "../../src/inspect/compare-assignments.ts";

const messages = (declared: string[], live: string[], endInRole: boolean) =>
  compareAssignments(declared, live, { exclusive: true, endInRole }).drift.map(({ message }) => message);

describe("compareAssignments", () => {
  it("takes the last word of a key for a role in Entra only", () => {
    expect(messages(["group:Data Platform Team Reader"], [], true)).toEqual([
      "Group Data Platform Team (Reader) is not assigned, and should be.",
    ]);
    expect(messages([], ["group:Data Platform Team"], false)).toEqual([
      "Group Data Platform Team is assigned, and nobody declared it.",
    ]);
  });
});
