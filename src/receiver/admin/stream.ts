import type { FastifyReply } from "fastify";
import type { Journal } from "../journal/journal.ts";

const HEARTBEAT_MS = 15_000;

/** A client that lets more than this wait is cut off. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/** The live journals that are being read, so that they can be ended when the receiver stops. */
export class Streams {
  readonly #open = new Set<() => void>();

  /** Sends each new entry as a server-sent event, after those since `since` that there are already. */
  start(reply: FastifyReply, journal: Journal, since: number | undefined): void {
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      connection: "keep-alive",
    });
    const send = (seq: number | undefined, text: string) => {
      response.write(`${seq === undefined ? "" : `id: ${seq}\n`}event: entry\ndata: ${text}\n\n`);
      if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
    };
    response.write(": open\n\n");
    if (since !== undefined) {
      for (const entry of journal.query({ since, limit: 1000 })) send(entry.seq, JSON.stringify(entry));
    }
    const stop = journal.listen((text) => send(undefined, text));
    const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
    const end = () => {
      clearInterval(heartbeat);
      stop();
      this.#open.delete(end);
      response.end();
    };
    this.#open.add(end);
    response.on("close", end);
  }

  endAll(): void {
    for (const end of [...this.#open]) end();
  }
}
