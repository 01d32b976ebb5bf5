import { type Diagnostic, sortDiagnostics } from "../yaml/diagnostic.ts";
import { locateFinding, spanOf } from "../yaml/finding.ts";
import { checkShape } from "../yaml/shape.ts";
import { lineAndColumn, type SourcePosition } from "../yaml/source.ts";
import type { Path } from "../yaml/tree.ts";
import type { SpecDraft } from "./draft.ts";
import { readLayers } from "./layers.ts";
import { RULES } from "./rules.ts";
import { type Spec, specSchema } from "./schema.ts";

/** A spec in which no error was found, with defaults filled in. */
export interface CheckedSpec {
  file: string;
  spec: Spec;
  /** Where the value at a path stands, in whichever file; the nearest thing around it when it is a default. */
  positionOf(path: Path): SourcePosition;
}

export interface LoadedSpec {
  /** Absent when there is an error. Warnings leave it. */
  spec?: CheckedSpec;
  /** In the order of the file, then of those it extends. */
  diagnostics: Diagnostic[];
}

const REASONS = {
  unknownKey: "unknown keys are refused, so that a misspelt one can never weaken access",
  wrongType: "rollcall does not guess what a value was meant to be",
};

/**
 * Reads a spec, with what it extends, and reports everything that is wrong with it. Contacts nothing.
 *
 * @param file as people name it; diagnostics repeat it.
 * @param today for expiry dates, as in 2027-01-31.
 */
export function loadSpec(file: string, today = new Date().toISOString().slice(0, 10)): LoadedSpec {
  const layers = readLayers(file);
  const { root } = layers;
  if (!root) return { diagnostics: sortDiagnostics(layers.diagnostics, layers.files) };

  const shape = checkShape(specSchema, root, REASONS);
  const draft = (typeof shape.draft === "object" && shape.draft !== null ? shape.draft : {}) as SpecDraft;
  const findings = [...shape.findings, ...RULES.flatMap((rule) => rule(draft, { today }))];
  const found = findings.map((finding) => locateFinding(root, finding));
  const diagnostics = sortDiagnostics(
    [...layers.diagnostics, ...withoutBlotted(found, layers.diagnostics)],
    layers.files,
  );
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
    },
    diagnostics,
  };
}

/** A blotted-out value is wrong in itself; what it is not in addition says nothing. */
function withoutBlotted(found: Diagnostic[], before: Diagnostic[]): Diagnostic[] {
  const places = new Set(
    before.filter((d) => d.code === "secret-in-file").map((d) => `${d.file}:${d.line}:${d.column}`),
  );
  return found.filter((d) => !places.has(`${d.file}:${d.line}:${d.column}`));
}
