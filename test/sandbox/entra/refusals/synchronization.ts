import { ADA, GOVERNANCE, putSecrets } from "../harness.ts";
import { application, graph, job, type Refusal, servicePrincipal, stub, tenant, UNKNOWN } from "./fixture.ts";

// biome-ignore lint/suspicious/noExplicitAny: a schema that is broken on purpose
type Json = any;

const putSchema =
  (change: (schema: Json) => void): Refusal =>
  async () => {
    const { body } = await graph("GET", `${job.path}/schema`);
    change(body);
    return graph("PUT", `${job.path}/schema`, body);
  };

/** Changes the mapping of the users' displayName. */
const putMapping = (change: (mapping: Json, all: Json[]) => void): Refusal =>
  putSchema((schema) => {
    const users = schema.synchronizationRules[0].objectMappings.find(
      (mapping: { sourceObjectName: string }) => mapping.sourceObjectName === "User",
    );
    const all = users.attributeMappings;
    change(
      all.find((mapping: { targetAttributeName: string }) => mapping.targetAttributeName === "displayName"),
      all,
    );
  });

const validate =
  (credentials: Record<string, string>): Refusal =>
  () =>
    graph("POST", `${job.path}/validateCredentials`, {
      credentials: Object.entries(credentials).map(([key, value]) => ({ key, value })),
    });

const onDemand =
  (parameter: Record<string, unknown>): Refusal =>
  async () => {
    const { body } = await graph("GET", `${job.path}/schema`);
    await putSecrets(graph, application, { BaseAddress: stub.url, SecretToken: "scim-token" });
    const subjects = [{ objectId: ADA, objectTypeName: "User" }];
    return graph("POST", `${job.path}/provisionOnDemand`, {
      parameters: [{ ruleId: body.synchronizationRules[0].id, subjects, ...parameter }],
    });
  };

/** Refusals of the synchronization API. */
export const SYNCHRONIZATION: Record<string, Refusal> = {
  "job for an application that is from no template": async () => {
    const { body } = await graph("POST", "/applications", { displayName: "Plain" });
    const principal = await graph("POST", "/servicePrincipals", { appId: body.appId });
    return graph("POST", `/servicePrincipals/${principal.body.id}/synchronization/jobs`, {
      templateId: "scim",
    });
  },
  "job from an unknown template": () =>
    graph("POST", `${servicePrincipal()}/synchronization/jobs`, { templateId: "gsuite" }),
  "second job from one template": () =>
    graph("POST", `${servicePrincipal()}/synchronization/jobs`, { templateId: "scim" }),
  "unknown job": () => graph("GET", `${servicePrincipal()}/synchronization/jobs/scim.none`),
  "restart without criteria": () => graph("POST", `${job.path}/restart`, {}),
  "restart with an unknown scope": () =>
    graph("POST", `${job.path}/restart`, { criteria: { resetScope: "Everything" } }),
  "unknown key among the secrets": () => putSecrets(graph, application, { baseAddress: "x" }),
  "one key twice among the secrets": () =>
    graph("PUT", `${servicePrincipal()}/synchronization/secrets`, {
      value: [
        { key: "SyncAll", value: "true" },
        { key: "SyncAll", value: "false" },
      ],
    }),
  "secrets that are no list": () =>
    graph("PUT", `${servicePrincipal()}/synchronization/secrets`, { value: {} }),
  "validation without a tenant URL": validate({ SecretToken: "scim-token" }),
  "validation with a wrong token": () => validate({ BaseAddress: stub.url, SecretToken: "wrong" })(),
  "validation with the mask that was read": async () => {
    await putSecrets(graph, application, { BaseAddress: stub.url, SecretToken: "scim-token" });
    const { body } = await graph("GET", `${servicePrincipal()}/synchronization/secrets`);
    await graph("PUT", `${servicePrincipal()}/synchronization/secrets`, { value: body.value });
    return graph("POST", `${job.path}/validateCredentials`, { useSavedCredentials: true });
  },
  "validation of a URL without a SCIM service": () =>
    validate({ BaseAddress: `${tenant.baseUrl}/nothing`, SecretToken: "x" })(),
  "validation of plain HTTP": validate({ BaseAddress: "http://datahub.example/scim", SecretToken: "x" }),
  "validation with neither credentials nor saved ones": () =>
    graph("POST", `${job.path}/validateCredentials`, {}),
  "validation before a job without a template": () =>
    graph("POST", `${servicePrincipal()}/synchronization/jobs/validateCredentials`, { credentials: [] }),
  "provisioning on demand without secrets": async () => {
    const { body } = await graph("GET", `${job.path}/schema`);
    await putSecrets(graph, application, {});
    return graph("POST", `${job.path}/provisionOnDemand`, {
      parameters: [
        { ruleId: body.synchronizationRules[0].id, subjects: [{ objectId: ADA, objectTypeName: "User" }] },
      ],
    });
  },
  "provisioning on demand by an unknown rule": onDemand({ ruleId: UNKNOWN }),
  "provisioning on demand of more than five members": onDemand({
    subjects: [
      {
        objectId: GOVERNANCE,
        objectTypeName: "Group",
        links: { members: Array.from({ length: 6 }, () => ({ objectId: ADA, objectTypeName: "User" })) },
      },
    ],
  }),
  "provisioning on demand of an unknown kind of object": onDemand({
    subjects: [{ objectId: ADA, objectTypeName: "Device" }],
  }),
  "PATCH on a schema": () => graph("PATCH", `${job.path}/schema`, {}),
  "mapping to an undefined attribute": putMapping((mapping) => {
    mapping.targetAttributeName = "shoeSize";
  }),
  "mapping from an undefined attribute": putMapping((mapping) => {
    mapping.source = { expression: "[shoeSize]", name: "shoeSize", type: "Attribute", parameters: [] };
  }),
  "two mappings to one attribute": putMapping((mapping, all) => all.push({ ...mapping })),
  "schema without a matching attribute": putMapping((_mapping, all) => {
    for (const one of all) one.matchingPriority = 0;
  }),
  "mapping with an expression that does not parse": putMapping((mapping) => {
    mapping.source = { expression: "Join([a", name: "Join", type: "Function", parameters: [] };
  }),
  "mapping with an unknown function": putMapping((mapping) => {
    mapping.source = {
      expression: "Shout([displayName])",
      name: "Shout",
      type: "Function",
      parameters: [{}],
    };
  }),
  "mapping whose source says another type than its expression": putMapping((mapping) => {
    mapping.source = { expression: '"x"', name: "x", type: "Attribute", parameters: [] };
  }),
  "mapping with a function without parameters": putMapping((mapping) => {
    mapping.source = { expression: "Not([accountEnabled])", name: "Not", type: "Function", parameters: [] };
  }),
  "rule that names an undefined directory": putSchema((schema) => {
    schema.synchronizationRules[0].targetDirectoryName = "elsewhere";
  }),
  "schema without rules": putSchema((schema) => {
    schema.synchronizationRules = [];
  }),
  "schema without directories": putSchema((schema) => {
    delete schema.directories;
  }),
  "discovery of a directory that offers none": () =>
    graph("POST", `${job.path}/schema/directories/x/discover`),
};
