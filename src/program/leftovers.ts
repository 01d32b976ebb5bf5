import * as pulumi from "@pulumi/pulumi";
import type { FindEntraApplicationsResult } from "../provider/contract.ts";
import type { FoundApplication } from "./okta-plan.ts";

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
      stopBefore(
        `An application named "${found[0]?.displayName}" exists in the tenant`,
        found.map(({ applicationObjectId, servicePrincipalObjectId }) =>
          importCommand(
            { urn, type, name, component },
            `/applicationTemplates/${templateId}/instantiate/${applicationObjectId}/${servicePrincipalObjectId}`,
            protect,
          ),
        ),
        "displayName",
      );
    },
    { onDryRun: true },
  );
}

/** As {@link refuseLeftover}, for an application of Okta with the same label and way of signing on. */
export function refuseOktaLeftover(
  component: string,
  child: string,
  found: readonly FoundApplication[],
  protect: boolean,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${component}-${child}-leftover`,
    ({ urn, type, name }) =>
      stopBefore(
        `An application with the label "${found[0]?.label}" exists in Okta`,
        found.map(({ id }) => importCommand({ urn, type, name, component }, id, protect)),
        "label",
      ),
    { onDryRun: true },
  );
}

/** @throws Error with the commands, when there are any */
function stopBefore(what: string, commands: readonly string[], naming: string): void {
  if (commands.length === 0) return;
  throw new Error(
    [
      `${what} and is not in this stack's state, so a second one would be made. ` +
        "Either a run that was killed left it behind, or it is somebody else's, or the application had another key in the spec before: then give it that key again.",
      `To take it over:\n  ${commands.join("\n  or\n  ")}`,
      `Otherwise give this one another ${naming}, or delete the other.`,
    ].join("\n"),
  );
}

/**
 * Says how to take over an app role that a killed run left behind; the azuread provider refuses to make it again. It also does
 * for a role whose name changed and whose id stayed, which must not be imported: the old name's resource would delete it.
 */
export function explainLeftoverRole(component: string, role: string, protect: boolean): pulumi.ErrorHook {
  return new pulumi.ErrorHook(
    `${component}-${role}-leftover`,
    async ({ urn, type, name, newInputs, errors }) => {
      if (errors.some((error) => /already exists/.test(error))) {
        const id = `${newInputs?.applicationId}/appRoles/${newInputs?.roleId}`;
        const renamed = `${component}-role-<old name>`;
        await pulumi.log.error(
          [
            "The role is there, and not in this stack's state under this name.",
            `If the spec called it otherwise before, import nothing: the old name's resource would delete the role, and everybody would lose it. Rename that resource instead, with the old name in lower case:\n  pulumi state rename --stack ${pulumi.getStack()} '${urn.slice(0, -name.length)}${renamed}' ${name}`,
            `If it never had another name, a run that was killed left it behind. To take it over:\n  ${importCommand({ urn, type, name, component }, id, protect)}`,
          ].join("\n"),
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

/**
 * A file, and no arguments: `--parent` wants a component that is in the state, and a preview that stops here has made none.
 * The stack is named, because another one may be selected.
 */
function importCommand({ urn, type, name, component }: Child, id: string, protect: boolean): string {
  // The types above it stand in a resource's URN: `…::rollcall:index:EntraApplication$azuread:…::datahub-application`.
  const [, , types = ""] = urn.split("::");
  const above = types.slice(0, types.lastIndexOf("$"));
  const file = {
    resources: [
      { type: above, name: component, component: true },
      { type, name, id, parent: component },
    ],
  };
  return `echo '${JSON.stringify(file)}' > import.json && pulumi import --stack ${pulumi.getStack()} --file import.json --protect=${protect} --generate-code=false`;
}
