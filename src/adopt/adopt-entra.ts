import { listAppRoleAssignments } from "../clients/graph/app-role-assignments.ts";
import {
  applicationsByName,
  type GraphAppRole,
  servicePrincipal,
  servicePrincipalsByAppId,
} from "../clients/graph/applications.ts";
import type { GraphClient } from "../clients/graph/client.ts";
import { groupsById, groupsByName, usersById } from "../clients/graph/principals.ts";
import { synchronization } from "../clients/graph/synchronization.ts";
import { appRoleId } from "../desired/identifiers.ts";
import { compareMappings, compareObjects } from "../inspect/compare-mappings.ts";
import type { Tenants } from "../inspect/tenants.ts";
import type { Product } from "../products/product.ts";
import { findProduct, PRODUCT_KEYS } from "../products/registry.ts";
import { SYNCHRONIZATION_TEMPLATE, TEMPLATE_USER_ROLE } from "../program/entra-template.ts";
import { observeMappings } from "../provider/entra/job/deviations.ts";
import { isActive } from "../provider/entra/job/existing.ts";
import { readSchemas, type Schemas } from "../provider/entra/job/schema.ts";
import { storedSettings } from "../provider/entra/job/secrets.ts";
import { type Adopted, type AdoptOptions, type ImportedResource, theOne } from "./adopted.ts";
import { mappingsOf } from "./mappings.ts";

/**
 * Reads an enterprise application that somebody set up by hand, and everybody who is assigned to it; changes nothing.
 * @throws when there is none of that name, or several
 */
