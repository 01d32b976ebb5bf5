import type { DesiredApplication, SourcePosition } from "../desired/model.ts";
import type { ResolvedPrincipal } from "../provider/contract.ts";
import type { Problem } from "./problems.ts";

/** A user or group as a spec names it. */
export interface Named {
  kind: "user" | "group";
  name: string;
  id?: string;
  at: SourcePosition;
}

type Idp = DesiredApplication["idp"];

/** What is wrong with a user or group that a spec names, as nobody or as several; nothing when it is one. */
export function describeUnresolved(
  idp: Idp,
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
  const pinned = candidates.find((candidate) => candidate.id === id);
  if (pinned) {
    return [
      {
        code: `other-${kind}`,
        at,
        message: `the ${kind} with the id ${id} is "${pinned.name}", and not "${name}"`,
        why: "the id would decide who gets access, and everything else would name somebody else",
        help: `write "${pinned.name}" if that is who is meant, otherwise the id of "${name}", or remove id: so that the name decides`,
      },
    ];
  }
  const near = candidates.slice(0, 5).map(describeCandidate).join(", ");
  return [
    {
      code: `unknown-${kind}`,
      at,
      message:
        id === undefined
          ? `there is no ${kind} "${name}"`
          : `there is no ${kind} with the id ${id} ("${name}")`,
      help: near ? `did you mean ${near}?` : howToFind(idp, kind, id !== undefined),
    },
  ];
}

/** A group that is meant by its id and has another name than the spec gives it. */
export function describeRenamed(
  { kind, name, id, at }: Named,
  principal: ResolvedPrincipal | undefined,
): Problem[] {
  if (kind !== "group" || id === undefined || !principal?.id || principal.displayName === name) return [];
  return [
    {
      code: "renamed-group",
      at,
      message: `the group with the id ${id} is called "${principal.displayName}", and the spec calls it "${name}"`,
      why: "the id decides who gets access, while everything else shows the spec's name",
      help: `write "${principal.displayName}" if that is the group that is meant`,
    },
  ];
}

const NAMES = {
  entra: { user: "userPrincipalName, which need not be the e-mail address", group: "display name" },
  okta: { user: "login, which need not be the e-mail address", group: "name" },
};

function howToFind(idp: Idp, kind: Named["kind"], pinned: boolean): string {
  const where = idp === "entra" ? "Entra" : "Okta";
  if (pinned) return `look the id up in ${where}, or remove id: so that the name decides`;
  return `check the spelling: it is the ${kind}'s ${NAMES[idp][kind]}; if the ${kind} is not in ${where} yet, create it there, which rollcall never does`;
}

function describeCandidate({ id, name, description }: ResolvedPrincipal["candidates"][number]): string {
  return `"${name}" (${[id, description].filter(Boolean).join(", ")})`;
}
