import type { PageTimes } from "./page.ts";

export interface Measured {
  server: string;
  size: number;
  connections: number;
  shot: string;
  /** Requests a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Microseconds of the server's CPU time for one request. */
  cpu: number;
}

export interface FilterCost {
  size: number;
  filter: string;
  milliseconds: number;
}

export interface Growth {
  members: number;
  milliseconds: number;
}

export interface Results {
  measured: Measured[];
  filters: FilterCost[];
  memory: { size: number; mebibytes: number }[];
  growth: Growth[];
  /** Undefined where there is no Chromium. */
  page: PageTimes | undefined;
  seconds: number;
  rounds: number;
  /** Load averages (one minute) before and after, and the number of cores they are to be held against. */
  load: { before: number; after: number; cores: number };
}

const PEERS = ["scimmy-routers", "scim2-server"];
const SHOTS = ["POST", "GET", "filter", "PATCH"];
const number = (value: number, digits = 0) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const median = (numbers: number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

function find(
  all: Measured[],
  server: string,
  size: number,
  connections: number,
  shot: string,
): Measured | undefined {
  return all.find(
    (m) => m.server === server && m.size === size && m.connections === connections && m.shot === shot,
  );
}

interface Gate {
  what: string;
  required: string;
  measured: string;
  /** The same by the servers' CPU time, which does not depend on what else the machine does. */
  byCpu?: string;
  met: boolean;
}

/** How many times the CPU time of a request is that of the cheaper peer. */
function cpuOfBest(all: Measured[], size: number, connections: number, shot: string): number {
  const own = find(all, "rollcall", size, connections, shot)?.cpu ?? 1;
  return Math.min(...PEERS.map((peer) => find(all, peer, size, connections, shot)?.cpu ?? Infinity)) / own;
}

/** What the receiver promises of its speed, each against what was measured. */
function gates({ measured, filters, memory, growth, page }: Results): Gate[] {
  const list: Gate[] = [];
  const size = measured.some((m) => m.size === 10_000) ? 10_000 : (measured[0]?.size ?? 0);
  for (const connections of [1, 16]) {
    for (const shot of SHOTS) {
      const own = find(measured, "rollcall", size, connections, shot)?.rate ?? 0;
      const best = Math.max(...PEERS.map((peer) => find(measured, peer, size, connections, shot)?.rate ?? 0));
      list.push({
        what: `${shot}, ${number(size)} users, ${connections} connection${connections > 1 ? "s" : ""}, against the better peer`,
        required: "at least 3 times",
        measured: `${number(own / best, 1)} times`,
        byCpu: `${number(cpuOfBest(measured, size, connections, shot), 1)} times`,
        met: own >= 3 * best,
      });
    }
    const own = find(measured, "rollcall", size, connections, "POST")?.rate ?? 0;
    const floor = find(measured, "floor", size, connections, "POST")?.rate ?? 1;
    list.push({
      what: `POST, ${connections} connection${connections > 1 ? "s" : ""}, against the floor`,
      required: "at least half",
      measured: number(own / floor, 2),
      byCpu: number(
        (find(measured, "floor", size, connections, "POST")?.cpu ?? 0) /
          (find(measured, "rollcall", size, connections, "POST")?.cpu ?? 1),
        2,
      ),
      met: own >= floor / 2,
    });
  }
  const [first] = growth;
  const last = growth.at(-1);
  if (first && last) {
    list.push({
      what: `adding a member at ${number(last.members)} against ${number(first.members)}`,
      required: "at most 1.5 times",
      measured: `${number(last.milliseconds / first.milliseconds, 2)} times`,
      met: last.milliseconds <= 1.5 * first.milliseconds,
    });
  }
  const sizes = [...new Set(filters.map((f) => f.size))];
  for (const filter of new Set(filters.map((f) => f.filter))) {
    const cost = (at: number | undefined) =>
      filters.find((f) => f.filter === filter && f.size === at)?.milliseconds ?? 0;
    const ratio = cost(sizes.at(-1)) / cost(sizes[0]);
    list.push({
      what: `filter by ${filter} at ${number(sizes.at(-1) ?? 0)} users against ${number(sizes[0] ?? 0)}`,
      required: "at most 1.5 times",
      measured: `${number(ratio, 2)} times`,
      met: ratio <= 1.5,
    });
  }
  const most = memory.at(-1);
  if (most) {
    list.push({
      what: `memory at ${number(most.size)} users`,
      required: "below 400 MiB",
      measured: `${number(most.mebibytes)} MiB`,
      met: most.mebibytes < 400,
    });
  }
  if (page) {
    const searches = page.searches.flatMap(({ times }) => times);
    for (const [what, times, limit] of [
      ["first rows of the page", page.firstRows, 1000],
      ["a search in the page", searches, 200],
    ] as const) {
      const slowest = Math.max(...times);
      list.push({
        what: `${what}, ${number(page.size)} users`,
        required: `within ${number(limit)} ms`,
        measured: `${number(slowest)} ms at most`,
        met: slowest <= limit,
      });
    }
  }
  return list;
}

/** The page in Chromium, one row for what is waited for. */
function pageTable(page: PageTimes | undefined): string {
  if (!page) return "Not measured: there was no Chromium.";
  const rows = [
    { what: "first rows, nothing cached", times: page.firstRows },
    ...page.searches.map(({ matches, times }) => ({ what: `search that finds ${matches}`, times })),
  ];
  return table(
    ["what", "median ms", "slowest ms"],
    rows.map(({ what, times }) => [what, number(median(times)), number(Math.max(...times))]),
  );
}

export function report(results: Results): string {
  const { measured, growth, page, seconds, rounds, load } = results;
  return `# How fast the receiver is

Made by \`node bench/receiver/run.ts\`; do not edit. The median of ${rounds} rounds of ${seconds} s each, all servers in turn within each round,
load generator and servers on the same machine. rollcall runs as it is shipped: on disk, journal on, every answer after its
commit. The peers keep everything in memory. scimmy-routers has a handler that filters; scim2-server is not measured at
100,000 users, as it would take minutes to fill. The floor is a bare HTTP server that parses JSON and writes one row to
SQLite with the same durability. The machine's load average was ${number(load.before, 1)} before and ${number(load.after, 1)} after, on ${load.cores} cores${
    Math.max(load.before, load.after) > load.cores * 1.5
      ? ": it was busy with other work, so that rates and times say little, and CPU time must be looked at"
      : ""
  }. CPU is the server's own time for one request, which a busy machine blurs less than rates.

![Requests a second at 1 connection](receiver-performance.svg)

## What is promised

${table(
  ["what", "required", "measured", "by CPU time", ""],
  gates(results).map((g) => [g.what, g.required, g.measured, g.byCpu ?? "", g.met ? "met" : "**missed**"]),
)}

## Requests a second

${table(
  ["server", "users", "connections", "request", "requests/s", "p50 ms", "p99 ms", "CPU us"],
  measured.map((m) => [
    m.server,
    number(m.size),
    String(m.connections),
    m.shot,
    number(m.rate),
    number(m.p50, 2),
    number(m.p99, 2),
    number(m.cpu),
  ]),
)}

## Adding one member to a group

${table(
  ["members there", "ms"],
  growth.map((g) => [number(g.members), number(g.milliseconds, 3)]),
)}

## The page

Milliseconds in Chromium, ${page ? `at ${number(page.size)} users, ` : ""}until the rows are painted. A search counts from the last key, and so has in it the pause in
which the page waits for another one.

${pageTable(page)}
`;
}

const COLOURS: Record<string, string> = {
  rollcall: "#1f5fa8",
  "scimmy-routers": "#c07a1f",
  "scim2-server": "#6a8f3c",
  floor: "#8a8f98",
};

/** Bars of requests a second at one connection, on a logarithmic scale, one row for each number of users and request. */
export function chart(measured: Measured[]): string {
  const rows = measured.filter((m) => m.connections === 1);
  const most = Math.max(...rows.map((m) => m.rate));
  const scale = (rate: number) => (460 * Math.log10(Math.max(1, rate))) / Math.log10(most);
  const parts: string[] = [];
  let y = 24;
  let heading = "";
  for (const m of rows) {
    const next = `${number(m.size)} users, ${m.shot}`;
    if (next !== heading) {
      y += heading === "" ? 0 : 10;
      parts.push(`<text x="8" y="${y}" font-weight="600">${next}</text>`);
      y += 8;
      heading = next;
    }
    const width = scale(m.rate).toFixed(1);
    parts.push(
      `<rect x="140" y="${y}" width="${width}" height="13" fill="${COLOURS[m.server]}"/>`,
      `<text x="132" y="${y + 11}" text-anchor="end">${m.server}</text>`,
      `<text x="${146 + Number(width)}" y="${y + 11}">${number(m.rate)}</text>`,
    );
    y += 17;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 ${y + 12}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Requests a second at one connection, logarithmic scale"><rect width="100%" height="100%" fill="#fff"/><g fill="#1d1f23">${parts.join("")}</g></svg>\n`;
}
