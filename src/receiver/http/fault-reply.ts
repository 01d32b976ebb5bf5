import type { FastifyReply } from "fastify";
import type { FaultRule } from "../faults/faults.ts";
import type { Reply } from "../protocol/call.ts";

/** An answer that breaks off: nothing of it, or its head and half of its body. */
export function brokenReply(reply: FastifyReply, outcome: Reply, fault: FaultRule): FastifyReply {
  reply.hijack();
  const { socket } = reply.raw;
  if (fault.drop !== undefined || outcome.body === undefined) {
    socket?.destroy();
    return reply;
  }
  const bytes = Buffer.from(outcome.body, "utf8");
  reply.raw.writeHead(outcome.status, { ...outcome.headers, "content-length": bytes.length });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => socket?.destroy());
  return reply;
}
