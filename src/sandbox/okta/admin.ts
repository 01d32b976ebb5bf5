import { SCIM_PROPERTIES } from "../../defaults/okta-properties.ts";
import type { ProvisioningActions, ScimAuthentication } from "../../provisioning/okta/index.ts";
import { assign, enqueuePush, provisions } from "./assignment.ts";
import { CATALOG } from "./catalog.ts";
import { OktaError, refuse } from "./errors.ts";
import { appUserKey, type ScimSettings, type StoredApp } from "./model.ts";
import type { Provisioner } from "./provisioner.ts";
import { appTarget, type OrgState } from "./state.ts";

/** What a person types and switches under General and Provisioning of an application. */
export interface ScimForm {
  /** https, and without an underscore. */
  baseUrl: string;
  /** "Unique identifier field for users"; userName when absent. */
  uniqueId?: string;
  authentication: ScimAuthentication;
  importGroups?: boolean;
  /** Those not named are off, as in a new application. */
  actions?: Partial<ProvisioningActions>;
}

const ALL_OFF: ProvisioningActions = {
  createUsers: false,
  updateUsers: false,
  deactivateUsers: false,
  syncPassword: false,
  pushGroups: false,
};

/** What a person does in the Admin Console and no public API can. Errors come in the console's words, as E0000001. */
export class AdminConsole {
  readonly #state: OrgState;
  readonly #provisioner: Provisioner;

  constructor(state: OrgState, provisioner: Provisioner) {
    this.#state = state;
    this.#provisioner = provisioner;
  }

  /**
   * Enables SCIM provisioning and fills in its form; the connector is tested first and nothing is saved when that fails. Who is
   * assigned already stays unprovisioned until {@link provisionUser}.
   *
   * @throws OktaError when the application has no SCIM option, or the form is refused.
   */
  async enableScim(appId: string, form: ScimForm): Promise<void> {
    const app = this.#state.app(appId);
    const style = app.custom ? "wizard" : CATALOG.get(app.name)?.scim;
    if (!style) throw refuse.invalid("scim", `${app.name} does not offer "Enable SCIM provisioning"`);
    if (app.status !== "ACTIVE") throw refuse.invalid("scim", "The application is not active");
    checkBaseUrl(form.baseUrl);
    checkAuthentication(app, form.authentication);
    const settings: ScimSettings = {
      enabled: true,
      style,
      baseUrl: form.baseUrl.replace(/\/+$/, ""),
      uniqueId: form.uniqueId ?? "userName",
      authentication: form.authentication,
      importGroups: form.importGroups ?? false,
      actions: { ...ALL_OFF, ...form.actions },
    };
    await this.#save(app, settings);
    const mapping = this.#state.mappings
      .values()
      .find((candidate) => candidate.appId === app.id && candidate.direction === "toApp");
    if (!mapping || Object.keys(mapping.properties).length > 0) return;
    for (const { name, mapping: expression } of SCIM_PROPERTIES) {
      mapping.properties[name] = { expression, pushStatus: "PUSH" };
    }
    this.#state.mappings.put(mapping.id, mapping);
  }

  /** Changes switches under "To App". */
  async changeActions(appId: string, actions: Partial<ProvisioningActions>): Promise<void> {
    const app = this.#state.app(appId);
    const scim = scimOf(app);
    await this.#save(app, { ...scim, actions: { ...scim.actions, ...actions } });
  }

  /** "Enable API integration" unticked, or ticked again: nothing is sent meanwhile, and what happens meanwhile is not made up for. */
  async setApiIntegration(appId: string, enabled: boolean): Promise<void> {
    const app = this.#state.app(appId);
    const settings = { ...scimOf(app), enabled };
    if (enabled) return this.#save(app, settings);
    this.#put(app, settings);
  }

  /** Sets Provisioning back to None on the General tab: every setting is lost. */
  removeScim(appId: string): void {
    this.#put(this.#state.app(appId), null);
  }

  /** "Test Connector Configuration". @returns what is wrong, undefined when nothing is. */
  testConnector(appId: string): Promise<string | undefined> {
    return this.#provisioner.test(scimOf(this.#state.app(appId)));
  }

