import { entraExempt, entraGuards } from "./entra.ts";
import { oktaExempt, oktaGuards, oktaReported } from "./okta.ts";

export const guards = [...entraGuards, ...oktaGuards];
export const exempt = [
  ...entraExempt,
  ...oktaExempt,
  {
    property: "rollcall:DeclaredApplications applications",
    reason: "the stack's own record of who is in, so that an application that leaves the spec is counted",
  },
];
export const reported = oktaReported;

/** docs/drift.md: each managed property with what answers a change of it by hand. */
export function driftTable(properties: readonly string[]): string {
  const rows = properties.flatMap((property) => [
    ...guards
      .filter((one) => one.property === property)
      .map(({ by, repair }) => row(property, by, `repaired by ${counted(repair.length)}`)),
    ...reported
      .filter((one) => one.property === property)
      .map(({ by, stops }) =>
        row(
          property,
          by,
          stops ? "stops: a person has to set it right" : "a warning, and a difference; not repaired",
        ),
      ),
    ...exempt
      .filter((one) => one.property === property)
      .map(({ reason }) => row(property, "", `not guarded: ${reason}`)),
  ]);
  return [
    "# Drift: every property that rollcall manages",
    "",
    "Made by `npx vitest run test/drift -u` from the state that the program leaves for `config/sandbox.yaml` with SCIM switched on;",
    "a test fails when a property of that state has no row. For each change by hand below, a test makes it behind the engine's back",
    "and checks that `pulumi preview --expect-no-changes` (the project refreshes always) ends with an error and names it, that `up`",
    "repairs it with the writes for it alone, and that the next preview is clean: with the offline engine in `npm test`, with the",
    "real one in `npm run test:engine`.",
    "",
    "| Property | What is done by hand | What rollcall does |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const counted = (writes: number) => (writes === 1 ? "one write" : `${writes} writes`);
