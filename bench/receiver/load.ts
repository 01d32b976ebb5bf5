import { Client } from "undici";

/** What one request of a load is. */
export interface Shot {
  method: "GET" | "POST" | "PATCH";
  /** Below the base URL. */
  path: string;
  body?: string;
}

export interface Load {
  /** Requests answered. */
  count: number;
  /** Requests a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** One keep-alive connection to a server. */
export class Connection {
  readonly #client: Client;
  readonly #prefix: string;
  readonly #headers: Record<string, string>;

  constructor(baseUrl: string, token: string) {
    const url = new URL(baseUrl);
    this.#client = new Client(url.origin, { pipelining: 1 });
    this.#prefix = url.pathname;
    this.#headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  }

  async send({ method, path, body }: Shot): Promise<{ status: number; text: string }> {
    const answer = await this.#client.request({
      method,
      path: this.#prefix + path,
      headers: this.#headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/**
 * Sends shots over so many connections for so long, each when the one before is answered.
 *
 * @throws Error for an answer that is no 2xx: a server that fails quickly is not fast.
 */
export async function measure(connections: Connection[], seconds: number, next: () => Shot): Promise<Load> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  const started = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) {
        const shot = next();
        const began = performance.now();
        const { status, text } = await connection.send(shot);
        times.push(performance.now() - began);
        if (status < 200 || status > 299) {
          throw new Error(`${shot.method} ${shot.path} was answered ${status}: ${text.slice(0, 300)}`);
        }
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { count: times.length, rate: times.length / elapsed, p50: at(0.5), p99: at(0.99) };
}
