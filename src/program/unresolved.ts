import type { SourcePosition } from "../desired/model.ts";
import type { ResolvedPrincipal } from "../provider/contract.ts";
import type { Problem } from "./problems.ts";

/** A user or group as a spec names it. */
export interface Named {
  kind: "user" | "group";
  name: string;
  id?: string;
  at: SourcePosition;
}

/** What is wrong with a user or group that a spec names, as nobody or as several; nothing when it is one. */
export function describeUnresolved(
  { kind, name, id, at }: Named,
  principal: ResolvedPrincipal | undefined,
): Problem[] {
  const candidates = principal?.candidates ?? [];
  if (principal?.problem === "ambiguous") {
    return [
      {
        code: `ambiguous-${kind}`,
        at,
        message: `there are ${candidates.length} ${kind}s named "${name}"`,
        why: "rollcall does not guess which of them is to get access",
        help: `pin one of them with id: ${candidates.map(describeCandidate).join(", or ")}`,
      },
    ];
  }
  if (principal && principal.problem !== "missing") return [];
  const near = candidates.slice(0, 5).map(describeCandidate).join(", ");
  return [
    {
      code: `unknown-${kind}`,
      at,
      message:
        id === undefined
          ? `there is no ${kind} "${name}"`
          : `there is no ${kind} with the id ${id} ("${name}")`,
      ...(near && { help: `did you mean ${near}?` }),
    },
  ];
}

function describeCandidate({ id, name, description }: ResolvedPrincipal["candidates"][number]): string {
  return `"${name}" (${[id, description].filter(Boolean).join(", ")})`;
}
