import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntraTenant } from "../../../src/sandbox/entra/tenant.ts";
import { type Application, type Graph, makeApplication, makeJob, putSecrets, start } from "./harness.ts";
import { startScimStub } from "./scim-stub.ts";

let tenant: EntraTenant;
let graph: Graph;
let application: Application;
let job: { id: string; path: string };
beforeEach(async () => {
  ({ tenant, graph } = await start());
  application = await makeApplication(tenant, graph);
  job = await makeJob(graph, application);
});
afterEach(() => tenant.stop());

const synchronization = () => `/servicePrincipals/${application.servicePrincipalId}/synchronization`;
// biome-ignore lint/suspicious/noExplicitAny: parts of a schema, each test knows which
type Json = any;
const usersMapping = (schema: Json): Json =>
  schema.synchronizationRules[0].objectMappings.find((one: Json) => one.sourceObjectName === "User");
const userTarget = (schema: Json): Json =>
  schema.directories
    .find((one: Json) => one.name === "customappsso")
    .objects.find((one: Json) => one.name.endsWith(":User"));
const names = (items: Json[], key: string): string[] => items.map((item) => item[key]);

describe("secrets", () => {
  it("are masked where they are sensitive, kept in order, and replaced as a whole", async () => {
    await putSecrets(graph, application, {
      SyncAll: "false",
      BaseAddress: "https://a.example",
      SecretToken: "t",
      Password: "p",
    });
    const { body } = await graph("GET", `${synchronization()}/secrets`);
    expect(body.value).toEqual([
      { key: "SyncAll", value: "false" },
      { key: "BaseAddress", value: "https://a.example" },
      { key: "SecretToken", value: "*" },
      { key: "Password", value: "*" },
    ]);
    await putSecrets(graph, application, { BaseAddress: "https://b.example", SyncAll: "" });
    expect((await graph("GET", `${synchronization()}/secrets`)).body.value).toEqual([
      { key: "BaseAddress", value: "https://b.example" },
    ]);
  });
});

describe("jobs", () => {
  it("have the id that template, tenant and application make, and start out paused", async () => {
    const noDashes = tenant.tenantId.replaceAll("-", "");
    expect(job.id).toBe(`scim.${noDashes}.${application.appId}`);
    const { body } = await graph("GET", job.path);
    expect(body).toMatchObject({
      templateId: "scim",
      schedule: { interval: "PT40M", state: "Disabled" },
      status: { code: "Paused", quarantine: null, lastExecution: null },
    });
    expect(body).not.toHaveProperty("servicePrincipalId");
    expect((await graph("GET", `${synchronization()}/jobs`)).body.value).toHaveLength(1);
  });

  it("are started and paused at once, and gone when deleted", async () => {
    expect((await graph("POST", `${job.path}/start`, "")).status).toBe(204);
    expect((await graph("GET", job.path)).body).toMatchObject({
      schedule: { state: "Active" },
      status: { code: "NotRun" },
    });
    expect((await graph("POST", `${job.path}/pause`)).status).toBe(204);
    expect((await graph("GET", job.path)).body).toMatchObject({
      schedule: { state: "Disabled" },
      status: { code: "Paused" },
    });
    expect((await graph("DELETE", job.path)).status).toBe(204);
    expect((await graph("GET", job.path)).status).toBe(404);
    expect((await makeJob(graph, application)).id).toBe(job.id);
  });

  it("may answer a second POST with the first one's job, when told so", async () => {
    const other = await start({ duplicateJob: "existing" });
    const again = await makeApplication(other.tenant, other.graph);
    const first = await makeJob(other.graph, again);
    expect((await makeJob(other.graph, again)).id).toBe(first.id);
    await other.tenant.stop();
  });

  it("are of the template that the application offers", async () => {
    const { body } = await graph("GET", `${synchronization()}/templates`);
    expect(names(body.value, "id")).toEqual(["scim"]);
    const schema = await graph(
      "GET",
      `/applications/${application.id}/synchronization/templates/scim/schema`,
    );
    expect(schema.body.id).toBe(`scim.${"0".repeat(32)}`);
  });
});

