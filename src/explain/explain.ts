import type { DesiredApplication } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import type { OktaGroup } from "../directory/okta.ts";
import { nearest } from "../yaml/nearest.ts";
import { explainEntraGroup, explainEntraUser } from "./explain-entra.ts";
import { explainOktaGroup, explainOktaUser } from "./explain-okta.ts";
import type { Explanation } from "./explanation.ts";

export interface Subject {
  kind: "user" | "group";
  /** userPrincipalName or login, or a group's name, where letter case does not count; or the id. */
  name: string;
}

/**
 * What the provider of an application would do about somebody, if the tenant were as the spec says.
 * @throws when the directory knows no such user or group, or several
 */
export function explain(
  application: DesiredApplication,
  directories: Directories,
  subject: Subject,
  now: Date,
): Explanation {
  if (application.idp === "entra") {
    const { users, groups } = directories.entra;
    return subject.kind === "user"
      ? explainEntraUser(
          application,
          directories,
          find(subject, users, (user) => user.userPrincipalName),
          now,
        )
      : explainEntraGroup(
          application,
          directories,
          find(subject, groups, (group) => group.displayName),
          now,
        );
  }
  const { users, groups } = directories.okta;
  return subject.kind === "user"
    ? explainOktaUser(
        application,
        directories,
        find(subject, users, (user) => user.profile.login),
      )
    : explainOktaGroup(
        application,
        directories,
        find(subject, withoutCopies(subject, groups), (group) => group.profile.name),
      );
}

/** A push leaves a copy of its group behind, of the same name and the type APP_GROUP. */
function withoutCopies({ name }: Subject, groups: OktaGroup[]): OktaGroup[] {
  const own = groups.filter(({ id, type }) => type !== "APP_GROUP" || id === name);
  return own.some(({ profile }) => profile.name.toLowerCase() === name.toLowerCase()) ? own : groups;
}

function find<T extends { id: string }>(
  { kind, name }: Subject,
  candidates: T[],
  nameOf: (candidate: T) => string,
): T {
  const found = candidates.filter(
    (candidate) => nameOf(candidate).toLowerCase() === name.toLowerCase() || candidate.id === name,
  );
  const exact = found.filter((candidate) => nameOf(candidate) === name);
  const [one, ...others] = exact.length > 0 ? exact : found;
  if (one && others.length === 0) return one;
  if (one) {
    const ids = [one, ...others].map(({ id }) => id).join(", ");
    throw new Error(
      `The directory has ${others.length + 1} ${kind}s named ${name}: name one by its id, ${ids}.`,
    );
  }
  const near = nearest(name, candidates.map(nameOf));
  throw new Error(
    `The directory knows no ${kind} ${name}${near === undefined ? "." : `: did you mean ${near}?`}`,
  );
}
