import { type FunctionSpec, listOf, type ObjectSpec, object, record, text } from "./engine/package-schema.ts";

export const application = text("The application's key in the spec, for messages.");

export const sharedTypes: Record<string, ObjectSpec> = {
  "rollcall:index:PrincipalName": record({ kind: text(), name: text() }, { id: text() }),
  "rollcall:index:ResolvedPrincipal": record(
    {
      kind: text(),
      name: text(),
      id: text(),
      displayName: text(),
      candidates: listOf(object("rollcall:index:Candidate")),
    },
    { problem: text() },
  ),
  "rollcall:index:Candidate": record({ id: text(), name: text() }, { description: text() }),
};

export const resolvePrincipals: FunctionSpec = {
  description: "Ids of users and groups by their exact names.",
  inputs: record({ principals: listOf(object("rollcall:index:PrincipalName")) }),
  outputs: record({ principals: listOf(object("rollcall:index:ResolvedPrincipal")) }),
};
