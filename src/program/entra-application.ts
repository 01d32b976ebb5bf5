import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { AppRole, DesiredMappings } from "../desired/model.ts";
import type { FindEntraApplicationsResult } from "../provider/contract.ts";
import { jobMappings, notifications, roleIds } from "./entra-inputs.ts";
import { SYNCHRONIZATION_TEMPLATE } from "./entra-template.ts";
import { explainLeftoverRole, refuseLeftover } from "./leftovers.ts";
import { AppRoleAssignments, ProvisioningJob } from "./resources/entra.ts";

export interface EntraApplicationArgs {
  displayName: string;
  /** Id of the gallery template it is made from. */
  templateId: string;
  /** The product's SCIM URL. */
  tenantUrl: string;
  /** The product's SCIM token; kept secret. */
  token: pulumi.Input<string>;
  /** App roles to add, with ids that never change. Without any, people get the template's own role. */
  roles: readonly AppRole[];
  /** `group:governance-team Reader` -> object id. The key ends with the value of a role. */
  assignments: Record<string, pulumi.Input<string>>;
  /** Keys of `assignments` whose object is named by its id. */
  pinned: readonly string[];
  /** Take out whoever is assigned and not declared. */
  exclusive: boolean;
  /** Stop instead of taking out more than this many at once. */
  maxRemovals: number;
  /** Who is provisioned: those who are assigned, or everybody. */
  scope: "assigned" | "all";
  mappings: DesiredMappings;
  provisioning: {
    status: "running" | "paused";
    /** Address for failure notices. */
    notify?: string;
    /** Stop when one cycle would delete more than this many. */
    accidentalDeletionThreshold?: number;
    /** What removing the job does with its attribute mappings. */
    onDelete: "reset" | "leave";
  };
  /** Applications with the same display name that are in the tenant; making another one is refused. */
  namesakes: FindEntraApplicationsResult["applications"];
}

/** An enterprise application in Microsoft Entra ID that provisions people into one product over SCIM. */
export class EntraApplication extends pulumi.ComponentResource {
  static readonly type = "rollcall:index:EntraApplication";

  readonly applicationObjectId: pulumi.Output<string>;
  readonly servicePrincipalObjectId: pulumi.Output<string>;
  readonly jobId: pulumi.Output<string>;
  /** NotConfigured, NotRun, Active, Paused or Quarantine. */
  readonly status: pulumi.Output<string>;
  /** Where a person sees it in the Entra admin center. */
  readonly portal: pulumi.Output<string>;

  constructor(name: string, args: EntraApplicationArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super(EntraApplication.type, name, {}, opts);
    const protect = opts.protect ?? false;

    const application = createApplication(name, args, protect, this);
    const roles = createRoles(name, args, protect, application, this);
    const assignments = createAssignments(name, args, application, roles, this);
    const job = createJob(name, args, application, assignments, this);

    this.applicationObjectId = application.applicationObjectId;
    this.servicePrincipalObjectId = application.servicePrincipalObjectId;
    this.jobId = job.jobId;
    this.status = job.statusCode;
    this.portal = pulumi.all([application.servicePrincipalObjectId, job.jobId]).apply(portalLink);
    this.registerOutputs({
      applicationObjectId: this.applicationObjectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      jobId: this.jobId,
      status: this.status,
      portal: this.portal,
    });
  }
}

type Parent = EntraApplication;

function createApplication(name: string, args: EntraApplicationArgs, protect: boolean, parent: Parent) {
  return new azuread.ApplicationFromTemplate(
    `${name}-application`,
    { displayName: args.displayName, templateId: args.templateId },
    { parent, hooks: { beforeCreate: [refuseLeftover(name, args.namesakes, args.templateId, protect)] } },
  );
}

/** One after the other: each reads the application's roles and writes them back with its own. */
function createRoles(
  name: string,
  { roles }: EntraApplicationArgs,
  protect: boolean,
  { applicationId }: azuread.ApplicationFromTemplate,
  parent: Parent,
) {
  const made: azuread.ApplicationAppRole[] = [];
  for (const { id, value, displayName, description, allowedMemberTypes } of roles) {
    made.push(
      new azuread.ApplicationAppRole(
        `${name}-role-${value.toLowerCase()}`,
        { applicationId, roleId: id, value, displayName, description, allowedMemberTypes },
        {
          parent,
          dependsOn: made.slice(-1),
          hooks: { onError: [explainLeftoverRole(name, value, protect)] },
        },
      ),
    );
  }
  return made;
}

function createAssignments(
  name: string,
  args: EntraApplicationArgs,
  { servicePrincipalObjectId }: azuread.ApplicationFromTemplate,
  roles: azuread.ApplicationAppRole[],
  parent: Parent,
) {
  return new AppRoleAssignments(
    `${name}-assignments`,
    {
      servicePrincipalId: servicePrincipalObjectId,
      roles: roleIds(args.roles),
      assignments: pulumi.all(args.assignments),
      exclusive: args.exclusive,
      maxRemovals: args.maxRemovals,
      pinned: [...args.pinned],
      application: name,
    },
    { parent, dependsOn: roles },
  );
}

function createJob(
  name: string,
  { tenantUrl, token, scope, mappings, provisioning, maxRemovals }: EntraApplicationArgs,
  { servicePrincipalObjectId }: azuread.ApplicationFromTemplate,
  assignments: AppRoleAssignments,
  parent: Parent,
) {
  return new ProvisioningJob(
    `${name}-provisioning`,
    {
      servicePrincipalId: servicePrincipalObjectId,
      templateId: SYNCHRONIZATION_TEMPLATE,
      baseAddress: tenantUrl,
      secretToken: pulumi.secret(token),
      scope,
      notifications: notifications(provisioning),
      status: provisioning.status,
      mappings: jobMappings(mappings),
      onDelete: provisioning.onDelete,
      maxRemovals,
      application: name,
    },
    { parent, dependsOn: assignments },
  );
}

/** The job's id ends with the application's client id, which the page is addressed by. */
function portalLink([servicePrincipalId, jobId]: string[]): string {
  const appId = jobId?.split(".").at(-1);
  return `https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/ProvisioningManagement/objectId/${servicePrincipalId}/appId/${appId}`;
}
