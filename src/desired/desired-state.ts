import type { Product } from "../products/product.ts";
import { findProduct } from "../products/registry.ts";
import { isProduction } from "../spec/draft.ts";
import { scimUrlOf } from "../spec/endpoint.ts";
import type { CheckedSpec } from "../spec/load.ts";
import { effectiveMappings, effectiveRoles } from "../spec/mappings.ts";
import type { ApplicationSpec } from "../spec/schema.ts";
import type { Path } from "../yaml/tree.ts";
import { appRoleId } from "./identifiers.ts";
import type {
  AppRole,
  DesiredApplication,
  DesiredEntraApplication,
  DesiredOktaApplication,
  DesiredState,
  EntraAssignment,
  OktaAssignment,
  OktaPush,
} from "./model.ts";

/** What the tenants must look like, with every default and preset filled in. Two equal specs give two equal states. */
export function toDesiredState(checked: CheckedSpec): DesiredState {
  const { spec } = checked;
  return {
    environment: spec.environment,
    applications: Object.entries(spec.applications).map(([name, application]) =>
      toApplication(checked, name, application),
    ),
  };
}

function toApplication(checked: CheckedSpec, name: string, application: ApplicationSpec): DesiredApplication {
  const product = findProduct(application.product);
  if (!product) throw new TypeError(`${name}: product ${application.product} is not in the registry`);
  const path = ["applications", name];
  const base = {
    name,
    product: product.key,
    scimUrl: scimUrlOf(product, application.endpoint),
    token: application.token,
    exclusive: application.exclusive ?? application.okta?.existing === undefined,
    maxRemovals: application.maxRemovals,
    protect: application.protect ?? isProduction(checked.spec),
    scimGroupMappings: application.scimGroupMappings,
    at: checked.positionOf(path),
  };
  if (application.entra)
    return { ...base, ...toEntra(checked, product, base.scimUrl, application.entra, path) };
  if (application.okta) return { ...base, ...toOkta(checked, product, name, application.okta, path) };
  throw new TypeError(`${name} has no identity provider: check the spec before`);
}

type Own<T extends DesiredApplication> = Omit<
  T,
  Exclude<keyof DesiredEntraApplication & keyof DesiredOktaApplication, "idp" | "assignments">
>;

function toEntra(
  checked: CheckedSpec,
  product: Product,
  scimUrl: string,
  entra: NonNullable<ApplicationSpec["entra"]>,
  path: Path,
): Own<DesiredEntraApplication> {
  // A map: a role may be called as something that every object has, such as constructor.
  const pinned = new Map(Object.entries(entra.roleIds ?? {}));
  const flag = entra.aadOptscim062020 ?? product.entra.aadOptscim062020 === "on by default";
  const assignments = (entra.assignments ?? []).map(
    ({ group, user, role, id }, index): EntraAssignment => ({
      kind: group === undefined ? "user" : "group",
      name: group ?? user ?? "",
      ...(id === undefined ? {} : { id: id.toLowerCase() }),
      ...(role === undefined ? {} : { role }),
      at: checked.positionOf([...path, "entra", "assignments", index]),
    }),
  );
  return {
    idp: "entra",
    displayName: entra.displayName,
    tenantUrl: flag ? `${scimUrl}?aadOptscim062020` : scimUrl,
    scope: entra.scope,
    roles: effectiveRoles(product, entra).map(
      ({ value, description }): AppRole => ({
        id: pinned.get(value)?.toLowerCase() ?? appRoleId(product.key, value),
        displayName: value,
        value,
        description,
        // Graph's word for "users and groups".
        allowedMemberTypes: ["User"],
      }),
    ),
    assignments,
    mappings: effectiveMappings(product, entra),
    provisioning: entra.provisioning,
  };
}

function toOkta(
  checked: CheckedSpec,
  product: Product,
  name: string,
  okta: NonNullable<ApplicationSpec["okta"]>,
  path: Path,
): Own<DesiredOktaApplication> {
  const at = (list: string, index: number) => checked.positionOf([...path, "okta", list, index]);
  return {
    idp: "okta",
    label: okta.label ?? okta.existing?.label ?? name,
    carrier: okta.saml
      ? { kind: "saml", ...okta.saml }
      : okta.existing
        ? { kind: "existing", ...okta.existing }
        : { kind: "swa" },
    ...(okta.oidc ? { oidc: okta.oidc } : {}),
    scim: okta.scim,
    assignments: okta.assignments.map(
      ({ group, user, id }, index): OktaAssignment => ({
        kind: group === undefined ? "user" : "group",
        name: group ?? user ?? "",
        ...(id === undefined ? {} : { id }),
        at: at("assignments", index),
      }),
    ),
    pushGroups: okta.pushGroups.map(({ name: group, startsWith, id, deleteTargetGroup }, index): OktaPush => {
      const common = { deleteTargetGroup, at: at("pushGroups", index) };
      if (startsWith !== undefined) return { ...common, by: "prefix", startsWith };
      return { ...common, by: "name", name: group ?? "", ...(id === undefined ? {} : { id }) };
    }),
    profileMappings: okta.profileMappings ?? product.okta.profileMappings,
    userNameTemplate: `\${source.${okta.userName}}`,
  };
}
