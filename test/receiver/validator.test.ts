import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { startTenant } from "./harness.ts";

/** The checks of Microsoft's Entra SCIM Validator, mandatory and preview, rebuilt from their published results. */
describe.each(["lenient", "microsoft"] as const)(
  "the Entra SCIM Validator's list in the %s dialect",
  (dialect) => {
    let tenant: Tenant;
    let count = 0;
    beforeAll(async () => {
      tenant = await startTenant(dialect);
    });
    afterAll(() => tenant.close());

    const enterprise = (name: string) => `${SCHEMA.enterpriseUser}:${name}`;
    const fullUser = () => {
      const name = `Validator_${++count}@acme.com`;
      return {
        schemas: [SCHEMA.user, SCHEMA.enterpriseUser],
        userName: name,
        externalId: `external-${count}`,
        active: true,
        displayName: "Bjfe",
        title: "Dr",
        preferredLanguage: "de",
        name: { givenName: "Kkom", familyName: "Unua", formatted: "Kkom Unua" },
        emails: [{ type: "work", value: name, primary: true }],
        phoneNumbers: [
          { type: "work", value: "+1 (555) 0100" },
          { type: "mobile", value: "+1 (555) 0101" },
        ],
        addresses: [
          {
            type: "work",
            formatted: "1 Road",
            streetAddress: "Road",
            locality: "X",
            region: "Y",
            postalCode: "1",
            country: "CH",
          },
        ],
        roles: [{ primary: "True", display: "User", value: "User", type: "WindowsAzureActiveDirectoryRole" }],
        [SCHEMA.enterpriseUser]: {
          employeeNumber: "Aklq",
          department: "D",
          costCenter: "C",
          organization: "O",
          division: "V",
        },
      };
    };
    const made = async (body: object = fullUser()) => (await tenant.post("/Users", body)).body;
    const madeGroup = async (more: object = {}) =>
      (
        await tenant.post("/Groups", {
          schemas: [SCHEMA.group],
          displayName: `Group_${++count}`,
          externalId: `g-${count}`,
          ...more,
        })
      ).body;
    const patch = async (path: string, ...operations: object[]) => {
      const answer = await tenant.patch(path, operations);
      expect([200, 204]).toContain(answer.status);
      return (await tenant.get(path)).body;
    };

    describe("users", () => {
      it("are created with every attribute that was sent", async () => {
        const sent = fullUser();
        const { status, body } = await tenant.post("/Users", sent);
        expect(status).toBe(201);
        expect(body).toMatchObject({ ...sent, roles: [{ ...sent.roles[0], primary: true }] });
      });

      it("are refused with 409 the second time", async () => {
        const sent = fullUser();
        await made(sent);
        expect((await tenant.post("/Users", sent)).status).toBe(409);
      });

      it("are found, found in another case, and not found", async () => {
        const { userName, id } = await made();
        for (const [name, total] of [
          [userName, 1],
          [userName.toUpperCase(), 1],
          ["nobody", 0],
        ] as const) {
          const { status, body } = await tenant.find("Users", `userName eq "${name}"`);
          expect([status, body.totalResults]).toEqual([200, total]);
          if (total === 1) expect(body.Resources[0]).toMatchObject({ id, active: true });
        }
      });

      it("have attributes replaced, one operation each", async () => {
        const { id } = await made();
        const changed = await patch(
          `/Users/${id}`,
          { op: "replace", path: "displayName", value: "N" },
          { op: "replace", path: 'emails[type eq "work"].value', value: "n@x" },
          { op: "replace", path: 'phoneNumbers[type eq "mobile"].value', value: "2" },
          { op: "replace", path: 'addresses[type eq "work"].locality', value: "L" },
          { op: "replace", path: "name.givenName", value: "G" },
          { op: "replace", path: enterprise("department"), value: "D2" },
        );
        expect(changed).toMatchObject({
          displayName: "N",
          emails: [{ type: "work", value: "n@x", primary: true }],
          phoneNumbers: [{}, { type: "mobile", value: "2" }],
          addresses: [{ type: "work", locality: "L", country: "CH" }],
          name: { givenName: "G", familyName: "Unua" },
          [SCHEMA.enterpriseUser]: { department: "D2", costCenter: "C" },
        });
      });

      it("have attributes added to a bare user", async () => {
        const { id } = await made({ schemas: [SCHEMA.user], userName: `bare${++count}` });
        const changed = await patch(
          `/Users/${id}`,
          { op: "add", path: "displayName", value: "N" },
          { op: "add", path: 'emails[type eq "work"].value', value: "n@x" },
          { op: "add", path: 'addresses[type eq "work"].country', value: "CH" },
          { op: "add", path: "name.familyName", value: "F" },
          { op: "add", path: enterprise("employeeNumber"), value: "7" },
        );
        expect(changed).toMatchObject({
          displayName: "N",
          emails: [{ type: "work", value: "n@x" }],
          addresses: [{ type: "work", country: "CH" }],
          name: { familyName: "F" },
          [SCHEMA.enterpriseUser]: { employeeNumber: "7" },
        });
      });

      it("are renamed and disabled", async () => {
        const { id } = await made();
        const userName = `renamed${++count}`;
        expect(
          await patch(`/Users/${id}`, { op: "replace", path: "userName", value: userName }),
        ).toMatchObject({ userName });
        expect((await patch(`/Users/${id}`, { op: "replace", path: "active", value: false })).active).toBe(
          false,
        );
      });

      it("have a manager added, replaced and removed", async () => {
        const { id } = await made();
        const manager = async (operation: object) =>
          (await patch(`/Users/${id}`, operation))[SCHEMA.enterpriseUser].manager;
        expect(await manager({ op: "add", path: enterprise("manager"), value: "m1" })).toEqual({
          value: "m1",
        });
        expect(await manager({ op: "replace", path: enterprise("manager"), value: "m2" })).toEqual({
          value: "m2",
        });
        expect(await manager({ op: "remove", path: enterprise("manager"), value: "" })).toBeUndefined();
      });

      it("are gone once deleted", async () => {
        const { id } = await made();
        expect((await tenant.remove(`/Users/${id}`)).status).toBe(204);
        expect((await tenant.get(`/Users/${id}`)).status).toBe(404);
      });
    });

    describe("groups", () => {
      it("are created, and refused with 409 the second time", async () => {
        const sent = { schemas: [SCHEMA.group], displayName: `Twice_${++count}` };
        expect((await tenant.post("/Groups", sent)).status).toBe(201);
        expect((await tenant.post("/Groups", sent)).status).toBe(409);
      });

      it("are read and found without members, in another case too, and not found", async () => {
        const { id, displayName } = await madeGroup({ members: [{ value: "u" }] });
        expect((await tenant.get(`/Groups/${id}?excludedAttributes=members`)).body).not.toHaveProperty(
          "members",
        );
        for (const [name, total] of [
          [displayName, 1],
          [displayName.toUpperCase(), 1],
          ["nothing", 0],
        ] as const) {
          for (const more of ["", "&excludedAttributes=members"]) {
            const { body } = await tenant.find("Groups", `displayName eq "${name}"`, more);
            expect(body.totalResults).toBe(total);
            if (total === 1) expect("members" in body.Resources[0]).toBe(more === "");
          }
        }
      });

      it("are renamed, given another externalId, a member, and lose it", async () => {
        const { id } = await madeGroup();
        const displayName = `Renamed_${++count}`;
        expect(
          await patch(
            `/Groups/${id}`,
            { op: "replace", path: "displayName", value: displayName },
            { op: "replace", path: "externalId", value: "e" },
          ),
        ).toMatchObject({ displayName, externalId: "e" });
        const { id: user } = await made();
        expect(
          (await patch(`/Groups/${id}`, { op: "add", path: "members", value: [{ value: user }] })).members,
        ).toEqual([{ value: user }]);
        expect(
          await patch(`/Groups/${id}`, { op: "remove", path: "members", value: [{ value: user }] }),
        ).not.toHaveProperty("members");
      });

      it("are gone once deleted", async () => {
        const { id } = await madeGroup();
        expect((await tenant.remove(`/Groups/${id}`)).status).toBe(204);
        expect((await tenant.get(`/Groups/${id}`)).status).toBe(404);
      });
    });

    describe("preview checks", () => {
      it("several operations on different attributes of a user and of a group", async () => {
        const { id } = await made();
        expect(
          await patch(
            `/Users/${id}`,
            { op: "remove", path: 'emails[type eq "work"].value' },
            { op: "add", path: 'emails[type eq "work"].value', value: "new@x" },
            { op: "replace", path: 'addresses[type eq "work"].locality', value: "L" },
          ),
        ).toMatchObject({ emails: [{ type: "work", value: "new@x" }], addresses: [{ locality: "L" }] });
        const group = await madeGroup();
        expect(
          await patch(
            `/Groups/${group.id}`,
            { op: "add", path: "members", value: [{ value: id }] },
            { op: "replace", path: "externalId", value: "e" },
            { op: "remove", path: "externalId" },
          ),
        ).toMatchObject({ members: [{ value: id }] });
      });

      it("remove, add and replace of one attribute, in order", async () => {
        const { id } = await made();
        const changed = await patch(
          `/Users/${id}`,
          { op: "remove", path: 'emails[type eq "work"].value' },
          { op: "add", path: 'emails[type eq "work"].value', value: "1" },
          { op: "replace", path: 'emails[type eq "work"].value', value: "2" },
        );
        expect(changed.emails).toEqual([{ type: "work", primary: true, value: "2" }]);
        const group = await madeGroup();
        const members = await patch(
          `/Groups/${group.id}`,
          { op: "add", path: "members", value: [{ value: "a" }] },
          { op: "remove", path: "members", value: [{ value: "a" }] },
          { op: "add", path: "members", value: [{ value: "b" }] },
        );
        expect(members.members).toEqual([{ value: "b" }]);
      });

      it.each(["Users", "Groups"] as const)("deleting %s that are not there, and twice", async (endpoint) => {
        expect((await tenant.remove(`/${endpoint}/nobody`)).status).toBe(404);
        const { id } = endpoint === "Users" ? await made() : await madeGroup();
        expect((await tenant.remove(`/${endpoint}/${id}`)).status).toBe(204);
        expect((await tenant.remove(`/${endpoint}/${id}`)).status).toBe(404);
      });
    });
  },
);
