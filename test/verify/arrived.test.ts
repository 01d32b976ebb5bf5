import { describe, expect, it } from "vitest";
import { readArrived } from "../../src/verify/arrived.ts";

const product = (users: unknown[], groups: unknown[] = []) => ({
  list: async (type: "Users" | "Groups") => (type === "Users" ? users : groups),
});

describe("readArrived", () => {
  it("takes null for an attribute that is not there", async () => {
    const ada = { id: "1", userName: "ada@acme.com", displayName: null, active: null, roles: null };
    const team = { id: "9", displayName: "team", members: null };
    expect(await readArrived(product([ada], [team]))).toEqual({
      users: [{ userName: "ada@acme.com", displayName: undefined, active: true }],
      groups: ["team"],
      memberships: [],
      roles: [],
    });
  });

  it("says in a sentence what is no SCIM resource", async () => {
    await expect(readArrived(product([{ id: "1", userName: 7 }]))).rejects.toThrow(
      /^The SCIM endpoint's user 1 is no SCIM user: userName: .* Is this the product's SCIM address\?$/,
    );
    await expect(readArrived(product([], ["a page"]))).rejects.toThrow(
      "group without an id is no SCIM group: the whole:",
    );
  });
});
