import { dirname, join } from "node:path";
import { type Diagnostic, diagnosticAt } from "../yaml/diagnostic.ts";
import { parseDocumentWithoutSecrets } from "../yaml/document.ts";
import { type ReadProblem, readYamlFile } from "../yaml/read.ts";
import { makeSource, type Span } from "../yaml/source.ts";
import { merge, type Node } from "../yaml/tree.ts";

export interface Layers {
  /** The file with everything it extends below it; absent when one of them cannot be read. */
  root?: Node;
  /** The files read, the one asked for first. */
  files: string[];
  diagnostics: Diagnostic[];
}

/** More than anybody can keep in mind. */
const MAX_LAYERS = 10;

/** Reads a file and those it extends. Every value keeps the place where it stands. */
export function readLayers(file: string, from?: { span: Span; chain: string[] }): Layers {
  const chain = [...(from?.chain ?? []), file];
  const read = readYamlFile(file);
  if (!read.ok) return { files: [file], diagnostics: [unreadable(file, read.problem, from?.span)] };
  const { source, root, diagnostics } = parseDocumentWithoutSecrets(read.source);
  const base = root?.kind === "map" ? root.entries.get("extends") : undefined;
  if (root === undefined || base?.value.kind !== "scalar" || typeof base.value.value !== "string") {
    return { root, files: [source.file], diagnostics };
  }
  const target = base.value.value;
  const below = join(dirname(file), target);
  const refused = refusal(target, below, chain);
  if (refused) {
    const said = { code: "extends", severity: "error" as const, ...refused };
    return { files: [file], diagnostics: [...diagnostics, diagnosticAt(base.value.span, said)] };
  }
  const layers = readLayers(below, { span: base.value.span, chain });
  return {
    root: layers.root && merge(layers.root, root),
    files: [file, ...layers.files],
    diagnostics: [...diagnostics, ...layers.diagnostics],
  };
}

function refusal(target: string, file: string, chain: string[]) {
  if (/^([/\\]|[A-Za-z]:)/.test(target)) {
    return {
      message: `extends must be relative, not ${JSON.stringify(target)}`,
      why: "an absolute path is another file on every machine",
      help: "name the file as seen from this one",
    };
  }
  if (chain.includes(file)) {
    return {
      message: `${chain.slice(chain.indexOf(file)).join(" extends ")} extends ${file}`,
      why: "a file that extends itself has no beginning",
      help: "remove one of these extends",
    };
  }
  if (chain.length >= MAX_LAYERS) {
    return {
      message: `more than ${MAX_LAYERS} files extend one another`,
      why: "nobody can tell any more which value holds",
      help: "move what they share into one file",
    };
  }
  return undefined;
}

function unreadable(file: string, problem: ReadProblem, from: Span | undefined): Diagnostic {
  const span = from ?? { source: makeSource(file, ""), start: 0, end: 0 };
  return diagnosticAt(span, { severity: "error", ...problem });
}
