import * as pulumi from "@pulumi/pulumi";
import {
  type AppAssignmentsInputs,
  type GroupPushesInputs,
  type ScimSettingsInputs,
  type ScimSettingsOutputs,
  TOKEN,
} from "../../provider/contract.ts";
import type { Args } from "./args.ts";

/** The groups and users of one application: all of them, so that an assignment made by hand shows. */
export class AppAssignments extends pulumi.CustomResource {
  constructor(name: string, args: Args<AppAssignmentsInputs>, opts: pulumi.CustomResourceOptions) {
    super(TOKEN.appAssignments, name, { ...args, knownPrincipals: undefined }, opts);
  }
}

/** The groups that one application pushes. */
export class GroupPushes extends pulumi.CustomResource {
  constructor(name: string, args: Args<GroupPushesInputs>, opts: pulumi.CustomResourceOptions) {
    super(TOKEN.groupPushes, name, { ...args, mappingIds: undefined, prefixOf: undefined }, opts);
  }
}

/** Whether a person has switched SCIM on, which no API can do. */
export class ScimSettings extends pulumi.CustomResource {
  declare readonly setupUrl: pulumi.Output<ScimSettingsOutputs["setupUrl"]>;
  declare readonly missing: pulumi.Output<ScimSettingsOutputs["missing"]>;
  declare readonly notProvisioned: pulumi.Output<ScimSettingsOutputs["notProvisioned"]>;

  constructor(name: string, args: Args<ScimSettingsInputs>, opts: pulumi.CustomResourceOptions) {
    const outputs = {
      features: undefined,
      missing: undefined,
      setupUrl: undefined,
      notProvisioned: undefined,
    };
    super(TOKEN.scimSettings, name, { ...args, ...outputs }, opts);
  }
}
