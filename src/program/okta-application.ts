import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredOktaApplication } from "../desired/model.ts";
import type { AppAssignmentsInputs, GroupPush } from "../provider/contract.ts";
import { refuseOktaLeftover } from "./leftovers.ts";
import { watchedSettings } from "./okta-inputs.ts";
import { type FoundApplication, ofKind } from "./okta-plan.ts";
import { scimSwitches } from "./okta-setup.ts";
import { UNTOUCHED } from "./okta-untouched.ts";
import { AppAssignments, GroupPushes, ScimSettings } from "./resources/okta.ts";

export interface OktaApplicationArgs {
  label: string;
  /** The application that carries SCIM: a hidden one of its own, one that people sign in through, or one that exists. */
  carrier:
    | { kind: "swa" }
    | { kind: "saml"; ssoUrl: string; audience: string }
    | { kind: "existing"; id: string; foundBy?: string };
  /** Where the hidden application leads whoever opens it all the same: the product. */
  signOnUrl: string;
  /** A second application, for sign-on by OpenID Connect. */
  oidc?: { label: string; redirectUris: readonly string[] };
  /** Whether a person has switched SCIM on; before, people are assigned to the sign-on application alone. */
  scim: DesiredOktaApplication["scim"];
  /** `group:datahub-users` -> id. */
  assignments: Record<string, pulumi.Input<string>>;
  /** Keys of `assignments` whose object is named by its id. */
  pinned: readonly string[];
  /** Source group id -> push. */
  pushes: Record<string, GroupPush>;
  /** Prefixes that groups are pushed by. */
  prefixes: readonly string[];
  /** Source group ids that the spec gives itself. */
  pinnedPushes: readonly string[];
  exclusive: boolean;
  maxRemovals: number;
  /** Attribute of the application's profile -> where it comes from. */
  profileMappings: DesiredOktaApplication["profileMappings"];
  /** As `${source.login}`. */
  userNameTemplate: string;
  /** Applications with the same label that are in the org; making another one is refused. */
  namesakes: readonly FoundApplication[];
}

/** An application in Okta that provisions people into one product over SCIM. */
export class OktaApplication extends pulumi.ComponentResource {
  static readonly type = "rollcall:index:OktaApplication";

  readonly applicationId: pulumi.Output<string>;
  /** Where a person switches SCIM on. */
  readonly setupUrl: pulumi.Output<string>;
  /** Switches that are not as they have to be. */
  readonly missing: pulumi.Output<string[]>;
  /** Logins that were assigned while SCIM was off; somebody has to press "Provision User" for each. */
  readonly notProvisioned: pulumi.Output<string[]>;

  constructor(name: string, args: OktaApplicationArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super(OktaApplication.type, name, {}, opts);
    const protect = opts.protect ?? false;

    const carrier = createCarrier(name, args, protect, this);
    const applicationId = carrier.id;
    const scim = createScimSettings(name, args, applicationId, this);
    const assignments =
      args.scim === "pending" ? undefined : createProvisioned(name, args, carrier, scim, this);
    createSignOn(name, args, protect, this);

    this.applicationId = applicationId;
    this.setupUrl = scim.setupUrl;
    this.missing = scim.missing;
    this.notProvisioned = assignments?.notProvisioned ?? pulumi.output([]);
    this.registerOutputs({
      applicationId: this.applicationId,
      setupUrl: this.setupUrl,
      missing: this.missing,
      notProvisioned: this.notProvisioned,
    });
  }
}

type Parent = OktaApplication;

/** The application that SCIM hangs on; `made` unless it was there before. */
interface Carrier {
  id: pulumi.Output<string>;
  made?: pulumi.CustomResource;
}

function made(application: pulumi.CustomResource): Carrier {
  return { id: application.id, made: application };
}

function createCarrier(name: string, args: OktaApplicationArgs, protect: boolean, parent: Parent): Carrier {
  const { carrier } = args;
  switch (carrier.kind) {
    case "existing":
      return { id: pulumi.output(carrier.id) };
    case "saml":
      return made(createSaml(name, args, carrier, protect, parent));
    case "swa":
      return made(createSwa(name, args, protect, parent));
  }
}

/** The wizard's SWA application, hidden: it has the "Enable SCIM provisioning" box, and nobody signs in through it. */
function createSwa(name: string, args: OktaApplicationArgs, protect: boolean, parent: Parent) {
  const { label, signOnUrl } = args;
  const inputs: okta.app.AutoLoginArgs = {
    label,
    signOnUrl,
    credentialsScheme: "EDIT_USERNAME_AND_PASSWORD",
    hideIos: true,
    hideWeb: true,
    autoSubmitToolbar: false,
    ...userName(args),
  };
  const hooks = {
    beforeCreate: [refuseOktaLeftover(name, "application", ofKind(args.namesakes, "swa", label), protect)],
  };
  return new okta.app.AutoLogin(`${name}-application`, inputs, {
    parent,
    hooks,
    ...leftAlone(args, UNTOUCHED.autoLogin),
  });
}

function createSaml(
  name: string,
  args: OktaApplicationArgs,
  { ssoUrl, audience }: { ssoUrl: string; audience: string },
  protect: boolean,
  parent: Parent,
) {
  const { label, userNameTemplate } = args;
  const inputs: okta.app.SamlArgs = {
    label,
    ssoUrl,
    recipient: ssoUrl,
    destination: ssoUrl,
    audience,
    subjectNameIdTemplate: userNameTemplate
      .replace("source.login", "user.userName")
      .replace("source.", "user."),
    subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    responseSigned: true,
    assertionSigned: true,
    signatureAlgorithm: "RSA_SHA256",
    digestAlgorithm: "SHA256",
    honorForceAuthn: false,
    skipAuthenticationPolicy: true,
    ...userName(args),
  };
  const hooks = {
    beforeCreate: [refuseOktaLeftover(name, "application", ofKind(args.namesakes, "saml", label), protect)],
  };
  return new okta.app.Saml(`${name}-application`, inputs, {
    parent,
    hooks,
    ...leftAlone(args, UNTOUCHED.saml),
  });
}

