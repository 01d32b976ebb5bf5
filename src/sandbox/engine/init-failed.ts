import { Metadata } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { InitFailed } from "./resource-provider.ts";
import { fromStruct } from "./wire.ts";

const DETAIL = "pulumirpc.ErrorResourceInitFailed";

/** What a provider's error says of an object that it made or changed half way; undefined for any other error. */
export function readInitFailed(error: unknown): InitFailed | undefined {
  if (!(error instanceof Error) || !("metadata" in error) || !(error.metadata instanceof Metadata)) return;
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (!(packed instanceof Uint8Array)) return;
  const details = statuses.Status.deserializeBinary(packed).getDetailsList();
  const detail = details.find((candidate) => candidate.getTypeName() === DETAIL);
  if (!detail) return;
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new InitFailed(
    { id: failed.getId(), outputs: fromStruct(failed.getProperties()), reasons: failed.getReasonsList() },
    error,
  );
}
