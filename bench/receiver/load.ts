import type { Connection, Shot } from "./connection.ts";

export interface Load {
  /** Requests answered. */
  count: number;
  /** Requests a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/**
 * Sends shots over so many connections for so long, each when the one before is answered. The next one is made while the server
 * works at the one before.
 *
 * @throws Error for an answer that is no 2xx: a server that fails quickly is not fast.
 */
export async function measure(connections: Connection[], seconds: number, next: () => Shot): Promise<Load> {
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    connections.map(async (connection) => {
      let request = connection.encode(next());
      for (let began = performance.now(); began < end; began = performance.now()) {
        const sent = request;
        const answering = connection.exchange(sent);
        request = connection.encode(next());
        const { status, text } = await answering;
        times.push(performance.now() - began);
        if (status < 200 || status > 299) {
          const [line] = sent.toString("utf8").split("\r\n");
          throw new Error(`${line} was answered ${status}: ${text().slice(0, 300)}`);
        }
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { count: times.length, rate: times.length / elapsed, p50: at(0.5), p99: at(0.99) };
}