export async function adoptEntra(
  displayName: string,
  options: AdoptOptions,
  tenants: Tenants,
): Promise<Adopted> {
  const graph = await tenants.graph();
  const { application, servicePrincipalId } = await find(graph, displayName);
  const { appRoles } = await servicePrincipal(graph, servicePrincipalId);
  const sync = synchronization(graph, servicePrincipalId);
  const job = (await sync.jobs()).find(({ templateId }) => templateId === SYNCHRONIZATION_TEMPLATE);
  if (!job) {
    throw new Error(
      `"${displayName}" has no SCIM provisioning job in Entra, so there is nothing to adopt: declare it in a spec under another name, or set provisioning up first.`,
    );
  }
  const { baseAddress, scope, notifications } = storedSettings(await sync.secrets());
  const [url = "", flag] = baseAddress.split("?");
  const schemas = await readSchemas(sync, job.id, job.templateId, tenants.context);
  const roles = appRoles.filter(({ value }) => value !== null && value !== "");
  const product = productFor(options.product, { displayName, url, roles });
  const own = product.open
    ? roles
    : roles.filter(({ value }) => product.entra.roles.some((role) => role.value === value));
  const { assignments, notes } = await readAssignments(graph, servicePrincipalId, appRoles);
  const aadOptscim062020 = flag?.includes("aadOptscim062020") ?? false;
  const usual = product.entra.aadOptscim062020 === "on by default";
  const userNameFrom = userNameSource(product, schemas);
  const { recipient, deleteThreshold } = notifications;
  const ids = own.filter(({ id, value }) => id !== appRoleId(product.key, value ?? ""));

  return {
    application: {
      product: product.key,
      endpoint: endpointOf(product, url),
      token: { secret: options.secret },
      entra: {
        displayName,
        scope,
        ...(userNameFrom ? { userNameFrom } : {}),
        ...(aadOptscim062020 === usual ? {} : { aadOptscim062020 }),
        ...(product.open && own.length > 0
          ? {
              roles: own.map(({ value, description }) => ({
                value,
                ...(description ? { description } : {}),
              })),
            }
          : {}),
        ...(ids.length > 0 ? { roleIds: Object.fromEntries(ids.map(({ id, value }) => [value, id])) } : {}),
        assignments,
        ...(product.open ? { mappings: mappingsOf(schemas) } : {}),
        provisioning: {
          status: isActive(job) ? "running" : "paused",
          ...(recipient === undefined ? {} : { notify: recipient }),
          ...(deleteThreshold === undefined ? {} : { accidentalDeletionThreshold: deleteThreshold }),
        },
      },
    },
    imports: importsOf(options.key, application, servicePrincipalId, own, job.id),
    notes: [
      ...(options.product === undefined
        ? [
            `It is taken for ${product.title} by its address${product.open ? "" : `, and the first \`up\` makes its mappings those of ${product.title}`}: say --product if it is another.`,
          ]
        : []),
      ...resets(schemas),
      ...notes,
      ...deviations(product, schemas, userNameFrom),
      ...rolesOutside(product, roles, own),
      ...tenants.takeWarnings(),
    ],
  };
}

async function find(graph: GraphClient, displayName: string) {
  const found = await applicationsByName(graph, [displayName]);
  const application = theOne(
    found.filter((one) => one.displayName === displayName),
    `named "${displayName}" in Entra`,
  );
  const [principal] = await servicePrincipalsByAppId(graph, [application.appId]);
  if (!principal) throw new Error(`"${displayName}" has no service principal, and so provisions nobody.`);
  return { application, servicePrincipalId: principal.id };
}

/** So many servers have this path that it says nothing of the product. */
const CUSTOMARY_PATH = "/scim/v2";

interface Traits {
  displayName: string;
  /** Entra's "Tenant URL", without its flag. */
  url: string;
  roles: GraphAppRole[];
}

/** As it was said, or by the address, where the roles are the product's too; by the customary path only with the product's name. */
function productFor(key: string | undefined, { displayName, url, roles }: Traits): Product {
  if (key !== undefined) {
    const product = findProduct(key);
    if (!product) throw new Error(`There is no product "${key}": it is one of ${PRODUCT_KEYS.join(", ")}.`);
    return product;
  }
  const names = `${url} ${displayName}`.toLowerCase();
  const knows = ({ key: name, endpoint, entra }: Product) =>
    endpoint.scimPath !== "" &&
    url.endsWith(endpoint.scimPath) &&
    (endpoint.scimPath !== CUSTOMARY_PATH || names.includes(name)) &&
    roles.every(({ value }) => entra.roles.some((role) => role.value === value));
  const products = PRODUCT_KEYS.flatMap((one) => findProduct(one) ?? []).sort(
    (one, other) => other.endpoint.scimPath.length - one.endpoint.scimPath.length,
  );
  const found = products.find(knows) ?? findProduct("custom");
  if (!found) throw new TypeError("the registry has no custom product");
  return found;
}

function endpointOf({ endpoint: { scimPath } }: Product, url: string): string {
  return scimPath !== "" && url.endsWith(scimPath) ? url.slice(0, -scimPath.length) : url;
}

async function readAssignments(graph: GraphClient, servicePrincipalId: string, appRoles: GraphAppRole[]) {
  const all = await listAppRoleAssignments(graph, servicePrincipalId);
  const people = all.filter(({ principalType }) => principalType !== "ServicePrincipal");
  const idsOf = (type: string) =>
    people.filter((one) => one.principalType === type).map((one) => one.principalId);
  const users = new Map(
    (await usersById(graph, idsOf("User"))).map((user) => [user.id, user.userPrincipalName]),
  );
  const groups = new Map(
    (await groupsById(graph, idsOf("Group"))).map((group) => [group.id, group.displayName ?? ""]),
  );
  const namesakes = await groupsByName(graph, [...groups.values()]);
  const isShared = (name: string) => namesakes.filter(({ displayName }) => displayName === name).length > 1;
  const values = new Map(appRoles.map((role) => [role.id, role.value]));
  const notes: string[] = [];
  const assignments = people.flatMap(({ principalId, principalDisplayName, appRoleId: roleId }) => {
    const user = users.get(principalId);
    const group = groups.get(principalId);
    const value = values.get(roleId);
    const name = user ?? group;
    if (name === undefined) {
      notes.push(
        `${principalDisplayName ?? principalId} is assigned, and can no longer be found: take it out in the portal.`,
      );
      return [];
    }
    if (!value && roleId !== TEMPLATE_USER_ROLE.id) {
      notes.push(
        `${name} is assigned without a role that a spec can name (${roleId}): \`up\` shows this assignment as undeclared.`,
      );
    }
    return [
      {
        ...(user === undefined ? { group: name } : { user: name }),
        ...(value ? { role: value } : {}),
        ...(group !== undefined && isShared(group) ? { id: principalId } : {}),
      },
    ];
  });
  return { assignments, notes };
}

