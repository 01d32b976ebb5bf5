import { type Diagnostic, sortDiagnostics } from "../yaml/diagnostic.ts";
import { type Finding, locateFinding, spanOf, withoutConsequences } from "../yaml/finding.ts";
import { checkShape } from "../yaml/shape.ts";
import { lineAndColumn, type SourcePosition } from "../yaml/source.ts";
import type { Path } from "../yaml/tree.ts";
import type { SpecDraft } from "./draft.ts";
import { readLayers } from "./layers.ts";
import { applyLevels, checkWaivers } from "./levels.ts";
import { RULES } from "./rules.ts";
import { type Spec, specSchema } from "./schema.ts";
import { explainUnknownKey } from "./unknown-keys.ts";

/** A spec in which no error was found, with defaults filled in. */
export interface CheckedSpec {
  file: string;
  spec: Spec;
  /** Where the value at a path stands, in whichever file; the nearest thing around it when it is a default. */
  positionOf(path: Path): SourcePosition;
  /** Diagnostics for what was found out later, at the levels and with the waivers of this spec. */
  report(findings: Finding[]): Diagnostic[];
}

export interface LoadedSpec {
  /** Absent when there is an error. Warnings leave it. */
  spec?: CheckedSpec;
  /** In the order of the file, then of those it extends. */
  diagnostics: Diagnostic[];
}

export interface LoadOptions {
  /** For expiry dates, as in 2027-01-31; the current day (UTC) when left out. */
  today?: string;
}

const REASONS = {
  unknownKey: "unknown keys are refused, so that a misspelt one can never weaken access",
  wrongType: "rollcall does not guess what a value was meant to be",
  key: explainUnknownKey,
};

/**
 * Reads a spec, with what it extends, and reports everything that is wrong with it. Contacts nothing and never throws for
 * what is in a file.
 *
 * @param file as people name it; diagnostics repeat it.
 */
export function loadSpec(file: string, options: LoadOptions = {}): LoadedSpec {
  const { today = new Date().toISOString().slice(0, 10) } = options;
  const { root, files, diagnostics: unreadable } = readLayers(file);
  if (!root) return { diagnostics: sortDiagnostics(unreadable, files) };

  const shape = checkShape(specSchema, root, REASONS);
  const draft = (typeof shape.draft === "object" && shape.draft !== null ? shape.draft : {}) as SpecDraft;
  const locate = (findings: Finding[]) =>
    sortDiagnostics(
      findings.map((finding) => locateFinding(root, finding)),
      files,
    );

  const findings = withoutConsequences([
    ...shape.findings,
    ...RULES.flatMap((rule) => rule(draft, { today, complete: shape.value !== undefined })),
  ]);
  const found = locate([...applyLevels(draft, findings, today), ...checkWaivers(draft, findings, today)]);
  const diagnostics = sortDiagnostics([...unreadable, ...withoutUnreadable(found, unreadable)], files);
  if (!shape.value || diagnostics.some((diagnostic) => diagnostic.severity === "error"))
    return { diagnostics };
  return {
    spec: {
      file,
      spec: shape.value,
      positionOf: (path) => {
        const { source, start } = spanOf(root, path);
        return { file: source.file, ...lineAndColumn(source, start) };
      },
      report: (later) => locate(applyLevels(draft, later, today)),
    },
    diagnostics,
  };
}

/** Where reading already failed, what the value is not in addition says nothing. */
function withoutUnreadable(found: Diagnostic[], unreadable: Diagnostic[]): Diagnostic[] {
  const place = ({ file, line, column }: Diagnostic) => `${file}:${line}:${column}`;
  const places = new Set(unreadable.map(place));
  return found.filter((diagnostic) => !places.has(place(diagnostic)));
}
