import { toDesiredState } from "../desired/desired-state.ts";
import type { DesiredState } from "../desired/model.ts";
import { loadSpec } from "../spec/load.ts";
import { render } from "../yaml/render.ts";
import { hasColour } from "./terminal.ts";

/** The desired state of a spec. @returns undefined when the spec is wrong; what is, has been said on standard error */
export function desiredStateOf(file: string): DesiredState | undefined {
  const { spec, diagnostics } = loadSpec(file);
  process.stderr.write(render(diagnostics, "text", hasColour(process.stderr)));
  return spec && toDesiredState(spec);
}
