import { readFileSync } from "node:fs";
import { TOKEN } from "./contract.ts";
import {
  count,
  flag,
  listOf,
  mapOf,
  object,
  type PackageSpec,
  type PropertySpec,
  record,
  resource,
  text,
} from "./engine/package-schema.ts";
import { entraPackage } from "./entra/package.ts";
import { oktaPackage } from "./okta/package.ts";
import { sharedTypes } from "./shared-types.ts";

/** `package.json` stands above `src/provider` and, in an installed package, above `dist/provider`. */
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const connections: Record<string, PropertySpec> = {
  entra: object(
    "rollcall:index:EntraConnection",
    "Absent members come from ARM_*, as for the azuread provider.",
  ),
  okta: object("rollcall:index:OktaConnection", "Absent members come from OKTA_*, as for the okta provider."),
};

/** What GetSchema answers, and what inputs and arguments are checked against. */
export const packageSpec: PackageSpec = {
  name: "rollcall",
  version,
  description:
    "SCIM provisioning from Microsoft Entra ID and Okta: what the azuread and okta providers lack.",
  license: "Apache-2.0",
  config: { variables: connections },
  provider: resource("Connections to the tenants.", {}, connections, {}),
  types: {
    ...sharedTypes,
    "rollcall:index:DeclaredApplication": record(
      { idp: text(), principals: listOf(text()), maxRemovals: count() },
      { displayName: text(), carrier: text(), appId: text(), exclusive: flag(), signOn: text() },
    ),
    "rollcall:index:EntraConnection": record(
      {},
      { tenantId: text(), clientId: text(), clientSecret: { ...text(), secret: true }, metadataHost: text() },
    ),
    "rollcall:index:OktaConnection": record(
      {},
      { orgName: text(), baseUrl: text(), apiToken: { ...text(), secret: true }, httpProxy: text() },
    ),
    ...entraPackage.types,
    ...oktaPackage.types,
  },
  resources: {
    ...entraPackage.resources,
    ...oktaPackage.resources,
    [TOKEN.declaredApplications]: resource(
      "Which applications the spec declares, so that removing a whole one counts against maxRemovals.",
      {
        applications: mapOf(
          object("rollcall:index:DeclaredApplication"),
          "By the application's key in the spec.",
        ),
      },
      {},
      {},
    ),
  },
  functions: { ...entraPackage.functions, ...oktaPackage.functions },
};
