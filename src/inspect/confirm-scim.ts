import { readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { planOkta } from "../program/okta-plan.ts";
import { setupSteps } from "../program/okta-setup.ts";
import { type CheckedSpec, loadSpec } from "../spec/load.ts";
import { setScalar } from "../yaml/set-scalar.ts";
import { locateOkta } from "./locate-okta.ts";
import { readScimState } from "./okta-scim.ts";
import type { Tenants } from "./tenants.ts";

/** Whether a person has done in Okta's console what no API can. */
export interface Confirmation {
  application: string;
  /** confirmed: all is as it has to be. paused: the spec says that SCIM is off on purpose, so nothing is expected. */
  verdict: "confirmed" | "incomplete" | "not found" | "paused";
  /** What is missing, in the console's words. */
  missing: string[];
  /** The person's part from its beginning, when SCIM is not on at all. */
  steps: string[];
  /** The application's page in the console; empty when it was not found. */
  setupUrl: string;
  /** Logins for which somebody has to press "Provision User". */
  notProvisioned: string[];
  /** Why the application was not found. */
  problem?: string;
}

/**
 * Looks at what a person has switched in Okta's console.
 * @param file of the spec, for the steps that are printed
 */
export async function checkScim(
  desired: DesiredOktaApplication,
  file: string,
  tenants: Tenants,
  knownId?: string,
): Promise<Confirmation> {
  const nothing = { missing: [], steps: [], setupUrl: "", notProvisioned: [] };
  const { name: application } = desired;
  if (desired.scim === "paused") return { application, verdict: "paused", ...nothing };
  const { plans, problems } = await planOkta([{ ...desired, assignments: [], pushGroups: [] }], tenants.ask);
  const [plan] = plans;
  if (!plan) throw new TypeError("one application has one plan");
  const okta = tenants.okta();
  const located = await locateOkta(okta, plan, knownId);
  if (!("application" in located)) {
    const problem =
      located.problem?.message ?? problems.map(({ message, help }) => `${message}; ${help ?? ""}`).join(" ");
    return { application, verdict: "not found", ...nothing, problem };
  }
  const { on, missing, setupUrl, notProvisioned } = await readScimState(okta, located.application, desired);
  const steps = on
    ? []
    : setupSteps({
        setupUrl,
        scimUrl: desired.scimUrl,
        secret: desired.token.secret,
        pushesGroups: desired.pushGroups.length > 0,
        file,
        application,
      });
  const verdict = missing.length === 0 ? "confirmed" : "incomplete";
  return { application, verdict, missing, steps, setupUrl, notProvisioned };
}

/**
 * Writes `scim: enabled` into the environment's own file: what it extends is other environments' too. Every other character stays.
 * @param applications for which it has been done
 * @returns the file
 * @throws when the spec, once written, is not what it was with that; the file is then as before
 */
export function writeScimEnabled({ file, spec }: CheckedSpec, applications: readonly string[]): string {
  const before = readFileSync(file, "utf8");
  const meant = structuredClone(spec);
  let text = before;
  for (const application of applications) {
    const { okta } = meant.applications[application] ?? {};
    if (!okta) throw new TypeError(`${application} is no application of Okta`);
    okta.scim = "enabled";
    text = setScalar(text, ["applications", application, "okta", "scim"], "enabled");
  }
  writeFileSync(file, text);
  if (isDeepStrictEqual(loadSpec(file).spec?.spec, meant)) return file;
  writeFileSync(file, before);
  throw new Error(
    `${file} could not be changed so that it says \`scim: enabled\` for ${applications.join(", ")}, and is as it was: write it there yourself.`,
  );
}
