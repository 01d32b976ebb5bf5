import * as pulumi from "@pulumi/pulumi";
import {
  type AppAssignmentsInputs,
  type AppAssignmentsOutputs,
  type GroupPushesInputs,
  type ScimSettingsInputs,
  type ScimSettingsOutputs,
  TOKEN,
} from "../../provider/contract.ts";
import type { Args } from "./args.ts";

/** The groups and users of one application: all of them, so that an assignment made by hand shows. */
export class AppAssignments extends pulumi.CustomResource {
  declare readonly notProvisioned: pulumi.Output<AppAssignmentsOutputs["notProvisioned"]>;

  constructor(name: string, args: Args<AppAssignmentsInputs>, opts: pulumi.CustomResourceOptions) {
    const outputs = {
      declared: undefined,
      owed: undefined,
      knownPrincipals: undefined,
      notProvisioned: undefined,
    };
    super(TOKEN.appAssignments, name, { ...args, ...outputs }, opts);
  }
}

/** The groups that one application pushes. */
export class GroupPushes extends pulumi.CustomResource {
  constructor(name: string, args: Args<GroupPushesInputs>, opts: pulumi.CustomResourceOptions) {
    const outputs = {
      mappingIds: undefined,
      prefixOf: undefined,
      knownGroups: undefined,
      declared: undefined,
      owed: undefined,
    };
    super(TOKEN.groupPushes, name, { ...args, ...outputs }, opts);
  }
}

/** Whether a person has switched SCIM on, which no API can do. */
export class ScimSettings extends pulumi.CustomResource {
  declare readonly setupUrl: pulumi.Output<ScimSettingsOutputs["setupUrl"]>;
  declare readonly missing: pulumi.Output<ScimSettingsOutputs["missing"]>;

  constructor(name: string, args: Args<ScimSettingsInputs>, opts: pulumi.CustomResourceOptions) {
    const outputs = {
      status: undefined,
      features: undefined,
      missing: undefined,
      setupUrl: undefined,
    };
    super(TOKEN.scimSettings, name, { ...args, ...outputs }, opts);
  }
}
