import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProvisioningJobInputs, TOKEN } from "../../src/provider/contract.ts";
import { type PropertyMap, UNKNOWN } from "../../src/provider/engine/values.ts";
import { GOVERNANCE } from "../sandbox/entra/harness.ts";
import { datahubMappings } from "./entra/job/schema-fixture.ts";
import { assignmentInputs, type EntraFixture, entraFixture, jobInputs } from "./entra-fixture.ts";
import { type ScimEndpoint, scimEndpoint } from "./scim-endpoint.ts";
import { asSecret, clearTexts } from "./test-engine.ts";

const PLUGIN = fileURLToPath(new URL("../../src/provider/pulumi-resource-rollcall", import.meta.url));
const URN = `urn:pulumi:test::rollcall::rollcall:index:EntraApplication$${TOKEN.provisioningJob}::datahub-job`;
const ASSIGNMENTS_URN = `urn:pulumi:test::rollcall::${TOKEN.appRoleAssignments}::datahub-assignments`;
const SECRET = "scim-token-nobody-may-see";

interface Logged {
  severity: number;
  message: string;
  urn: string;
}

let fixture: EntraFixture;
let endpoint: ScimEndpoint;
let engine: { address: string; logged: Logged[]; stop(): void };
let child: ChildProcess;
let client: InstanceType<typeof services.ResourceProviderClient>;
/** Every response, as it came over the wire. */
const responses: unknown[] = [];

