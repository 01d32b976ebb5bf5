import type { Socket } from "node:net";
import { connect } from "node:net";

/** What one request of a load is. */
export interface Shot {
  method: "GET" | "POST" | "PATCH";
  /** Below the base URL. */
  path: string;
  body?: string;
}

export interface Answer {
  status: number;
  text(): string;
}

/**
 * One HTTP/1.1 connection to a server, one request at a time. It does no more than it must, as what the client needs is added to
 * every server's time alike and hides the difference between them. A server that closes after an answer, as scim2-server
 * does, is connected to anew.
 */
export class Connection {
  readonly #host: string;
  readonly #port: number;
  readonly #prefix: string;
  readonly #headers: string;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(baseUrl: string, token: string) {
    const url = new URL(baseUrl);
    this.#host = url.hostname;
    this.#port = Number(url.port);
    this.#prefix = url.pathname;
    this.#headers = ` HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer ${token}\r\n`;
  }

  /** The bytes of a request. */
  encode({ method, path, body }: Shot): Buffer {
    const head = `${method} ${this.#prefix}${path}${this.#headers}`;
    if (body === undefined) return Buffer.from(`${head}\r\n`);
    const length = Buffer.byteLength(body);
    return Buffer.from(
      `${head}content-type: application/scim+json\r\ncontent-length: ${length}\r\n\r\n${body}`,
    );
  }

  /** @throws Error when the server goes away before it has answered. */
  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(request);
    });
  }

  send(shot: Shot): Promise<Answer> {
    return this.exchange(this.encode(shot));
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    const gone = (error?: Error) => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#waiting?.reject(error ?? new Error("the server closed the connection before it had answered"));
      this.#waiting = undefined;
    };
    socket.on("error", gone);
    socket.on("close", () => gone());
    return socket;
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#received.toString("latin1", 0, end);
    const body = bodyOf(head, this.#received.subarray(end + 4));
    if (!body) return;
    this.#received = Buffer.alloc(0);
    if (/^connection: *close/im.test(head) || head.startsWith("HTTP/1.0")) this.close();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), text: () => body.toString("utf8") });
  }
}

/** The body of an answer, or undefined while some of it is to come. */
function bodyOf(head: string, rest: Buffer): Buffer | undefined {
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return rest.length >= Number(length) ? rest : undefined;
  if (/^transfer-encoding: *chunked/im.test(head)) return dechunk(rest);
  if (/^HTTP\/1\.\d (?:204|304)/.test(head)) return rest;
  throw new Error(`an answer without a length: ${head}`);
}

function dechunk(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16);
    const next = line + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = next;
  }
}
