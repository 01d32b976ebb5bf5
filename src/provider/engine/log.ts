import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

export type Severity = "info" | "warning";

/** Sends messages to the engine, which shows them beside the resource they are about. */
export interface EngineLog {
  log(severity: Severity, message: string, urn: string): Promise<void>;
}

export function engineLog(address: string): EngineLog {
  const client = new services.EngineClient(address, grpc.credentials.createInsecure());
  return {
    log: (severity, message, urn) =>
      new Promise((resolve) => {
        const request = new messages.LogRequest();
        request.setSeverity(
          severity === "warning" ? messages.LogSeverity.WARNING : messages.LogSeverity.INFO,
        );
        request.setMessage(message);
        request.setUrn(urn);
        // An engine that is going away cannot show a message; the call it belongs to fails by itself.
        client.log(request, () => resolve());
      }),
  };
}
