import { NOT_YET } from "../../clients/http.ts";
import { hasStatus } from "../../clients/http-error.ts";
import { type OktaApplication, application as readApplication } from "../../clients/okta/applications.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import type { ScimSettingsInputs, ScimSettingsOutputs } from "../contract.ts";
import type { Context, Resource } from "../engine/resource.ts";
import { isUnknown } from "../engine/values.ts";
import { consoleUrl, describeSwitch, switchesOf, USUAL_SWITCHES, wrongSwitches } from "./switches.ts";
import { readSettings, wrongSettings } from "./watched-settings.ts";

type Inputs = ScimSettingsInputs;
type Outputs = ScimSettingsOutputs;

/** Whether a person has switched SCIM on in Okta's console, which no public API can. Its id is the application's. */
export const scimSettings: Resource<Inputs, Outputs> = {
  replaceOn: ["appId"],
  policies: ["application", "switches", "scim", "label", "hidden", "foundBy", "settings"],

  // While SCIM is meant to be off, off is how its switches have to be.
  comparable: (inputs, next) => (next.scim === "paused" ? { ...inputs, switches: next.switches } : inputs),

  async plan({ outputs, next, inputs }, context) {
    if (next.scim === "pending" && inputs.scim !== "pending")
      assertNotTakenBack(inputs, next, outputs.setupUrl);
    if (next.scim === "enabled" && outputs.status) assertSwitched(outputs, next, outputs.setupUrl);
    if (next.scim === "paused" && inputs.scim !== "paused" && outputs.status)
      assertPaused(outputs, next, outputs.setupUrl);
    warnOfLooks(inputs, next, outputs.setupUrl, context);
    return [];
  },

  async planReplacement({ inputs, outputs, next }) {
    assertSameApplication(inputs, next);
    if (next.scim === "pending" && inputs.scim !== "pending")
      assertNotTakenBack(inputs, next, outputs.setupUrl);
  },

  async create(inputs, context) {
    if (context.preview && isUnknown(inputs.appId)) return { id: "", outputs: inputs };
    return { id: inputs.appId, outputs: await confirm(inputs, NOT_YET.justCreated, context) };
  },

  async read({ id, inputs, outputs }, context) {
    const okta = context.okta();
    let app: OktaApplication;
    try {
      app = await readApplication(okta, id, { awaitCreation: NOT_YET.createdEarlier });
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
    const observed = { ...inputs, appId: id, ...looks(app, inputs), ...switched(app, inputs) } as Inputs;
    const wanted = outputs ?? { ...observed, switches: { ...USUAL_SWITCHES, ...inputs?.switches } };
    return {
      inputs: observed,
      outputs: { ...observed, ...state(okta, app, wanted), switches: wanted.switches },
    };
  },

  update: (_known, next, context) => confirm(next, NOT_YET.createdEarlier, context),

  // What a person switched on, a person switches off; the application goes with its own resource.
  async delete({ inputs, outputs }, context) {
    const deletesApplication = inputs.label !== undefined;
    const { status = "ACTIVE", features = [] } = outputs;
    const provisioned = inputs.scim !== "pending" || switchesOf({ status, features }).provisioning;
    if (!deletesApplication || !provisioned) return;
    context.warn(
      `${inputs.application} is no longer provisioned. People and groups stay in the product as they are.`,
    );
  },
};

async function confirm(inputs: Inputs, awaitCreation: number, context: Context): Promise<Outputs> {
  const okta = context.okta();
  const app = await readApplication(okta, inputs.appId, { awaitCreation });
  const outputs = { ...inputs, ...state(okta, app, inputs) };
  if (inputs.scim === "enabled") assertSwitched(outputs, inputs, outputs.setupUrl);
  if (inputs.scim === "paused") assertPaused(outputs, inputs, outputs.setupUrl);
  return outputs;
}

function state(
  okta: OktaClient,
  app: OktaApplication,
  { scim, switches }: Pick<Inputs, "scim" | "switches">,
) {
  const wrong = scim === "paused" ? [] : wrongSwitches(switchesOf(app), switches);
  return {
    status: app.status,
    features: [...app.features].sort(),
    missing: wrong.map(([name]) => name),
    setupUrl: consoleUrl(okta.org, app),
  };
}

/** What differs from the spec's word becomes an input, so that losing it is drift. */
function switched(app: OktaApplication, inputs: Inputs | undefined): Partial<Inputs> {
  const on = switchesOf(app);
  if (!inputs) return { scim: on.provisioning ? "enabled" : "pending", switches: on };
  if (inputs.scim === "pending") return {};
  if (inputs.scim === "paused") return provisions(app) ? { scim: "enabled" } : {};
  return {
    switches: {
      ...inputs.switches,
      ...Object.fromEntries(wrongSwitches(on, inputs.switches).map(([name, wanted]) => [name, !wanted])),
    },
  };
}

function looks(app: OktaApplication, inputs: Inputs | undefined): Partial<Inputs> {
  const { iOS, web } = app.visibility.hide;
  return {
    ...(inputs?.label === undefined ? {} : { label: app.label }),
    ...(inputs?.hidden === undefined ? {} : { hidden: iOS && web }),
    ...(inputs?.settings && { settings: readSettings(app, inputs.settings) }),
  };
}

type Live = Pick<Outputs, "status" | "features">;

function provisions(live: Live): boolean {
  const { active, provisioning } = switchesOf(live);
  return active && provisioning;
}

function assertSwitched(live: Live, next: Inputs, setupUrl: string): void {
  const wrong = wrongSwitches(switchesOf(live), next.switches);
  if (wrong.length === 0) return;
  const steps = wrong.map(([name, wanted]) => `  - ${describeSwitch(name, wanted)}`);
  const stands = !provisions(live);
  throw new Error(
    [
      `${next.application}: the spec says \`scim: enabled\`, and in Okta this is not as it should be:`,
      ...steps,
      `rollcall sets none of it, and nobody is unassigned because of it. Open ${setupUrl} and set it. ${
        stands
          ? "If it is meant, say `scim: paused`."
          : 'If provisioning is meant to stand still, untick Provisioning > Integration > "Enable API integration" and say `scim: paused`.'
      }`,
    ].join("\n"),
  );
}

/** Under `pending` nobody is declared, so that going back to it would unassign everybody. */
function assertNotTakenBack({ scim }: Inputs, next: Inputs, setupUrl: string): void {
  throw new Error(
    [
      `${next.application}: the spec went from \`scim: ${scim}\` back to \`scim: pending\`, which would unassign everybody and end every push. Nobody was unassigned.`,
      `Say \`scim: enabled\`, and \`npx rollcall okta confirm\` names what is missing at ${setupUrl}; or \`scim: paused\`, if provisioning is meant to stand still; to start anew, remove the application from the spec first.`,
    ].join("\n"),
  );
}

/** A label is anybody's to give: whoever takes it would get everybody of the spec, and the old application would lose them. */
function assertSameApplication(inputs: Inputs, { foundBy, appId, application }: Inputs): void {
  if (foundBy === undefined || foundBy !== inputs.foundBy) return;
  throw new Error(
    [
      `${application}: another application in Okta is called "${foundBy}" than the one the spec has meant so far, ${inputs.appId}: it is ${appId} now. Somebody may have renamed them.`,
      `Nothing was changed. Give the old one its label again, or say in the spec which one is meant: \`existing: { id: ${inputs.appId} }\` for the old one. For ${appId} everybody is taken out of the old one first.`,
    ].join("\n"),
  );
}

function assertPaused(live: Live, next: Inputs, setupUrl: string): void {
  if (!provisions(live)) return;
  throw new Error(
    `${next.application}: the spec says \`scim: paused\`, and Okta still provisions. No API can stop it: open ${setupUrl}, Provisioning > Integration, and untick "Enable API integration"; or say \`scim: enabled\`.`,
  );
}

function warnOfLooks(inputs: Inputs, next: Inputs, setupUrl: string, context: Context): void {
  // Before SCIM is on, the application's own resource writes them.
  if (next.scim === "pending") return;
  for (const wrong of wrongSettings(inputs.settings ?? {}, inputs.settings ? (next.settings ?? {}) : {})) {
    context.warn(
      `${next.application}: ${wrong}. It is not changed by itself, since that may wipe its SCIM settings: do it at ${setupUrl}, or change the spec.`,
    );
  }
  if (next.label !== undefined && inputs.label !== undefined && inputs.label !== next.label) {
    context.warn(
      `${next.application}: the application is called "${inputs.label}" in Okta, and "${next.label}" in the spec. It is not renamed by itself, since a change of the application may wipe its SCIM settings: rename it at ${setupUrl}, or change the spec.`,
    );
  }
  if (next.hidden !== undefined && inputs.hidden !== undefined && inputs.hidden !== next.hidden) {
    context.warn(
      `${next.application}: the application's icon is ${inputs.hidden ? "hidden from" : "shown to"} users, and the spec has it otherwise. It is not changed by itself, since that may wipe its SCIM settings: do it at ${setupUrl}.`,
    );
  }
}
