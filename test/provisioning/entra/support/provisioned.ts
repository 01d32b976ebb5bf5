import { expect } from "vitest";
import { entraCycle } from "../../../../src/provisioning/entra/cycle.ts";
import type { EntraCycleInput } from "../../../../src/provisioning/entra/input.ts";
import { guideInput } from "./directory.ts";
import { Target } from "./target.ts";

/** An application with its tenant: change the input, run the next cycle. */
export function provisioned(changes: Partial<EntraCycleInput> = {}) {
  const target = new Target();
  let input = guideInput(changes);
  const cycle = (edit: (input: EntraCycleInput) => void = () => {}) => {
    input = structuredClone(input);
    edit(input);
    const before = structuredClone(input);
    const report = target.run(entraCycle(input));
    expect(input).toEqual(before);
    input.memory = JSON.parse(JSON.stringify(report.memory));
    return report;
  };
  return { target, cycle };
}

export const userIn = (input: EntraCycleInput, id: string) => {
  const found = input.directory.users.find((user) => user.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

export const groupIn = (input: EntraCycleInput, id: string) => {
  const found = input.directory.groups.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

/** For good. */
export const remove = (input: EntraCycleInput, id: string) => {
  input.directory.users = input.directory.users.filter((user) => user.id !== id);
  input.directory.groups = input.directory.groups.filter((candidate) => candidate.id !== id);
  for (const candidate of input.directory.groups)
    candidate.members = candidate.members.filter((member) => member !== id);
};
