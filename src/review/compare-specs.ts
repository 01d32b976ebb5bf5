import { toDesiredState } from "../desired/desired-state.ts";
import type { Directories } from "../directory/load.ts";
import type { CheckedSpec } from "../spec/load.ts";
import { sortChanges } from "./change.ts";
import { compareDeclarations } from "./compare-declarations.ts";
import { compareDesired, type DesiredDiff } from "./compare-desired.ts";
import { comparePolicies } from "./compare-policies.ts";

/** What separates two specs of one environment. */
export interface SpecDiff extends DesiredDiff {
  environment: string;
}

/**
 * Compares what two specs ask of the tenants, and the rules that they are held to with what is declared for them. Equal specs have no changes, however
 * differently they are written.
 * @param before absent in a new environment
 * @param directories for what it means for single people
 */
export function compareSpecs(
  before: CheckedSpec | undefined,
  after: CheckedSpec,
  directories?: Directories,
): SpecDiff {
  const tenants = compareDesired(before && toDesiredState(before), toDesiredState(after), directories);
  const changes = sortChanges([
    ...tenants.changes,
    ...compareDeclarations(before?.spec, after.spec),
    ...comparePolicies(before?.spec, after.spec),
  ]);
  return { environment: after.spec.environment, ...tenants, changes };
}
