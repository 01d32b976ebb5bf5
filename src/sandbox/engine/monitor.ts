import * as grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Deployment } from "./deployment.ts";
import { readGoal } from "./goal.ts";
import type { Hooks } from "./hooks.ts";
import type { Journal } from "./journal.ts";
import { StepFailed } from "./result.ts";
import { CHANNEL_OPTIONS, errorText, fromStruct, toStruct } from "./wire.ts";

type Call<Request> = { request: Request };
type Done<Response> = (error: Partial<grpc.StatusObject> | null, value?: Response) => void;

type Act<Request, Response> = (deployment: Deployment, request: Request) => Promise<Response>;

export interface MonitorOptions {
  /** Resolves when registrations may be acted on: the refresh comes first. */
  deployment: Promise<Deployment>;
  hooks: Hooks;
  journal: Journal;
  preview: boolean;
  /** No further step is taken. */
  isStopped: () => boolean;
  /** A step failed. The program is told that the monitor is gone, and ends. */
  onFailure: (error: StepFailed) => void;
}

export interface Monitor {
  /** `127.0.0.1:<port>` */
  address: string;
  /** Resolves when the program has registered all that it wants. */
  programDone: Promise<void>;
  /** Resolves when no request is being acted on. */
  idle(): Promise<void>;
  /** Lets a program go that waits for the end of the deployment. */
  release(): void;
  close(): void;
}

/**
 * Serves Pulumi's ResourceMonitor, which a program registers its resources with, and Engine, which takes its messages and
 * those of the plugins. Requests are acted on one at a time, in the order they came.
 */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const programDone = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const turns = new Turns();
  const server = new grpc.Server(CHANNEL_OPTIONS);
  server.addService(
    services.ResourceMonitorService as unknown as grpc.ServiceDefinition,
    resourceMonitor(options, turns, programDone.resolve, released.promise),
  );
  server.addService(
    engineServices.EngineService as unknown as grpc.ServiceDefinition,
    engine(options.journal),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    programDone: programDone.promise,
    idle: () => turns.last,
    release: released.resolve,
    close: () => server.forceShutdown(),
  };
}

/** One thing after the other. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  /** When the thing that was asked for last is done. */
  get last(): Promise<void> {
    return this.#last;
  }

  take(act: () => Promise<void>): void {
    this.#last = this.#last.then(act);
  }
}

function resourceMonitor(
  { deployment, hooks, preview, isStopped, onFailure }: MonitorOptions,
  turns: Turns,
  programIsDone: () => void,
  released: Promise<void>,
): grpc.UntypedServiceImplementation {
  /** Answers in turn. The SDK takes UNAVAILABLE for the end of the deployment and leaves the reporting to the engine. */
  const inTurn =
    <Request, Response>(act: Act<Request, Response>, failed: (error: unknown) => grpc.status) =>
    ({ request }: Call<Request>, done: Done<Response>): void => {
      turns.take(async () => {
        const taker = await deployment.catch(() => undefined);
        if (!taker || isStopped())
          return done({ code: grpc.status.UNAVAILABLE, details: "The deployment has ended." });
        try {
          done(null, await act(taker, request));
        } catch (error) {
          done({ code: failed(error), details: errorText(error) });
        }
      });
    };
  const step = <Request, Response>(act: Act<Request, Response>) =>
    inTurn(act, (error) => {
      onFailure(error instanceof StepFailed ? error : new StepFailed(errorText(error), undefined, error));
      return grpc.status.UNAVAILABLE;
    });

  return {
    getDeploymentInfo: (_call: Call<empty.Empty>, done: Done<messages.DeploymentInfo>) => {
      const info = new messages.DeploymentInfo();
      const features = messages.ResourceMonitorFeature;
      info.setSupportedfeaturesList([
        features.RESOURCE_MONITOR_FEATURE_SECRETS,
        features.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
        features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
        features.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
        features.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
        features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
      ]);
      done(null, info);
    },

    registerResourceHook: (
      { request }: Call<messages.RegisterResourceHookRequest>,
      done: Done<empty.Empty>,
    ) => {
      const callback = request.getCallback();
      if (callback) hooks.register(request.getName(), callback, request.getOnDryRun());
      done(null, new empty.Empty());
    },

    registerErrorHook: ({ request }: Call<messages.RegisterErrorHookRequest>, done: Done<empty.Empty>) => {
      const callback = request.getCallback();
      if (callback) hooks.register(request.getName(), callback, false);
      done(null, new empty.Empty());
    },

    registerResource: step(async (taker, request: messages.RegisterResourceRequest) => {
      const state = await taker.register(readGoal(request));
      const response = new messages.RegisterResourceResponse();
      response.setUrn(state.urn);
      response.setId(state.id ?? "");
      response.setObject(toStruct(state.outputs));
      return response;
    }),

    registerResourceOutputs: step(async (taker, request: messages.RegisterResourceOutputsRequest) => {
      taker.setOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new empty.Empty();
    }),

    invoke: inTurn(
      async (taker, request: messages.ResourceInvokeRequest) => {
        const token = request.getTok();
        const provider = await taker.providerFor(token, request.getProvider(), request.getVersion());
        const { result, failures } = await provider.invoke(token, fromStruct(request.getArgs()), preview);
        const response = new messages.ResourceInvokeResponse();
        response.setReturn(toStruct(result));
        response.setFailuresList(
          failures.map(({ property, reason }) => {
            const failure = new providerMessages.CheckFailure();
            failure.setProperty(property);
            failure.setReason(reason);
            return failure;
          }),
        );
        return response;
      },
      () => grpc.status.UNKNOWN,
    ),

    signalAndWaitForShutdown: (_call: Call<empty.Empty>, done: Done<empty.Empty>) => {
      programIsDone();
      void released.then(() => done(null, new empty.Empty()));
    },
  };
}

function engine(journal: Journal): grpc.UntypedServiceImplementation {
  const { DEBUG, WARNING, ERROR } = engineMessages.LogSeverity;
  let root = "";
  return {
    log: ({ request }: Call<engineMessages.LogRequest>, done: Done<empty.Empty>) => {
      const severity = request.getSeverity();
      if (severity !== DEBUG && !request.getEphemeral()) {
        const word = severity === ERROR ? "error" : severity === WARNING ? "warning" : "info";
        journal.say(word, request.getMessage(), request.getUrn());
      }
      done(null, new empty.Empty());
    },
    setRootResource: ({ request }: Call<engineMessages.SetRootResourceRequest>, done: Done<unknown>) => {
      root = request.getUrn();
      done(null, new engineMessages.SetRootResourceResponse());
    },
    getRootResource: (_call: Call<unknown>, done: Done<engineMessages.GetRootResourceResponse>) => {
      const response = new engineMessages.GetRootResourceResponse();
      response.setUrn(root);
      done(null, response);
    },
  };
}
