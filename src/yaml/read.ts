import { readFileSync, realpathSync, statSync } from "node:fs";
import { makeSource, type Source } from "./source.ts";

export type ReadResult = { ok: true; source: Source } | { ok: false; problem: ReadProblem };

export interface ReadProblem {
  code: "file-missing" | "file-unreadable" | "file-too-large" | "not-yaml-file" | "not-utf8";
  message: string;
  why: string;
  help: string;
}

/** A spec with 10,000 assignments takes under 1 MB. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads a YAML file as UTF-8. Only regular files named .yaml or .yml are read, also behind symbolic links: messages quote
 * what they complain about, and a spec from a pull request must not get other files of the machine quoted.
 */
export function readYamlFile(file: string): ReadResult {
  if (!isYamlName(file)) return otherKindOfFile(file);
  let bytes: Buffer;
  try {
    const real = realpathSync(file);
    if (!isYamlName(real)) return otherKindOfFile(file);
    const stat = statSync(real);
    if (!stat.isFile()) {
      return failed(
        "file-unreadable",
        `${file} is not a regular file`,
        "a spec is read once, from its start to its end",
        "name a file",
      );
    }
    if (stat.size > MAX_BYTES) {
      return failed(
        "file-too-large",
        `${file} has ${Math.ceil(stat.size / 1024 / 1024)} MB`,
        `a spec of 10,000 assignments has 1 MB; more than ${MAX_BYTES / 1024 / 1024} MB is taken for a mistake`,
        "split it into several environments",
      );
    }
    bytes = readFileSync(real);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return failed(
        "file-missing",
        `${file} does not exist`,
        "there is nothing to check",
        "check the spelling and the folder",
      );
    }
    return failed(
      "file-unreadable",
      `${file} cannot be read (${code ?? "unknown reason"})`,
      "there is nothing to check",
      "check its permissions and that it is a file",
    );
  }
  return decode(file, bytes);
}

const isYamlName = (file: string) => /\.ya?ml$/i.test(file);

function otherKindOfFile(file: string): ReadResult {
  return failed(
    "not-yaml-file",
    `${file} is not named .yaml or .yml, or leads to a file that is not`,
    "only such files are read, so that a spec cannot get another file of the machine quoted in a message",
    "rename it, or name another file",
  );
}

/** A byte order mark of UTF-8 is taken off; any other encoding is refused. */
function decode(file: string, bytes: Buffer): ReadResult {
  const why = "YAML is read as UTF-8; guessing another encoding would change people's names";
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return failed("not-utf8", `${file} is written in UTF-16`, why, "save it as UTF-8");
  }
  try {
    return { ok: true, source: makeSource(file, new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch {
    const before = firstInvalid(bytes);
    const line = bytes.subarray(0, before).toString("latin1").split("\n").length;
    return failed(
      "not-utf8",
      `${file} is not UTF-8: line ${line} has a byte that cannot be read`,
      why,
      "save it as UTF-8",
    );
  }
}

/** Offset of the first byte that is not UTF-8: the longest prefix that decodes, found by halving. */
function firstInvalid(bytes: Buffer): number {
  const decodes = (length: number) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function failed(code: ReadProblem["code"], message: string, why: string, help: string): ReadResult {
  return { ok: false, problem: { code, message, why, help } };
}
