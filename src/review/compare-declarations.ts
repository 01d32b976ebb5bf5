import { findProduct } from "../products/registry.ts";
import { effectiveRoles } from "../spec/mappings.ts";
import type { ApplicationSpec, Spec } from "../spec/schema.ts";
import type { Change } from "./change.ts";

type Declarations = Pick<Spec, "environment" | "applications">;

/** What two specs declare for rules alone: nothing of it reaches a tenant, and yet it decides what is let through. */
export function compareDeclarations(before: Declarations | undefined, after: Declarations): Change[] {
  const changes: Change[] = [];
  if (before && before.environment !== after.environment)
    changes.push({
      effect: "other",
      sentence: `the environment is called ${after.environment} instead of ${before.environment}`,
    });
  for (const [application, is] of Object.entries(after.applications)) {
    const was = before?.applications[application];
    const change = ({ effect, sentence }: Change) => changes.push({ application, effect, sentence });
    compareSharing(application, was, is).forEach(change);
    if (was) comparePrivileges(application, was, is).forEach(change);
  }
  return changes;
}

function compareSharing(name: string, was: ApplicationSpec | undefined, is: ApplicationSpec): Change[] {
  if ((was?.sharedEndpoint ?? false) === is.sharedEndpoint) return [];
  return is.sharedEndpoint
    ? [{ effect: "warning", sentence: `another application may write to the endpoint of ${name} as well` }]
    : [{ effect: "other", sentence: `no other application may write to the endpoint of ${name} any more` }];
}

function comparePrivileges(name: string, was: ApplicationSpec, is: ApplicationSpec): Change[] {
  const old = privileges(was);
  return [...privileges(is)].flatMap(([role, privileged]): Change[] => {
    if ((old.get(role) ?? privileged) === privileged) return [];
    return privileged
      ? [{ effect: "other", sentence: `the role ${role} of ${name} counts as privileged` }]
      : [
          {
            effect: "warning",
            sentence: `the role ${role} of ${name} no longer counts as privileged, so that any number of people may be given it`,
          },
        ];
  });
}

function privileges({ product, entra }: ApplicationSpec): Map<string, boolean> {
  const known = findProduct(product);
  const roles = known && entra ? effectiveRoles(known, entra) : [];
  return new Map(roles.map(({ value, privileged }) => [value, privileged]));
}