beforeAll(async () => {
  fixture = await entraFixture();
  endpoint = await scimEndpoint(SECRET);
  engine = await fakeEngine();
  child = spawn(PLUGIN, ["-logtostderr", engine.address], {
    cwd: "/",
    env: { PATH: process.env.PATH ?? "", SSL_CERT_FILE: fixture.env.SSL_CERT_FILE ?? "" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  client = new services.ResourceProviderClient(
    `127.0.0.1:${await firstLine(child)}`,
    grpc.credentials.createInsecure(),
  );
});

afterAll(async () => {
  client.close();
  child.kill();
  engine.stop();
  await endpoint.stop();
  await fixture.tenant.stop();
});

async function fakeEngine() {
  const logged: Logged[] = [];
  const server = new grpc.Server();
  const log: grpc.handleUnaryCall<engineMessages.LogRequest, unknown> = (call, callback) => {
    const { request } = call;
    logged.push({ severity: request.getSeverity(), message: request.getMessage(), urn: request.getUrn() });
    callback(null, new empty.Empty());
  };
  server.addService(engineServices.EngineService, { log } as unknown as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, logged, stop: () => server.forceShutdown() };
}

async function firstLine(process: ChildProcess): Promise<string> {
  if (!process.stdout) throw new Error("The plugin has no output.");
  const [line] = (await once(createInterface({ input: process.stdout }), "line")) as [string];
  return line;
}

function call<Response>(method: (...args: never[]) => unknown, request: object): Promise<Response> {
  return new Promise((resolve, reject) => {
    const done = (error: grpc.ServiceError | null, response: Response) =>
      error ? reject(error) : resolve(response);
    method.call(client, request as never, done as never);
  });
}

const toStruct = (map: object) => struct.Struct.fromJavaScript(map as never);
const fromStruct = (value: { toJavaScript(): unknown } | undefined) => {
  const map = (value?.toJavaScript() ?? {}) as PropertyMap;
  responses.push(map);
  return map;
};

const inputsOfJob = (more: Partial<ProvisioningJobInputs> = {}) =>
  jobInputs(fixture.application, { baseAddress: endpoint.url, secretToken: SECRET, ...more });

async function check(urn: string, news: object) {
  const request = new messages.CheckRequest();
  request.setUrn(urn);
  request.setNews(toStruct(news));
  const response = await call<messages.CheckResponse>(client.check, request);
  const failures = response
    .getFailuresList()
    .map((failure) => `${failure.getProperty()} ${failure.getReason()}`);
  return { inputs: fromStruct(response.getInputs()), failures };
}

async function create(urn: string, inputs: object, preview = false) {
  const request = new messages.CreateRequest();
  request.setUrn(urn);
  request.setProperties(toStruct(inputs));
  request.setPreview(preview);
  const response = await call<messages.CreateResponse>(client.create, request);
  return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
}

async function diff(id: string, olds: object, oldInputs: object, news: object, ignored: string[] = []) {
  const request = new messages.DiffRequest();
  request.setUrn(URN);
  request.setId(id);
  request.setOlds(toStruct(olds));
  request.setOldInputs(toStruct(oldInputs));
  request.setNews(toStruct(news));
  request.setIgnorechangesList(ignored);
  const response = await call<messages.DiffResponse>(client.diff, request);
  const detailed: Record<string, number> = {};
  response.getDetaileddiffMap().forEach((detail, path) => {
    detailed[path] = detail.getKind();
  });
  return { changes: response.getChanges(), replaces: response.getReplacesList(), detailed };
}

describe("the plugin, as an engine speaks to it", () => {
  let id: string;
  let outputs: PropertyMap;

  it("takes secrets and previews, and is configured with arguments", async () => {
    const request = new messages.ConfigureRequest();
    const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_METADATA_HOSTNAME } = fixture.env;
    const entra = {
      tenantId: ARM_TENANT_ID,
      clientId: ARM_CLIENT_ID,
      clientSecret: ARM_CLIENT_SECRET,
      metadataHost: ARM_METADATA_HOSTNAME,
    };
    request.setArgs(toStruct({ entra: asSecret(JSON.stringify(entra)) }));
    const response = await call<messages.ConfigureResponse>(client.configure, request);
    expect([response.getAcceptsecrets(), response.getSupportspreview(), response.getAcceptoutputs()]).toEqual(
      [true, true, true],
    );
  });

  it("describes its package, every type that it serves among it", async () => {
    const response = await call<messages.GetSchemaResponse>(
      client.getSchema,
      new messages.GetSchemaRequest(),
    );
    const schema = JSON.parse(response.getSchema());
    const {
      appRoleAssignments,
      provisioningJob,
      appAssignments,
      groupPushes,
      scimSettings,
      declaredApplications,
      ...functions
    } = TOKEN;
    expect(Object.keys(schema.resources)).toEqual([
      appRoleAssignments,
      provisioningJob,
      appAssignments,
      groupPushes,
      scimSettings,
      declaredApplications,
    ]);
    expect(Object.keys(schema.functions).sort()).toEqual(Object.values(functions).sort());
    for (const reference of JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)) {
      expect(schema.types).toHaveProperty([reference[1] ?? ""]);
    }
  });

  it("says what of the inputs does not fit", async () => {
    const { failures } = await check(URN, {
      ...inputsOfJob(),
      scope: 3,
      notifications: { recipiant: "x" },
      status: null,
    });
    expect(failures.sort()).toEqual([
      "notifications.recipiant is not a property of this type",
      "scope must be of type string, and is of type number",
      "status is required",
    ]);
    expect((await check(URN, inputsOfJob({ servicePrincipalId: UNKNOWN }))).failures).toEqual([]);
  });

  it("previews a create whose service principal does not exist yet, and writes nothing", async () => {
    const preview = await create(URN, inputsOfJob({ servicePrincipalId: UNKNOWN }), true);
    expect(preview.id).toBe("");
    const assignments = assignmentInputs(fixture.application, { "group:governance-team Reader": GOVERNANCE });
    await create(
      ASSIGNMENTS_URN,
      { ...assignments, servicePrincipalId: UNKNOWN, roles: { Reader: UNKNOWN } },
      true,
    );
    expect(fixture.writes()).toEqual([]);
  });

  it("creates", async () => {
    ({ id, outputs } = await create(URN, inputsOfJob()));
    expect(id).toMatch(new RegExp(`^${fixture.application.servicePrincipalId}/scim\\.`));
    expect(outputs.statusCode).toBe("NotRun");
  });

  it("names just what differs, and what makes a replacement of it", async () => {
    const kinds = messages.PropertyDiff.Kind;
    expect(await diff(id, outputs, inputsOfJob(), inputsOfJob())).toEqual({
      changes: messages.DiffResponse.DiffChanges.DIFF_NONE,
      replaces: [],
      detailed: {},
    });
    const title = { expression: "[department]", matchingPriority: 0, apply: "always" as const };
    const mappings = { ...datahubMappings, user: { ...datahubMappings.user, title } };
    expect(
      (await diff(id, outputs, inputsOfJob(), inputsOfJob({ mappings, status: "paused" }))).detailed,
    ).toEqual({
      "mappings.user.title": kinds.ADD,
      status: kinds.UPDATE,
    });
    expect(
      (await diff(id, outputs, inputsOfJob(), inputsOfJob({ status: "paused" }), ["status"])).detailed,
    ).toEqual({});
    const replaced = await diff(id, outputs, inputsOfJob(), inputsOfJob({ servicePrincipalId: UNKNOWN }));
    expect(replaced.replaces).toEqual(["servicePrincipalId"]);
    expect(replaced.detailed.servicePrincipalId).toBe(kinds.UPDATE_REPLACE);
    const token = await diff(id, outputs, inputsOfJob(), inputsOfJob({ secretToken: UNKNOWN }));
    expect(token.detailed).toEqual({ secretToken: kinds.UPDATE });
  });

  it("binds a warning to its resource", async () => {
    const warning = engine.logged.find(({ message }) => message.includes("evaluates all users again"));
    expect(warning).toMatchObject({ severity: 2, urn: URN });
  });

  it("reads inputs back as they are", async () => {
    await fixture.tenant.asAdministrator(
      "POST",
      `/v1.0/servicePrincipals/${id.replace("/", "/synchronization/jobs/")}/pause`,
    );
    const request = new messages.ReadRequest();
    request.setUrn(URN);
    request.setId(id);
    request.setInputs(toStruct(inputsOfJob()));
    request.setProperties(toStruct(outputs));
    const response = await call<messages.ReadResponse>(client.read, request);
    expect(fromStruct(response.getInputs())).toEqual({ ...inputsOfJob(), status: "paused" });
    outputs = fromStruct(response.getProperties());
  });

  it("updates", async () => {
    const request = new messages.UpdateRequest();
    request.setUrn(URN);
    request.setId(id);
    request.setOldInputs(toStruct(inputsOfJob({ status: "paused" })));
    request.setOlds(toStruct(outputs));
    request.setNews(toStruct(inputsOfJob({ notifications: { recipient: SECRET } })));
    const response = await call<messages.UpdateResponse>(client.update, request);
    expect(fromStruct(response.getProperties())).toMatchObject({
      status: "running",
      secretToken: asSecret(SECRET),
    });
  });

  it("answers that what is gone has no id", async () => {
    const request = new messages.ReadRequest();
    request.setUrn(URN);
    request.setId(`${fixture.application.servicePrincipalId}/scim.none.none`);
    expect((await call<messages.ReadResponse>(client.read, request)).getId()).toBe("");
  });

  it("resolves names", async () => {
    const request = new messages.InvokeRequest();
    request.setTok(TOKEN.resolveEntraPrincipals);
    request.setArgs(toStruct({ principals: [{ kind: "group", name: "governance-team" }] }));
    const response = await call<messages.InvokeResponse>(client.invoke, request);
    expect(fromStruct(response.getReturn())).toEqual({
      principals: [
        {
          kind: "group",
          name: "governance-team",
          id: GOVERNANCE,
          displayName: "governance-team",
          candidates: [],
        },
      ],
    });
  });

  it("keeps the token out of errors", async () => {
    await expect(create(URN, inputsOfJob({ baseAddress: `http://127.0.0.1:1/${SECRET}` }))).rejects.toThrow(
      /^(?!.*nobody-may-see)[\s\S]*\[secret\]/,
    );
  });

  it("deletes", async () => {
    const request = new messages.DeleteRequest();
    request.setUrn(URN);
    request.setId(id);
    request.setOldInputs(toStruct(inputsOfJob()));
    request.setProperties(toStruct(outputs));
    await call(client.delete, request);
    expect(engine.logged.at(-1)?.message).toContain("stay in the product");
  });

  it("has given the token in no response but marked as a secret, and in no message", () => {
    expect(JSON.stringify(responses)).toContain(SECRET);
    expect(clearTexts(responses)).not.toContain(SECRET);
    expect(JSON.stringify(engine.logged)).not.toContain(SECRET);
  });

  it("sends nothing more once it is told to stop", async () => {
    await call(client.cancel, new empty.Empty());
    fixture.tenant.log.clear();
    await expect(create(URN, inputsOfJob())).rejects.toThrow("Pulumi was interrupted");
    expect(fixture.tenant.log.list()).toEqual([]);
  });
});

describe("the plugin's life", () => {
  const alive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  async function ends(pid: number): Promise<boolean> {
    for (let waited = 0; waited < 100 && alive(pid); waited++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    return !alive(pid);
  }

  it("ends with its engine, also when that is killed", async () => {
    const parent = spawn("sh", ["-c", '"$0" 127.0.0.1:1 </dev/null & echo "$!"; wait', PLUGIN], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: parent.stdout });
    const [pid] = (await once(lines, "line")) as [string];
    await once(lines, "line");
    expect(alive(Number(pid))).toBe(true);
    parent.kill("SIGKILL");
    const ended = await ends(Number(pid));
    if (!ended) process.kill(Number(pid));
    expect(ended).toBe(true);
  });

  it("ends when its input does", async () => {
    const plugin = spawn(PLUGIN, ["127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
    await firstLine(plugin);
    plugin.stdin.end();
    expect(await ends(plugin.pid ?? 0)).toBe(true);
  });
});
