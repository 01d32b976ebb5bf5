import * as grpc from "@grpc/grpc-js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyMap } from "./values.ts";

/** Large maps of assignments travel in one message. */
export const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};

export function toStruct(map: PropertyMap): structs.Struct {
  return structs.Struct.fromJavaScript(map);
}

export function fromStruct(struct: structs.Struct | undefined): PropertyMap {
  return (struct?.toJavaScript() ?? {}) as PropertyMap;
}

/** Awaits the answer of one call of a generated client: `unary((done) => client.read(request, done))`. */
export function unary<Response>(
  start: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** What a gRPC error says to a person, without its code. */
export function errorText(error: unknown): string {
  if (
    error instanceof Error &&
    "details" in error &&
    typeof error.details === "string" &&
    error.details !== ""
  ) {
    return error.details;
  }
  return error instanceof Error ? error.message : String(error);
}

export function isUnimplemented(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === grpc.status.UNIMPLEMENTED;
}