function userNameSource(product: Product, { live }: Schemas): "mail" | undefined {
  if (!product.entra.userNameFrom.includes("mail")) return undefined;
  const { user } = mappingsOf({ live, template: live });
  return user.userName?.attribute === "mail" ? "mail" : undefined;
}

/** What the first `up` would set right: the differences from the product's guide. */
function deviations(product: Product, schemas: Schemas, userNameFrom: "mail" | undefined): string[] {
  if (product.open) return [];
  const { base, user, group = {}, targetAttributes } = product.entra.mappings;
  const chosen = userNameFrom
    ? {
        ...user,
        userName: { expression: `[${userNameFrom}]`, matchingPriority: 1, apply: "always" as const },
      }
    : user;
  const objects = compareObjects(changedObjects(schemas));
  return compareMappings(schemas, { base, user: chosen, group, targetAttributes })
    .filter(({ message }) => !objects.includes(message))
    .map(({ message }) => `${message} The first \`up\` sets it right.`);
}

const changedObjects = ({ live, template }: Schemas) =>
  observeMappings(live, template, { base: "template", user: {}, group: {}, targetAttributes: [] });

/** What no spec can say, of any product, and what the first `up` therefore takes away. */
function resets(schemas: Schemas): string[] {
  return compareObjects(changedObjects(schemas)).map(
    (message) =>
      `TAKE CARE: ${message} A spec cannot say so, and the first \`up\` sets it back to the template's, by which more people or groups may get in: see first that \`assignments\` names only who is meant.`,
  );
}

function rolesOutside(product: Product, roles: GraphAppRole[], own: GraphAppRole[]): string[] {
  const missing = product.entra.roles.filter(({ value }) => !own.some((role) => role.value === value));
  return [
    ...roles
      .filter((role) => !own.includes(role))
      .map(
        ({ value }) => `The app role ${value} is none that ${product.title} knows; rollcall leaves it alone.`,
      ),
    ...missing.map(({ value }) => `The app role ${value} is missing; the first \`up\` makes it.`),
  ];
}

function importsOf(
  key: string,
  application: { id: string; applicationTemplateId: string | null },
  servicePrincipalId: string,
  roles: GraphAppRole[],
  jobId: string,
): ImportedResource[] {
  const template = application.applicationTemplateId ?? "";
  const below = (type: string, name: string, id: string): ImportedResource => ({
    type,
    name: `${key}-${name}`,
    id,
    parent: key,
  });
  return [
    { type: "rollcall:index:EntraApplication", name: key, component: true },
    below(
      "azuread:index/applicationFromTemplate:ApplicationFromTemplate",
      "application",
      `/applicationTemplates/${template}/instantiate/${application.id}/${servicePrincipalId}`,
    ),
    ...roles.map(({ id, value }) =>
      below(
        "azuread:index/applicationAppRole:ApplicationAppRole",
        `role-${(value ?? "").toLowerCase()}`,
        `/applications/${application.id}/appRoles/${id}`,
      ),
    ),
    below("rollcall:entra:AppRoleAssignments", "assignments", servicePrincipalId),
    below("rollcall:entra:ProvisioningJob", "provisioning", `${servicePrincipalId}/${jobId}`),
  ];
}
