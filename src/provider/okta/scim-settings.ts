import { NOT_YET } from "../../clients/http.ts";
import { hasStatus } from "../../clients/http-error.ts";
import { listAppUsers } from "../../clients/okta/app-assignments.ts";
import { type OktaApplication, application as readApplication } from "../../clients/okta/applications.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import type { ScimSettingsInputs, ScimSettingsOutputs, ScimSwitch } from "../contract.ts";
import type { Context, Resource } from "../engine/resource.ts";
import { isUnknown } from "../engine/values.ts";
import { consoleUrl, describeSwitch, switchesOf } from "./switches.ts";

type Inputs = ScimSettingsInputs;
type Outputs = ScimSettingsOutputs;

/** Whether a person has switched SCIM on in Okta's console, which no public API can. Its id is the application's. */
export const scimSettings: Resource<Inputs, Outputs> = {
  replaceOn: ["appId"],
  policies: ["application", "switches", "scim", "label", "hidden"],

  async plan({ outputs, next, inputs }, context) {
    if (next.scim === "pending" && inputs.scim !== "pending")
      assertNotTakenBack(inputs, next, outputs.setupUrl);
    if (next.scim === "enabled" && outputs.features) assertSwitched(outputs, next, outputs.setupUrl);
    if (next.scim === "paused" && inputs.scim !== "paused")
      assertPaused(outputs.features ?? [], next, outputs.setupUrl);
    warnOfLooks(inputs, next, outputs.setupUrl, context);
    return [];
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
      outputs: { ...observed, ...(await state(okta, app, wanted)), switches: wanted.switches },
    };
  },

  update: (_known, next, context) => confirm(next, NOT_YET.createdEarlier, context),

  // What a person switched on, a person switches off; the application goes with its own resource.
  async delete({ inputs, outputs }, context) {
    const deletesApplication = inputs.label !== undefined;
    if (!deletesApplication || !switchesOf(outputs.features ?? []).provisioning) return;
    context.warn(
      `${inputs.application} is no longer provisioned. People and groups stay in the product as they are.`,
    );
  },
};

const USUAL_SWITCHES: Inputs["switches"] = {
  provisioning: true,
  createUsers: true,
  updateUserAttributes: true,
  deactivateUsers: true,
  syncPassword: false,
  pushGroups: false,
};

async function confirm(inputs: Inputs, awaitCreation: number, context: Context): Promise<Outputs> {
  const okta = context.okta();
  const app = await readApplication(okta, inputs.appId, { awaitCreation });
  const outputs = { ...inputs, ...(await state(okta, app, inputs)) };
  if (inputs.scim === "enabled") assertSwitched(outputs, inputs, outputs.setupUrl);
  if (inputs.scim === "paused") assertPaused(app.features, inputs, outputs.setupUrl);
  return outputs;
}

async function state(okta: OktaClient, app: OktaApplication, inputs: Pick<Inputs, "scim" | "switches">) {
  const on = switchesOf(app.features);
  const names = Object.keys(inputs.switches) as ScimSwitch[];
  return {
    features: [...app.features].sort(),
    missing: names.filter((name) => on[name] !== inputs.switches[name]),
    setupUrl: consoleUrl(okta.org, app),
    notProvisioned: inputs.scim === "enabled" && on.provisioning ? await waiting(okta, app.id) : [],
  };
}

/** What differs from the spec's word becomes an input, so that losing it is drift. */
function switched(app: OktaApplication, inputs: Inputs | undefined): Partial<Inputs> {
  const on = switchesOf(app.features);
  if (!inputs) return { scim: on.provisioning ? "enabled" : "pending", switches: on };
  if (inputs.scim === "pending") return {};
  if (inputs.scim === "paused") return on.provisioning ? { scim: "enabled" } : {};
  return {
    switches: Object.fromEntries(
      Object.keys(inputs.switches).map((name) => [name, on[name as ScimSwitch]]),
    ) as Inputs["switches"],
  };
}

function looks(app: OktaApplication, inputs: Inputs | undefined): Partial<Inputs> {
  const { iOS, web } = app.visibility.hide;
  return {
    ...(inputs?.label === undefined ? {} : { label: app.label }),
    ...(inputs?.hidden === undefined ? {} : { hidden: iOS && web }),
  };
}

/** Logins that were assigned while provisioning was off, and that Okta does not provision by itself. */
export async function waiting(okta: OktaClient, appId: string): Promise<string[]> {
  const users = await listAppUsers(okta, appId);
  return users
    .filter(({ syncState }) => syncState === "DISABLED")
    .map(({ credentials, id }) => credentials?.userName ?? id)
    .sort();
}

function assertSwitched(outputs: Pick<Outputs, "features">, next: Inputs, setupUrl: string): void {
  const on = switchesOf(outputs.features);
  const wrong = (Object.keys(next.switches) as ScimSwitch[]).filter(
    (name) => on[name] !== next.switches[name],
  );
  if (wrong.length === 0) return;
  const steps = wrong.map((name) => `  - ${describeSwitch(name, next.switches[name])}`);
  throw new Error(
    [
      `${next.application}: the spec says \`scim: enabled\`, and in Okta this is not as it should be:`,
      ...steps,
      `No API can set it. Nobody is unassigned because of it. Open ${setupUrl} and set it, or say \`scim: paused\` if it is meant.`,
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

function assertPaused(features: string[], next: Inputs, setupUrl: string): void {
  if (!switchesOf(features).provisioning) return;
  throw new Error(
    `${next.application}: the spec says \`scim: paused\`, and Okta still provisions. No API can stop it: open ${setupUrl}, Provisioning > Integration, and untick "Enable API integration"; or say \`scim: enabled\`.`,
  );
}

function warnOfLooks(inputs: Inputs, next: Inputs, setupUrl: string, context: Context): void {
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
