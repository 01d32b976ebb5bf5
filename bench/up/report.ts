import type { Measured } from "./pulumi.ts";

export interface Row {
  what: string;
  ours: Measured;
  theirs: Measured;
}

export interface Growth {
  size: number;
  /** Seconds. */
  validate: number;
  up: Measured;
  preview: Measured;
}

/** docs/performance.md from the measured figures. */
export function report({
  rows,
  growth,
  machine,
  many,
  pairs,
}: {
  rows: readonly Row[];
  growth: readonly Growth[];
  machine: string;
  many: number;
  /** Seconds of previews with nothing to change, taken in turn. */
  pairs: readonly { whole: number; empty: number }[];
}): string {
  const median = (of: "whole" | "empty") =>
    pairs.map((pair) => pair[of]).sort((a, b) => a - b)[Math.floor(pairs.length / 2)] ?? Number.NaN;
  const [whole, empty] = [median("whole"), median("empty")];
  return [
    "# How long `pulumi up` takes",
    "",
    "Written by `node bench/up/run.ts`: the real Pulumi CLI and the unmodified azuread provider against the simulated tenant",
    `(\`--kind\`), one step of rollcall's program and one of the peer's in turn. ${machine}.`,
    "",
    "The peer is a program of plain azuread resources for the same DataHub set-up (`bench/up/peer`). It cannot write the role",
    "mapping, so it does less.",
    "",
    "| | rollcall | plain azuread | time, share of the peer's |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ what, ours, theirs }) =>
        `| ${what} | ${cell(ours)} | ${cell(theirs)} | ${(ours.seconds / theirs.seconds).toFixed(2)} |`,
    ),
    "",
    `The application resource alone waits 20 s inside azuread, in both. A drift check of ${many} assignments may cost`,
    "assignments / 15 + 30 requests.",
    "",
    "## A preview of everything",
    "",
    `\`pulumi preview\` of all six applications of \`config/sandbox.yaml\` with nothing to change takes ${whole.toFixed(1)} s, of a`,
    `program that is empty ${empty.toFixed(1)} s: ${(whole - empty).toFixed(1)} s more (medians of ${pairs.length}, in turn).`,
    "",
    "## With the number of assignments",
    "",
    "![Seconds by assignments](performance.svg)",
    "",
    "| assignments | `rollcall validate` | first `up` | preview with nothing to change |",
    "| --- | --- | --- | --- |",
    ...growth.map(
      ({ size, validate, up, preview }) =>
        `| ${size} | ${validate.toFixed(2)} s | ${cell(up)} | ${cell(preview)} |`,
    ),
    "",
  ].join("\n");
}

const cell = ({ seconds, requests }: Measured) => `${seconds.toFixed(1)} s, ${requests} requests`;

const WIDTH = 560;
const HEIGHT = 260;
const LEFT = 50;
const TOP = 30;

/** Seconds over assignments, the latter on a logarithmic scale. */
export function chart(growth: readonly Growth[]): string {
  const longest = Math.max(...growth.flatMap(({ up, preview }) => [up.seconds, preview.seconds]), 1);
  const sizes = growth.map(({ size }) => Math.log10(size));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const x = (size: number) => LEFT + ((Math.log10(size) - least) / (most - least || 1)) * WIDTH;
  const y = (seconds: number) => TOP + HEIGHT - (seconds / longest) * HEIGHT;
  const line = (of: (one: Growth) => Measured, colour: string, name: string) => {
    const points = growth.map((one) => [x(one.size), y(of(one).seconds)] as const);
    const [lastX = LEFT, lastY = TOP] = points.at(-1) ?? [];
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => point.map(round).join(",")).join(" ")}"/>`,
      ...points.map(([px, py]) => `<circle cx="${round(px)}" cy="${round(py)}" r="3" fill="${colour}"/>`),
      `<text x="${round(lastX + 8)}" y="${round(lastY + 4)}" fill="${colour}">${name}</text>`,
    ].join("");
  };
  const ticks = growth.map(
    ({ size }) => `<text x="${round(x(size))}" y="${TOP + HEIGHT + 18}" text-anchor="middle">${size}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 110} ${TOP + HEIGHT + 45}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Seconds of a first up and of a preview by the number of assignments"><rect width="100%" height="100%" fill="#fff"/><g fill="#1d1f23"><text x="${LEFT}" y="18">seconds</text><text x="${LEFT - 6}" y="${TOP + 4}" text-anchor="end">${longest.toFixed(0)}</text><text x="${LEFT - 6}" y="${TOP + HEIGHT}" text-anchor="end">0</text>${ticks.join("")}<text x="${LEFT + WIDTH / 2}" y="${TOP + HEIGHT + 38}" text-anchor="middle">assignments</text></g><path d="M${LEFT} ${TOP}V${TOP + HEIGHT}H${LEFT + WIDTH}" fill="none" stroke="#9aa0a6"/>${line(({ up }) => up, "#1a5fb4", "first up")}${line(({ preview }) => preview, "#2e7d32", "preview")}</svg>\n`;
}

const round = (value: number) => Number(value.toFixed(1));
