/** Inputs with parts that are managed one by one. */
const PARTS: Record<string, readonly string[]> = {
  mappings: ["base", "user", "group", "targetAttributes", "objects"],
  notifications: ["recipient", "deleteThreshold"],
  settings: ["userNameTemplate", "ssoUrl", "audience"],
  switches: [
    ...["active", "provisioning", "createUsers", "updateUserAttributes"],
    ...["deactivateUsers", "syncPassword", "pushGroups"],
  ],
};

/** Outputs that are objects in the tenant, which can be deleted there. */
const OBJECTS: Record<string, readonly string[]> = { "rollcall:entra:ProvisioningJob": ["jobId"] };

interface StoredResource {
  type: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
}

/** Every property that the program manages in a tenant, from the state that it leaves: `azuread:ApplicationAppRole value`. */
export function managedProperties(state: string): string[] {
  const { resources } = JSON.parse(state).deployment as { resources: StoredResource[] };
  const found = new Set<string>();
  for (const { type, custom, inputs } of resources) {
    if (!custom || type.startsWith("pulumi:")) continue;
    const name = shortType(type);
    for (const [property, value] of Object.entries(inputs ?? {})) {
      const parts = isObject(value) ? PARTS[property] : undefined;
      if (parts) for (const part of parts) found.add(`${name} ${property}.${part}`);
      else found.add(`${name} ${property}`);
    }
    for (const property of OBJECTS[name] ?? []) found.add(`${name} ${property}`);
  }
  return [...found].sort();
}

/** `okta:app/autoLogin:AutoLogin` is okta.app.AutoLogin to who writes a program. */
function shortType(type: string): string {
  const [pkg, module = "", name] = type.split(":");
  const folder = module.split("/")[0];
  return folder === "index" ? `${pkg}:${name}` : `${pkg}:${folder}:${name}`;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
