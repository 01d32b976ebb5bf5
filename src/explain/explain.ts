import type { DesiredApplication } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import { nearest } from "../yaml/nearest.ts";
import { explainEntraGroup, explainEntraUser } from "./explain-entra.ts";
import { explainOktaGroup, explainOktaUser } from "./explain-okta.ts";
import type { Explanation } from "./explanation.ts";

export interface Subject {
  kind: "user" | "group";
  /** userPrincipalName or login, or a group's name; letter case does not count. */
  name: string;
}

/**
 * What the provider of an application would do about somebody, if the tenant were as the spec says.
 * @throws when the directory knows no such user or group
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
        find(subject, groups, (group) => group.profile.name),
      );
}

function find<T>({ kind, name }: Subject, candidates: T[], nameOf: (candidate: T) => string): T {
  const found = candidates.find((candidate) => nameOf(candidate).toLowerCase() === name.toLowerCase());
  if (found) return found;
  const near = nearest(name, candidates.map(nameOf));
  throw new Error(
    `The directory knows no ${kind} ${name}${near === undefined ? "." : `: did you mean ${near}?`}`,
  );
}
