import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inventDirectory } from "../desired/invent-directory.ts";
import type { DesiredState } from "../desired/model.ts";
import { type Directories, loadDirectory } from "../directory/load.ts";
import { render } from "../yaml/render.ts";
import { hasColour } from "./terminal.ts";

export const SANDBOX_SPEC = ownFile("sandbox.yaml");
const SANDBOX_DIRECTORY = ownFile("directory.sandbox.yaml");

/** A file that comes with rollcall, as seen from where it runs. */
function ownFile(name: string): string {
  return relative(process.cwd(), fileURLToPath(new URL(`../../config/${name}`, import.meta.url)));
}

/** Whether the people of a spec are made up, so that whomever it names later is there later. */
export function areInvented(spec: string, file: string | undefined): boolean {
  return file === undefined && resolve(spec) !== resolve(SANDBOX_SPEC);
}

const HOW_TO_LIST = `List who is there in a YAML file, as ${SANDBOX_DIRECTORY} does (its format: docs/reference/directory-file.md), and name it with --directory.`;

/** Said where an answer rests on people who are made up. */
export const INVENTED_PEOPLE = `Only people and groups that the spec names are known, and their attributes and members are made up. ${HOW_TO_LIST}`;

/** @throws where an answer would be about people who are made up, and so be of no use */
export function refuseInvented(spec: string, file: string | undefined): void {
  if (areInvented(spec, file)) throw new Error(`Who is in the tenant is not in the spec. ${HOW_TO_LIST}`);
}

/**
 * Who is in the simulated tenants: the people of the file, the sandbox's own for its own spec, and invented ones for any other.
 * @returns undefined when the file is wrong, which has been said on standard error
 */
export function peopleFor(
  spec: string,
  file: string | undefined,
  desired: DesiredState,
): Directories | undefined {
  if (areInvented(spec, file)) return inventDirectory(desired);
  const { directories, diagnostics } = loadDirectory(file ?? SANDBOX_DIRECTORY);
  process.stderr.write(render(diagnostics, "text", hasColour(process.stderr)));
  return directories;
}
