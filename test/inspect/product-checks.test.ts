import { describe, expect, it } from "vitest";
import type { ScimClient, ScimResource } from "../../src/clients/scim.ts";
import type { Conflict, Expectation } from "../../src/desired/expectation.ts";
import { checkProduct, type ProductSubjects } from "../../src/inspect/product-checks.ts";

const ADA = "ada@acme.com";
const EXPECTED: Expectation = {
  users: [{ userName: ADA, displayName: "Ada", active: true, via: ["group readers"] }],
  groups: ["readers"],
  memberships: [{ group: "readers", userName: ADA }],
  roles: [{ userName: ADA, role: "Reader" }],
  conflicts: [],
};
const NOBODY: Expectation = { users: [], groups: ["readers"], memberships: [], roles: [], conflicts: [] };

const ada = (...roles: string[]) => ({
  id: "1",
  userName: ADA,
  active: true,
  roles: roles.map((value) => ({ value })),
});
const bob = { id: "2", userName: "bob@acme.com", active: true };

/** A product that holds these, and knows filters by name. */
function product(users: ScimResource[], groups: ScimResource[] = []): ScimClient {
  return {
    list: async (type, filter = "") =>
      (type === "Users" ? users : groups).filter(({ userName, displayName }) =>
        filter.endsWith(JSON.stringify(userName ?? displayName)),
      ),
    get: async () => undefined,
  };
}

async function check(
  scim: ScimClient,
  subjects: Partial<ProductSubjects>,
  expected: Expectation = EXPECTED,
): Promise<string[]> {
  const all = { rolesTravel: true, roleIsDue: true, ...subjects };
  const checks = await checkProduct(scim, () => expected, all);
  return checks.map(({ what, verdict, detail }) => `${verdict} ${what}: ${detail}`);
}

describe("checkProduct", () => {
  it("fails on a role beside the expected one, and not where roles are the product's own", async () => {
    const [, expected, surplus] = await check(product([ada("Reader", "Admin")]), { userName: ADA });
    expect(expected).toBe(`ok ${ADA}'s role: Reader`);
    expect(surplus).toContain(`failed ${ADA}'s role: Admin is there, and the spec does not give it`);
    expect(
      await check(product([ada("Reader", "Admin")]), { userName: ADA, rolesTravel: false }),
    ).toHaveLength(1);
  });

  it("fails on a role instead of the expected one, however new the person is", async () => {
    const verdicts = await check(product([ada("Admin")]), { userName: ADA, roleIsDue: false });
    expect(verdicts.map((one) => one.split(" ")[0])).toEqual(["ok", "later", "failed"]);
  });

  it("waits for the role of whoever came just now only", async () => {
    const role = async (roleIsDue: boolean) =>
      (await check(product([ada()]), { userName: ADA, roleIsDue })).at(-1);
    expect(await role(false)).toMatch(/^later /);
    expect(await role(true)).toMatch(/^failed .* Reader is expected, and none is there/);
  });

  it("says of a group's members no more than it saw", async () => {
    const group = { id: "9", displayName: "readers", members: [{ value: "2" }] };
    const [unasked] = await check(product([bob], [group]), { group: "readers" }, NOBODY);
    expect(unasked).toMatch(/^unseen .*none of its members was looked at.*of 1 more in it nothing was asked/);
    const [, stale] = await check(
      product([bob], [group]),
      { group: "readers", userName: bob.userName },
      NOBODY,
    );
    expect(stale).toContain("failed group readers in the product: has bob@acme.com in it, and should not");
    const both = { ...group, members: [{ value: "1" }, { value: "2" }] };
    const [seen] = await check(product([ada("Reader"), bob], [both]), { group: "readers" });
    expect(seen).toBe(
      `ok group readers in the product: arrived with the members that were looked at: ${ADA}; of 1 more in it nothing was asked`,
    );
  });

  it("takes nobody's absence for the spec's word where the spec lets them in", async () => {
    const suspended: Conflict = { kind: "not-active", who: ADA, message: "is assigned but SUSPENDED" };
    const absent = await check(product([]), { userName: ADA }, { ...NOBODY, conflicts: [suspended] });
    expect(absent).toEqual([
      `failed ${ADA} in the directory: is assigned but SUSPENDED`,
      `failed ${ADA} in the product: has no access, and the spec lets this person in`,
    ]);
    expect(await check(product([]), { userName: ADA }, NOBODY)).toEqual([
      `ok ${ADA} in the product: has no access, as the spec says`,
    ]);
  });

  it("tells who is in already from who is not, as the providers do", async () => {
    const asked: string[][] = [];
    await checkProduct(
      product([ada("Reader")]),
      (previously) => {
        asked.push([...previously]);
        return EXPECTED;
      },
      { userName: ADA, rolesTravel: true, roleIsDue: true },
    );
    expect(asked).toEqual([[], [ADA]]);
  });
});