describe("a schema", () => {
  it("starts as the template's: 22 mappings of users, 3 of groups, sorted", async () => {
    const { body } = await graph("GET", `${job.path}/schema`);
    expect(body.id).toBe(job.id);
    const targets = names(usersMapping(body).attributeMappings, "targetAttributeName");
    expect(targets).toHaveLength(22);
    expect(targets).toEqual([...targets].sort());
    expect(body.synchronizationRules[0].objectMappings[0].attributeMappings).toHaveLength(3);
  });

  it("is replaced as a whole, gets a new version, keeps what nobody knows and loses what was left out", async () => {
    const { body } = await graph("GET", `${job.path}/schema`);
    usersMapping(body).attributeMappings.reverse();
    usersMapping(body).attributeMappings = usersMapping(body).attributeMappings.filter(
      ({ targetAttributeName }: Json) => targetAttributeName !== "title",
    );
    usersMapping(body).unheardOf = { a: 1 };
    expect((await graph("PUT", `${job.path}/schema`, body)).status).toBe(204);
    const after = (await graph("GET", `${job.path}/schema`)).body;
    expect(after.version).toMatch(/^Date:.*Z, ActivityId:[0-9a-f-]{36}$/);
    expect(after.version).not.toBe(body.version);
    const targets = names(usersMapping(after).attributeMappings, "targetAttributeName");
    expect(targets).toHaveLength(21);
    expect(targets).toEqual([...targets].sort());
    expect(usersMapping(after).unheardOf).toEqual({ a: 1 });
    expect((await graph("PUT", `${job.path}/schema`, { ...after, version: undefined })).status).toBe(204);
  });

  it("takes a mapping to a new attribute when the attribute comes with it, and loses both when it is reset", async () => {
    const { body } = await graph("GET", `${job.path}/schema`);
    const before = structuredClone(body);
    const name = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:team";
    userTarget(body).attributes.push({ name, type: "String" });
    usersMapping(body).attributeMappings.push({
      ...usersMapping(body).attributeMappings[0],
      matchingPriority: 0,
      targetAttributeName: name,
      source: { expression: "[department]", name: "department", type: "Attribute", parameters: [] },
    });
    expect((await graph("PUT", `${job.path}/schema`, body)).status).toBe(204);
    expect((await graph("DELETE", `${job.path}/schema`)).status).toBe(204);
    const reset = (await graph("GET", `${job.path}/schema`)).body;
    expect({ ...reset, version: "" }).toEqual({ ...before, version: "" });
  });

  it("lists its functions and filter operators", async () => {
    const functions = (await graph("GET", `${job.path}/schema/functions`)).body.value;
    expect(functions.find(({ name }: Json) => name === "Switch").parameters).toMatchObject([
      { name: "source", required: true },
      { name: "defaultValue", required: false },
      { name: "switchValue", allowMultipleOccurrences: true },
    ]);
    expect(names((await graph("GET", `${job.path}/schema/filterOperators`)).body.value, "name")).toContain(
      "REGEX MATCH",
    );
  });
});

describe("parseExpression", () => {
  const parse = async (expression: string, testInputObject?: unknown) =>
    (
      await graph("POST", `${job.path}/schema/parseExpression`, {
        expression,
        targetAttributeDefinition: null,
        testInputObject,
      })
    ).body;

  it("gives the source of a mapping in canonical spelling", async () => {
    const { parsedExpression, parsingSucceeded } = await parse('Join( "@",[mailNickname],"acme.example" )');
    expect(parsingSucceeded).toBe(true);
    expect(parsedExpression).toMatchObject({
      expression: 'Join("@", [mailNickname], "acme.example")',
      type: "Function",
      parameters: [{ key: "separator" }, { key: "source" }, { key: "source" }],
    });
  });

  it("evaluates it for a test object", async () => {
    const answer = await parse('Replace([preferredLanguage], "-", , , "_", , )', {
      definition: null,
      properties: [{ key: "preferredLanguage", value: "en-US" }],
    });
    expect(answer).toMatchObject({ evaluationSucceeded: true, evaluationResult: ["en_US"], error: null });
  });

  it("says what is wrong in a 200", async () => {
    expect(await parse("Join([a")).toMatchObject({
      parsingSucceeded: false,
      parsedExpression: null,
      error: { code: "InvalidExpression" },
    });
    expect(await parse("Shout([a])")).toMatchObject({ parsingSucceeded: false });
  });
});

describe("validateCredentials", () => {
  it("tries what it is given or what is stored, with a job or before", async () => {
    const stub = await startScimStub();
    const credentials = [
      { key: "BaseAddress", value: stub.url },
      { key: "SecretToken", value: "scim-token" },
    ];
    expect((await graph("POST", `${job.path}/validateCredentials`, { credentials })).status).toBe(204);
    const before = { templateId: "scim", useSavedCredentials: false, credentials };
    expect((await graph("POST", `${synchronization()}/jobs/validateCredentials`, before)).status).toBe(204);
    await graph("PUT", `${synchronization()}/secrets`, { value: credentials });
    const saved = { templateId: "scim", useSavedCredentials: true };
    expect((await graph("POST", `${job.path}/validateCredentials`, saved)).status).toBe(204);
    expect(stub.requests[0]?.url).toMatch(/^\/scim\/v2\/Users\?filter=userName%20eq%20/);
    await stub.stop();
    const gone = await graph("POST", `${job.path}/validateCredentials`, saved);
    expect(gone.status).toBe(400);
    expect(JSON.stringify(gone.body)).not.toContain("scim-token");
  });
});
