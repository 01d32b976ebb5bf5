import { type Diagnostic, diagnosticAt, sortDiagnostics } from "../yaml/diagnostic.ts";
import { parseDocumentWithoutSecrets } from "../yaml/document.ts";
import { type Finding, locateFinding } from "../yaml/finding.ts";
import { nearest } from "../yaml/nearest.ts";
import { readYamlFile } from "../yaml/read.ts";
import { checkShape } from "../yaml/shape.ts";
import { makeSource } from "../yaml/source.ts";
import type { EntraDirectory } from "./entra.ts";
import { toEntraGroup, toEntraUser, toOktaGroup, toOktaUser } from "./entries.ts";
import { type DirectoryFile, directorySchema } from "./file-schema.ts";
import type { OktaDirectory } from "./okta.ts";

/** The people of both providers. */
export interface Directories {
  entra: EntraDirectory;
  okta: OktaDirectory;
}

export interface LoadedDirectory {
  /** Absent when there is an error. */
  directories?: Directories;
  diagnostics: Diagnostic[];
}

const REASONS = {
  unknownKey: "unknown keys are refused, so that a misspelt attribute does not silently have no value",
  wrongType: "rollcall does not guess what a value was meant to be",
};

/** Reads a directory file. Ids derive from names, so the same file gives the same directory. */
export function loadDirectory(file: string): LoadedDirectory {
  const read = readYamlFile(file);
  if (!read.ok) {
    const nowhere = { source: makeSource(file, ""), start: 0, end: 0 };
    return { diagnostics: [diagnosticAt(nowhere, { severity: "error", ...read.problem })] };
  }
  const { root, diagnostics } = parseDocumentWithoutSecrets(read.source);
  if (!root) return { diagnostics: sortDiagnostics(diagnostics, [file]) };
  const shape = checkShape(directorySchema, root, REASONS);
  const findings = [...shape.findings, ...(shape.value ? checkReferences(shape.value) : [])];
  const all = sortDiagnostics(
    [...diagnostics, ...findings.map((finding) => locateFinding(root, finding))],
    [file],
  );
  if (!shape.value || all.length > 0) return { diagnostics: all };
  return { directories: build(shape.value), diagnostics: [] };
}

function build({ entra, okta }: DirectoryFile): Directories {
  return {
    entra: {
      users: entra.users.map(toEntraUser),
      groups: entra.groups.map((group) => toEntraGroup(group, isUserPrincipalName)),
    },
    okta: { users: okta.users.map(toOktaUser), groups: okta.groups.map(toOktaGroup) },
  };
}

const isUserPrincipalName = (member: string) => member.includes("@");

/** Names are unique within their kind, and members and managers exist. */
function checkReferences({ entra, okta }: DirectoryFile): Finding[] {
  const people = entra.users.map((user) => user.userPrincipalName.toLowerCase());
  const groups = entra.groups.map((group) => group.displayName.toLowerCase());
  const logins = okta.users.map((user) => user.login.toLowerCase());
  return [
    ...duplicates(people, (index) => ["entra", "users", index, "userPrincipalName"]),
    ...duplicates(groups, (index) => ["entra", "groups", index, "displayName"]),
    ...duplicates(logins, (index) => ["okta", "users", index, "login"]),
    ...duplicates(
      okta.groups.map((group) => group.name),
      (index) => ["okta", "groups", index, "name"],
    ),
    ...entra.users.flatMap((user, index) =>
      user.manager === undefined ? [] : unknown(user.manager, people, ["entra", "users", index, "manager"]),
    ),
    ...entra.groups.flatMap((group, index) =>
      group.members.flatMap((member, at) =>
        unknown(member, isUserPrincipalName(member) ? people : groups, [
          "entra",
          "groups",
          index,
          "members",
          at,
        ]),
      ),
    ),
    ...okta.groups.flatMap((group, index) =>
      group.members.flatMap((member, at) =>
        unknown(member, logins, ["okta", "groups", index, "members", at]),
      ),
    ),
  ];
}

function duplicates(names: string[], pathOf: (index: number) => Finding["path"]): Finding[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            code: "duplicate-name",
            severity: "error" as const,
            path: pathOf(index),
            on: "value" as const,
            message: `${JSON.stringify(name)} is in the directory twice`,
            why: "assignments find people and groups by name",
            help: "remove one of them",
          },
        ],
  );
}

function unknown(name: string, known: string[], path: Finding["path"]): Finding[] {
  if (known.includes(name.toLowerCase())) return [];
  const near = nearest(name, known);
  return [
    {
      code: "unknown-name",
      severity: "error",
      path,
      on: "value",
      message: `${JSON.stringify(name)} is not in this directory`,
      why: "members and managers are people and groups of the same file",
      ...(near === undefined ? {} : { help: `did you mean ${JSON.stringify(near)}?` }),
    },
  ];
}