  /** "Provision User" beside one assignment, or beside every one that needs it. @returns how many were queued. */
  provisionUser(appId: string, userId?: string): number {
    const app = this.#state.app(appId);
    if (!provisions(app)) throw refuse.invalid("scim", "Provisioning is not enabled for this application");
    const waiting = this.#state.appUsers
      .values()
      .filter(
        (appUser) =>
          appUser.appId === app.id &&
          appUser.assigned &&
          appUser.scimId === null &&
          (userId === undefined || appUser.userId === userId),
      );
    for (const appUser of waiting) {
      appUser.assignedBeforeScim = false;
      appUser.status = "STAGED";
      appUser.syncState = "OUT_OF_SYNC";
      this.#state.appUsers.put(appUserKey(app.id, appUser.userId), appUser);
      // Anew from the mappings, which there were none of when SCIM was off.
      assign(this.#state, app, this.#state.user(appUser.userId), {});
    }
    return waiting.length;
  }

  /** "Retry Selected" on the Tasks page, for all failed tasks of an application. @returns how many were queued. */
  retryFailed(appId: string): number {
    const app = this.#state.app(appId);
    let queued = 0;
    for (const appUser of this.#state.appUsers.values()) {
      if (appUser.appId !== app.id || appUser.syncState !== "ERROR") continue;
      appUser.syncState = "OUT_OF_SYNC";
      appUser.error = null;
      this.#state.appUsers.put(appUserKey(app.id, appUser.userId), appUser);
      this.#state.enqueue({ kind: "user", appId: app.id, userId: appUser.userId });
      queued++;
    }
    for (const push of this.#state.pushes.values()) {
      if (push.appId !== app.id || push.status !== "ERROR") continue;
      push.status = "ACTIVE";
      push.errorSummary = null;
      this.#state.pushes.put(push.id, push);
      enqueuePush(this.#state, app.id, push.id);
      queued++;
    }
    return queued;
  }

  /** "Push now". */
  pushNow(pushId: string): void {
    const push = this.#state.pushes.get(pushId);
    if (!push) throw refuse.notFound(pushId, "GroupPushMapping");
    enqueuePush(this.#state, push.appId, push.id);
  }

  /** Puts a push into ERROR, as a delivery that failed long ago would have. */
  failPush(pushId: string, errorSummary: string): void {
    const push = this.#state.pushes.get(pushId);
    if (!push) throw refuse.notFound(pushId, "GroupPushMapping");
    push.status = "ERROR";
    push.errorSummary = errorSummary;
    this.#state.pushes.put(push.id, push);
  }

  async #save(app: StoredApp, settings: ScimSettings): Promise<void> {
    const problem = await this.#provisioner.test(settings);
    if (problem !== undefined) throw refuse.invalid("scim", `Error authenticating: ${problem}`);
    this.#put(app, settings);
  }

  #put(app: StoredApp, settings: ScimSettings | null): void {
    app.scim = settings;
    app.lastUpdated = this.#state.now();
    this.#state.apps.put(app.id, app);
    this.#state.log("application.lifecycle.update", "Update application provisioning", [appTarget(app)]);
  }
}

function scimOf(app: StoredApp): ScimSettings {
  if (!app.scim) throw new OktaError(404, "E0000007", `SCIM provisioning is not set up for ${app.label}`);
  return app.scim;
}

function checkBaseUrl(baseUrl: string): void {
  if (!URL.canParse(baseUrl) || new URL(baseUrl).protocol !== "https:") {
    throw refuse.invalid("baseUrl", "SCIM connector base URL: must be an https URL");
  }
  if (baseUrl.includes("_")) throw refuse.invalid("baseUrl", "SCIM connector base URL: must not contain _");
}

function checkAuthentication(app: StoredApp, { mode }: ScimAuthentication): void {
  const allowed = app.custom
    ? ["bearer", "basic"]
    : { scim2headerauth: ["header"], scim2testapp: ["bearer"], scim2testapp_basic: ["basic"] }[app.name];
  if (!allowed?.includes(mode)) {
    throw refuse.invalid(
      "authentication",
      `Authentication mode: ${mode} is not offered by ${app.name}, which takes ${allowed?.join(" or ") ?? "none"}; what the console calls HTTP Header is bearer, except for scim2headerauth`,
    );
  }
}
