import { setTimeout as sleep } from "node:timers/promises";
import { connectGraph, type GraphClient } from "../../../clients/graph/client.ts";
import { HttpError } from "../../../clients/http-error.ts";
import type { ResourceProvider } from "../resource-provider.ts";
import type { PropertyMap } from "../values.ts";
import { type StandIn, standInProvider } from "./stand-in.ts";

/** azuread looks every 5 s until it has seen an object five times in a row, and every second for a disabled role. */
const CONSECUTIVE_SIGHTINGS = 5;
const PAUSE_MS = 20;
const MOST_LOOKS = 300;

interface Application {
  id: string;
  displayName: string;
  appRoles: AppRole[];
}

interface AppRole {
  id: string;
  allowedMemberTypes: string[];
  description: string;
  displayName: string;
  isEnabled: boolean;
  value: string | null;
}

/** Stands for the azuread provider's resources that the program uses, and makes the same calls to Graph. */
export function azureadStandIn(env: NodeJS.ProcessEnv): ResourceProvider {
  return standInProvider("azuread", { ...applicationFromTemplate, ...applicationAppRole }, async (config) => {
    const settings = Object.fromEntries(
      ["tenantId", "clientId", "clientSecret", "metadataHost"].flatMap((key) =>
        typeof config[key] === "string" ? [[key, config[key]]] : [],
      ),
    );
    return await connectGraph({ settings, env });
  });
}

const applicationFromTemplate: Record<string, StandIn<GraphClient>> = {
  "azuread:index/applicationFromTemplate:ApplicationFromTemplate": {
    inputs: ["displayName", "templateId"],
    required: ["displayName", "templateId"],
    replaceOn: ["templateId"],
    async create(graph, { displayName, templateId }) {
      const made = await graph.send<{ application: { id: string }; servicePrincipal: { id: string } }>(
        "POST",
        `/applicationTemplates/${templateId}/instantiate`,
        { displayName },
        // As the provider does: a create whose answer is lost is sent again, and may make a second application.
        { repeatable: true },
      );
      const ids = {
        template: String(templateId),
        application: made.application.id,
        principal: made.servicePrincipal.id,
      };
      await waitUntilSeen(graph, `/applications/${ids.application}`);
      const application = await graph.get<Application>(`/applications/${ids.application}`);
      return {
        id: `/applicationTemplates/${ids.template}/instantiate/${ids.application}/${ids.principal}`,
        outputs: templateOutputs(ids, application),
      };
    },
    async read(graph, id) {
      const [, , template = "", , application = "", principal = ""] = id.split("/");
      const found = await unlessGone(graph.get<Application>(`/applications/${application}`));
      return found && templateOutputs({ template, application, principal }, found);
    },
    async update(graph, id, { displayName }) {
      const [, , template = "", , application = "", principal = ""] = id.split("/");
      await graph.send("PATCH", `/applications/${application}`, { displayName });
      const found = await graph.get<Application>(`/applications/${application}`);
      return templateOutputs({ template, application, principal }, found);
    },
    async delete(graph, id) {
      await unlessGone(graph.send("DELETE", `/applications/${id.split("/")[4]}`));
    },
  },
};

function templateOutputs(
  ids: { template: string; application: string; principal: string },
  { displayName }: Application,
): PropertyMap {
  return {
    templateId: ids.template,
    displayName,
    applicationId: `/applications/${ids.application}`,
    applicationObjectId: ids.application,
    servicePrincipalId: `/servicePrincipals/${ids.principal}`,
    servicePrincipalObjectId: ids.principal,
  };
}

const applicationAppRole: Record<string, StandIn<GraphClient>> = {
  "azuread:index/applicationAppRole:ApplicationAppRole": {
    inputs: ["applicationId", "roleId", "allowedMemberTypes", "description", "displayName", "value"],
    required: ["applicationId", "roleId", "allowedMemberTypes", "description", "displayName"],
    replaceOn: ["applicationId", "roleId"],
    async create(graph, inputs) {
      const path = String(inputs.applicationId);
      const role = roleFrom(inputs);
      const id = `${path}/appRoles/${role.id}`;
      const { appRoles } = await graph.get<Application>(path);
      if (appRoles.some((present) => present.id === role.id)) {
        throw new Error(
          `A resource with the ID "${id}" already exists - to be managed via Terraform this resource needs to be imported into the State.`,
        );
      }
      await setRoles(graph, path, [...appRoles, role]);
      return { id, outputs: roleOutputs(path, role) };
    },
    async read(graph, id) {
      const { path, roleId } = parseRoleId(id);
      const application = await unlessGone(graph.get<Application>(path));
      const role = application?.appRoles.find((candidate) => candidate.id === roleId);
      return role && roleOutputs(path, role);
    },
    async update(graph, id, inputs) {
      const { path, roleId } = parseRoleId(id);
      const role = roleFrom(inputs);
      const others = await disableRole(graph, path, roleId);
      await setRoles(
        graph,
        path,
        others.map((other) => (other.id === roleId ? role : other)),
      );
      return roleOutputs(path, role);
    },
    async delete(graph, id) {
      const { path, roleId } = parseRoleId(id);
      const roles = await unlessGone(disableRole(graph, path, roleId));
      if (roles)
        await setRoles(
          graph,
          path,
          roles.filter((role) => role.id !== roleId),
        );
    },
  },
};

/** An enabled role can be neither changed nor removed. Returns the application's roles with this one disabled. */
async function disableRole(graph: GraphClient, path: string, roleId: string): Promise<AppRole[]> {
  await graph.get<Application>(path);
  const { appRoles } = await graph.get<Application>(path);
  const disabled = appRoles.map((role) => (role.id === roleId ? { ...role, isEnabled: false } : role));
  await setRoles(graph, path, disabled);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const { appRoles: now } = await graph.get<Application>(path);
    if (!now.some((role) => role.id === roleId && role.isEnabled)) return disabled;
    await sleep(PAUSE_MS);
  }
  throw new Error(`The role ${roleId} of ${path} is still enabled after ${MOST_LOOKS} looks.`);
}

async function setRoles(graph: GraphClient, path: string, appRoles: AppRole[]): Promise<void> {
  await graph.send("PATCH", path, { id: path.split("/").at(-1), appRoles });
}

function parseRoleId(id: string): { path: string; roleId: string } {
  const [path = "", roleId = ""] = id.split("/appRoles/");
  return { path, roleId };
}

function roleFrom(inputs: PropertyMap): AppRole {
  return {
    id: String(inputs.roleId),
    allowedMemberTypes: (inputs.allowedMemberTypes as string[]).toSorted(),
    description: String(inputs.description),
    displayName: String(inputs.displayName),
    isEnabled: true,
    value: inputs.value === undefined ? null : String(inputs.value),
  };
}

function roleOutputs(applicationId: string, role: AppRole): PropertyMap {
  return {
    applicationId,
    roleId: role.id,
    allowedMemberTypes: role.allowedMemberTypes.toSorted(),
    description: role.description,
    displayName: role.displayName,
    ...(role.value !== null && { value: role.value }),
  };
}

async function waitUntilSeen(graph: GraphClient, path: string): Promise<void> {
  let sightings = 0;
  for (let look = 0; look < MOST_LOOKS; look++) {
    const found = await unlessGone(graph.get(path));
    sightings = found === undefined ? 0 : sightings + 1;
    if (sightings === CONSECUTIVE_SIGHTINGS) return;
    await sleep(PAUSE_MS);
  }
  throw new Error(`${path} was made and is still not found after ${MOST_LOOKS} looks.`);
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return undefined;
    throw error;
  }
}
