import * as pulumi from "@pulumi/pulumi";
import {
  type AppRoleAssignmentsInputs,
  type AppRoleAssignmentsOutputs,
  type ProvisioningJobInputs,
  type ProvisioningJobOutputs,
  TOKEN,
} from "../../provider/contract.ts";
import type { Args } from "./args.ts";

/** Who may use one application, and with which role: all of it, so that an assignment made by hand shows. */
export class AppRoleAssignments extends pulumi.CustomResource {
  declare readonly assignmentIds: pulumi.Output<AppRoleAssignmentsOutputs["assignmentIds"]>;

  constructor(name: string, args: Args<AppRoleAssignmentsInputs>, opts: pulumi.CustomResourceOptions) {
    super(
      TOKEN.appRoleAssignments,
      name,
      { ...args, assignmentIds: undefined, knownPrincipals: undefined, declared: undefined, owed: undefined },
      opts,
    );
  }
}

/** The synchronization job of one application: credentials, scope, attribute mappings, running or paused. */
export class ProvisioningJob extends pulumi.CustomResource {
  declare readonly jobId: pulumi.Output<ProvisioningJobOutputs["jobId"]>;
  declare readonly statusCode: pulumi.Output<ProvisioningJobOutputs["statusCode"]>;
  declare readonly quarantine: pulumi.Output<ProvisioningJobOutputs["quarantine"]>;

  constructor(name: string, args: Args<ProvisioningJobInputs>, opts: pulumi.CustomResourceOptions) {
    const outputs = {
      jobId: undefined,
      statusCode: undefined,
      quarantine: undefined,
      cycled: undefined,
    };
    super(TOKEN.provisioningJob, name, { ...args, ...outputs }, opts);
  }
}
