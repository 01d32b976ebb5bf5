import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { calls as callsOf, type DiffResult, type Subject } from "./calls.ts";
import type { CheckFailure } from "./check.ts";
import type { Session } from "./context.ts";
import { initFailed } from "./init-failed.ts";
import { engineLog } from "./log.ts";
import { PartlyDone } from "./partly-done.ts";
import type { Provider } from "./provider.ts";
import type { PropertyMap, Value } from "./values.ts";

type Struct = InstanceType<typeof struct.Struct>;

/** Serves pulumirpc.ResourceProvider on a free port of the loopback interface, and returns the port. */
export async function serve(provider: Provider, session: Session): Promise<number> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(services.ResourceProviderService, implementation(provider, session));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function implementation(provider: Provider, session: Session): grpc.UntypedServiceImplementation {
  const calls = callsOf(provider, session);
  return {
    handshake: unary(async (request: InstanceType<typeof messages.ProviderHandshakeRequest>) => {
      attach(session, request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(true);
      response.setAcceptOutputs(true);
      return response;
    }),
    attach: unary(async (request: InstanceType<typeof plugin.PluginAttach>) => {
      attach(session, request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: unary(async () => {
      const response = new plugin.PluginInfo();
      response.setVersion(provider.package.version);
      return response;
    }),
    getSchema: unary(async () => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify(provider.package));
      return response;
    }),
    checkConfig: unary(async (request: CheckRequest) => checked(request, [])),
    diffConfig: unary(async () => diffResponse({ differences: [], replaces: [] })),
    configure: unary(async (request: InstanceType<typeof messages.ConfigureRequest>) => {
      calls.configure(read(request.getArgs()));
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setAcceptoutputs(true);
      response.setSupportspreview(true);
      return response;
    }),
    check: unary(async (request: CheckRequest) =>
      checked(request, calls.check(request.getUrn(), read(request.getOlds()), read(request.getNews()))),
    ),
    diff: unary(async (request: InstanceType<typeof messages.DiffRequest>) => {
      const subject = subjectOf(request, request.getOldInputs(), request.getOlds());
      return diffResponse(await calls.diff(subject, read(request.getNews()), request.getIgnorechangesList()));
    }),
    create: unary(async (request: InstanceType<typeof messages.CreateRequest>) => {
      const created = await calls.create(
        request.getUrn(),
        read(request.getProperties()),
        request.getPreview(),
      );
      const response = new messages.CreateResponse();
      response.setId(created.id);
      response.setProperties(written(created.outputs));
      return response;
    }),
    read: unary(async (request: InstanceType<typeof messages.ReadRequest>) => {
      const observed = await calls.read(subjectOf(request, request.getInputs(), request.getProperties()));
      const response = new messages.ReadResponse();
      if (!observed) return response;
      response.setId(observed.id);
      response.setInputs(written(observed.inputs));
      response.setProperties(written(observed.outputs));
      return response;
    }),
    update: unary(async (request: InstanceType<typeof messages.UpdateRequest>) => {
      const subject = subjectOf(request, request.getOldInputs(), request.getOlds());
      const outputs = await calls.update(subject, read(request.getNews()), request.getPreview());
      const response = new messages.UpdateResponse();
      response.setProperties(written(outputs));
      return response;
    }),
    delete: unary(async (request: InstanceType<typeof messages.DeleteRequest>) => {
      await calls.delete(subjectOf(request, request.getOldInputs(), request.getProperties()));
      return new empty.Empty();
    }),
    invoke: unary(async (request: InstanceType<typeof messages.InvokeRequest>) => {
      const answer = await calls.invoke(request.getTok(), read(request.getArgs()), request.getPreview());
      const response = new messages.InvokeResponse();
      if ("failures" in answer) response.setFailuresList(answer.failures.map(failure));
      else response.setReturn(written(answer.result));
      return response;
    }),
    cancel: unary(async () => {
      session.cancel();
      return new empty.Empty();
    }),
  };
}

type CheckRequest = InstanceType<typeof messages.CheckRequest>;

function unary<Request, Response>(
  handle: (request: Request) => Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: unknown) =>
        callback(
          error instanceof PartlyDone
            ? initFailed(error)
            : {
                code: grpc.status.UNKNOWN,
                details: error instanceof Error ? error.message : String(error),
              },
        ),
    );
  };
}

function attach(session: Session, address: string): void {
  if (address) session.attach(engineLog(address));
}

function read(properties: Struct | undefined): PropertyMap {
  return (properties?.toJavaScript() ?? {}) as PropertyMap;
}

function written(value: Value): Struct {
  return struct.Struct.fromJavaScript(value as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}

/** Engines that do not send old inputs apart have them in the old outputs. */
function subjectOf(
  request: { getId(): string; getUrn(): string },
  inputs: Struct | undefined,
  outputs: Struct | undefined,
): Subject {
  return {
    urn: request.getUrn(),
    id: request.getId(),
    inputs: read(inputs ?? outputs),
    outputs: read(outputs),
  };
}

/** Inputs are given back as they came: rollcall has no defaults to add, and their secret marks stay. */
function checked(request: CheckRequest, failures: CheckFailure[]) {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  response.setFailuresList(failures.map(failure));
  return response;
}

function failure({ property, reason }: CheckFailure) {
  const message = new messages.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
}

const KIND = messages.PropertyDiff.Kind;
const KINDS = {
  add: [KIND.ADD, KIND.ADD_REPLACE],
  delete: [KIND.DELETE, KIND.DELETE_REPLACE],
  update: [KIND.UPDATE, KIND.UPDATE_REPLACE],
} as const;

function diffResponse(result: DiffResult) {
  const { DiffChanges } = messages.DiffResponse;
  const response = new messages.DiffResponse();
  response.setChanges(result.differences.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setReplacesList(result.replaces);
  response.setHasdetaileddiff(true);
  for (const { path, kind } of result.differences) {
    const detail = new messages.PropertyDiff();
    detail.setKind(KINDS[kind][result.replaces.includes(path) ? 1 : 0]);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  const top = result.differences.map(({ path }) => path.split(/[.[]/, 1)[0] ?? path);
  response.setDiffsList([...new Set(top)]);
  return response;
}
