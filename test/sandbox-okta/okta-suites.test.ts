import { beforeEach, describe, expect, test } from "vitest";
import { createApp, SCIM_TOKEN, scimForm, type TestOrg } from "./org.ts";
import { orgWithProduct, type Product } from "./product.ts";

/**
 * The assertions of Okta's own suites, in their order: "Okta SCIM 2.0 SPEC Test" drives the SCIM server, "Okta SCIM 2.0 CRUD Test"
 * drives Okta and looks at the SCIM server afterwards.
 */
describe.each(["lenient", "strict"] as const)("Okta's SPEC test on the receiver, %s", (dialect) => {
  const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
  const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
  const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
  let product: Product;

  beforeEach(async () => {
    const started = await orgWithProduct({ dialect });
    product = started.product;
    const app = await createApp(started.org);
    await started.org.admin.enableScim(app, scimForm());
    await started.org.call("POST", `/api/v1/apps/${app}/users`, { id: "00ujohn", scope: "USER" });
    await started.org.settle();
  });

  async function scim(method: string, path: string, body?: unknown, authorization = `Bearer ${SCIM_TOKEN}`) {
    const response = await fetch(product.baseUrl + path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: what the suite reads out of an answer
    return { status: response.status, body: (await response.json()) as any };
  }

  const filter = (userName: string) => `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`;

  // biome-ignore lint/suspicious/noExplicitAny: a SCIM user
  function expectWholeUser(user: any): void {
    for (const value of [
      user.id,
      user.name.familyName,
      user.name.givenName,
      user.userName,
      user.emails[0].value,
    ]) {
      expect(value).toEqual(expect.stringMatching(/./));
    }
    expect(user.active).toBe(true);
  }

  test("required tests: users are there", async () => {
    const first = await scim("GET", "/Users?count=1&startIndex=1");
    expect(first.status).toBe(200);
    expect(first.body.schemas).toContain(LIST);
    for (const count of ["itemsPerPage", "startIndex", "totalResults"])
      expect(first.body[count]).toEqual(expect.any(Number));
    expectWholeUser(first.body.Resources[0]);

    const { id } = first.body.Resources[0];
    const read = await scim("GET", `/Users/${id}`);
    expect([read.status, read.body.id]).toEqual([200, id]);
    expectWholeUser(read.body);
  });

  test("required tests: users are not there", async () => {
    for (const userName of ["abcdefgh@atko.com", "runscope300@atko.com"]) {
      const none = await scim("GET", filter(userName));
      expect(none).toMatchObject({ status: 200, body: { totalResults: 0 } });
      expect(none.body.schemas).toContain(LIST);
    }
    for (const id of ["010101001010101011001010101011", "00919288221112222"]) {
      const missing = await scim("GET", `/Users/${id}`);
      expect([missing.status, missing.body.status]).toEqual([404, "404"]);
      expect(missing.body.detail).not.toBe("");
      expect(missing.body.schemas).toContain(ERROR);
    }
  });

  test("required tests: create, read, conflict, case", async () => {
    const body = {
      schemas: [USER],
      userName: "Runscope300Xy@atko.com",
      name: { givenName: "Runscope", familyName: "Test" },
      emails: [{ primary: true, value: "Runscope300Xy@atko.com", type: "work" }],
      displayName: "Runscope Test",
      active: true,
    };
    const created = await scim("POST", "/Users", body);
    expect(created).toMatchObject({
      status: 201,
      body: { active: true, userName: body.userName, name: body.name },
    });
    expect(created.body.id).not.toBe("");
    expect(created.body.schemas).toContain(USER);
    const read = await scim("GET", `/Users/${created.body.id}`);
    expect(read).toMatchObject({
      status: 200,
      body: { userName: body.userName, name: body.name, active: true },
    });
    expect((await scim("POST", "/Users", body)).status).toBe(409);
    expect((await scim("GET", filter(body.userName.toUpperCase()))).status).toBe(200);
  });

  test("optional and security tests: groups, wrong credentials", async () => {
    const groups = await scim("GET", "/Groups");
    expect(groups.status).toBe(200);
    const refused = await scim("GET", "/Users", undefined, "non-token");
    expect([refused.status, refused.body.status]).toEqual([401, "401"]);
    expect(refused.body.detail).not.toBe("");
    expect(refused.body.schemas).toContain(ERROR);
  });
});

test("Okta's CRUD test: create, rename, deactivate, reactivate, unassign", async () => {
  const { org, product } = await orgWithProduct();
  const app = await createApp(org);
  await org.admin.enableScim(app, scimForm());
  const userName = "crud.test@atko.com";
  const arrived = async () => {
    expect((await org.settle()).failed).toEqual([]);
    return (await product.users()).find((user) => user.userName === userName);
  };

  expect((await org.call("GET", `/api/v1/apps/${app}`)).status).toBe(200);
  const created = await org.call("POST", "/api/v1/users?activate=true", {
    profile: { firstName: "Runscope", lastName: "Crud", email: userName, login: userName },
    credentials: { password: { value: "Abcd1234" } },
  });
  expect([created.status, created.body.status]).toEqual([200, "ACTIVE"]);
  const user = created.body.id;
  const assign = () => assignWithProfile(org, app, user, userName);
  await assign();
  const person = await arrived();
  expect(person).toMatchObject({
    active: true,
    name: { givenName: "Runscope", familyName: "Crud" },
    emails: [{ value: userName, type: "work", primary: true }],
  });

  await org.call("POST", `/api/v1/apps/${app}/users/${user}`, { profile: { givenName: "Updated" } });
  expect(await arrived()).toMatchObject({ id: person?.id, name: { givenName: "Updated" } });

  expect((await org.call("POST", `/api/v1/users/${user}/lifecycle/deactivate`)).status).toBe(200);
  expect(await arrived()).toMatchObject({ id: person?.id, active: false });

  expect((await org.call("POST", `/api/v1/users/${user}/lifecycle/activate?sendEmail=false`)).status).toBe(
    200,
  );
  expect((await org.call("GET", `/api/v1/apps/${app}/users/${user}`)).status).toBe(404);
  await assign();
  expect(await arrived()).toMatchObject({ id: person?.id, active: true });

  expect((await org.call("DELETE", `/api/v1/apps/${app}/users/${user}`)).status).toBe(204);
  expect(await arrived()).toMatchObject({ id: person?.id, active: false });
});

async function assignWithProfile(org: TestOrg, app: string, id: string, userName: string): Promise<void> {
  const { status } = await org.call("POST", `/api/v1/apps/${app}/users`, {
    id,
    scope: "USER",
    credentials: { userName },
    profile: { givenName: "Runscope", familyName: "Crud", email: userName, emailType: "work" },
  });
  expect(status).toBe(200);
}
