import type { DesiredApplication } from "../../src/desired/model.ts";
import { secretVariable } from "../../src/spec/secret-names.ts";
import type { World } from "./world.ts";

const EVERYTHING_ON = {
  createUsers: true,
  updateUsers: true,
  deactivateUsers: true,
  syncPassword: false,
  pushGroups: true,
};

/** Does in Okta's console what `up` has asked a person for, for every application of the spec that waits for it. */
export async function switchScimOn({ sandbox, spec, env }: World): Promise<void> {
  const tokenOf = ({ token }: DesiredApplication) => {
    const variable = secretVariable(token.secret);
    return env[variable] ?? sandbox.env[variable] ?? "";
  };
  for (const application of spec().applications) {
    if (application.idp !== "okta") continue;
    await sandbox.okta.admin.enableScim(await oktaAppId(sandbox, application.label), {
      baseUrl: application.scimUrl,
      authentication: { mode: "bearer", token: tokenOf(application) },
      actions: EVERYTHING_ON,
    });
  }
}

/** Says in the spec that it has been done, as `rollcall okta confirm` does. */
export function confirmScim(world: World): void {
  const names = world.spec().applications.filter(({ idp }) => idp === "okta");
  world.edit((spec) => {
    for (const { name } of names) spec.setIn(["applications", name, "okta", "scim"], "enabled");
  });
}

/** @throws when there is not exactly one */
export async function oktaAppId(sandbox: World["sandbox"], label: string): Promise<string> {
  const apps = (await sandbox.okta.asAdministrator("GET", `/api/v1/apps?q=${encodeURIComponent(label)}`)) as {
    id: string;
    label: string;
  }[];
  const [found, ...others] = apps.filter((app) => app.label === label);
  if (!found || others.length > 0)
    throw new Error(`${others.length + (found ? 1 : 0)} applications are called ${label}`);
  return found.id;
}
