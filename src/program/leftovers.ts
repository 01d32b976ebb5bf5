import * as pulumi from "@pulumi/pulumi";
import type { FindEntraApplicationsResult } from "../provider/contract.ts";

type Namesake = FindEntraApplicationsResult["applications"][number];

/**
 * Stops the creation of an application that is there already: a run that was killed left it behind, or somebody made it. The
 * hook runs only when the engine is about to create, so an application that is in the state is not stopped at.
 */
export function refuseLeftover(
  component: string,
  namesakes: readonly Namesake[],
  templateId: string,
  protect: boolean,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${component}-application-leftover`,
    ({ urn, type, name }) => {
      const found = namesakes.filter((namesake) => namesake.applicationTemplateId === templateId);
      if (found.length === 0) return;
      const commands = found.map(({ applicationObjectId, servicePrincipalObjectId }) =>
        importCommand(
          { urn, type, name, component },
          `/applicationTemplates/${templateId}/instantiate/${applicationObjectId}/${servicePrincipalObjectId}`,
          protect,
        ),
      );
      throw new Error(
        [
          `An application named "${found[0]?.displayName}" exists in the tenant and is not in this stack's state, so a second one would be made. ` +
            "Either a run that was killed left it behind, or it is somebody else's.",
          `To take it over:\n  ${commands.join("\n  or\n  ")}`,
          "Otherwise give this one another displayName, or delete the other.",
        ].join("\n"),
      );
    },
    { onDryRun: true },
  );
}

/** Says how to take over an app role that a killed run left behind; the azuread provider refuses to make it again. */
export function explainLeftoverRole(component: string, role: string, protect: boolean): pulumi.ErrorHook {
  return new pulumi.ErrorHook(
    `${component}-${role}-leftover`,
    async ({ urn, type, name, newInputs, errors }) => {
      if (errors.some((error) => /already exists/.test(error))) {
        const id = `${newInputs?.applicationId}/appRoles/${newInputs?.roleId}`;
        await pulumi.log.error(
          `The role is there and not in this stack's state: a run that was killed left it behind. To take it over:\n  ${importCommand({ urn, type, name, component }, id, protect)}`,
        );
      }
      return false;
    },
  );
}

/** Which resource to take over, and the component it belongs to. */
interface Child {
  urn: string;
  type: string;
  name: string;
  component: string;
}

function importCommand({ urn, type, name, component }: Child, id: string, protect: boolean): string {
  // The types above it stand in a resource's URN: `…::rollcall:index:EntraApplication$azuread:…::datahub-application`.
  const [scope = "", project = "", types = ""] = urn.split("::");
  const parent = [scope, project, types.slice(0, types.lastIndexOf("$")), component].join("::");
  return `pulumi import ${type} ${name} ${id} --parent '${component}=${parent}' --protect=${protect} --generate-code=false`;
}