function userName({ userNameTemplate }: OktaApplicationArgs) {
  return { userNameTemplate, userNameTemplateType: "BUILT_IN" };
}

/** Once SCIM is on, nothing may PUT the application by itself: that can wipe its SCIM settings. A change is reported instead. */
function leftAlone({ scim }: OktaApplicationArgs, untouched: string[]): pulumi.CustomResourceOptions {
  return scim === "pending" ? {} : { ignoreChanges: untouched };
}

function createScimSettings(
  name: string,
  { label, carrier, userNameTemplate, scim, pushes, prefixes }: OktaApplicationArgs,
  appId: pulumi.Output<string>,
  parent: Parent,
) {
  const pushesGroups = Object.keys(pushes).length > 0 || prefixes.length > 0;
  const looks =
    carrier.kind === "existing"
      ? { ...(carrier.foundBy !== undefined && { foundBy: carrier.foundBy }) }
      : { label, hidden: carrier.kind === "swa", settings: watchedSettings(carrier, userNameTemplate) };
  return new ScimSettings(
    `${name}-scim`,
    { appId, application: name, scim, switches: scimSwitches(pushesGroups), ...looks },
    { parent },
  );
}

/** What has to wait until SCIM is on. */
function createProvisioned(
  name: string,
  args: OktaApplicationArgs,
  carrier: Carrier,
  scim: ScimSettings,
  parent: Parent,
): AppAssignments {
  const mapping = createProfileMappings(name, args, carrier.id, scim, parent);
  const assignments = createAssignments(name, args, carrier, mapping ? [scim, mapping] : [scim], parent);
  createPushes(name, args, carrier, assignments, parent);
  return assignments;
}

/**
 * The application's schema has these attributes only once SCIM is on. The mappings stay when the component goes: with the
 * application where rollcall made it, and as they are where it was there before.
 */
function createProfileMappings(
  name: string,
  { profileMappings }: OktaApplicationArgs,
  targetId: pulumi.Output<string>,
  scim: ScimSettings,
  parent: Parent,
): okta.profile.Mapping | undefined {
  if (Object.keys(profileMappings).length === 0) return undefined;
  return new okta.profile.Mapping(
    `${name}-profile`,
    {
      sourceId: okta.user.getUserProfileMappingSourceOutput({ parent }).id,
      targetId,
      deleteWhenAbsent: false,
      mappings: Object.entries(profileMappings).map(([id, { expression, push }]) => ({
        id,
        expression,
        pushStatus: push ? "PUSH" : "DONT_PUSH",
      })),
    },
    { parent, dependsOn: scim, deletedWith: scim },
  );
}

/**
 * After SCIM: who is assigned before it is on is not provisioned. They go with the application: taken out one by one, people
 * would be deactivated in the product first.
 */
function createAssignments(
  name: string,
  args: OktaApplicationArgs,
  { id, made }: Carrier,
  dependsOn: pulumi.Resource[],
  parent: Parent,
) {
  const provisioning = args.scim === "paused" ? "paused" : "on";
  return new AppAssignments(`${name}-assignments`, assigned(name, args, id, provisioning), {
    parent,
    dependsOn,
    ...(made && { deletedWith: made }),
  });
}

function assigned(
  application: string,
  { assignments, exclusive, maxRemovals, pinned }: OktaApplicationArgs,
  appId: pulumi.Output<string>,
  provisioning: AppAssignmentsInputs["provisioning"],
) {
  return {
    appId,
    provisioning,
    assignments: pulumi.all(assignments),
    exclusive,
    maxRemovals,
    pinned: [...pinned],
    application,
  };
}

/**
 * After the assignments: a pushed group carries only members who are assigned. They go with the application, unless one of
 * them takes its group out of the product as it goes.
 */
function createPushes(
  name: string,
  { pushes, prefixes, pinnedPushes, exclusive }: OktaApplicationArgs,
  { id, made }: Carrier,
  assignments: AppAssignments,
  parent: Parent,
): void {
  const deletesGroups = Object.values(pushes).some(({ deleteTargetGroup }) => deleteTargetGroup);
  new GroupPushes(
    `${name}-pushes`,
    {
      appId: id,
      pushes,
      prefixes: [...prefixes],
      exclusive,
      pinned: [...pinnedPushes],
      application: name,
    },
    { parent, dependsOn: assignments, ...(made && !deletesGroups && { deletedWith: made }) },
  );
}

/** For people to sign in: an OpenID Connect application cannot carry SCIM in Okta's classic engine. */
function createSignOn(name: string, args: OktaApplicationArgs, protect: boolean, parent: Parent): void {
  const { oidc } = args;
  if (!oidc) return;
  const leftovers = ofKind(args.namesakes, "oidc", oidc.label);
  const application = new okta.app.OAuth(
    `${name}-sign-on`,
    {
      label: oidc.label,
      type: "web",
      grantTypes: ["authorization_code"],
      responseTypes: ["code"],
      redirectUris: [...oidc.redirectUris],
      // The client secret is read in Okta's console by whoever sets the product up, and stays out of the state.
      omitSecret: true,
      skipAuthenticationPolicy: true,
    },
    { parent, hooks: { beforeCreate: [refuseOktaLeftover(name, "sign-on", leftovers, protect)] } },
  );
  new AppAssignments(`${name}-sign-on-assignments`, assigned(name, args, application.id, "none"), {
    parent,
    deletedWith: application,
  });
}
