import { SCIM_PROPERTIES } from "../../defaults/okta-properties.ts";
import {
  deactivateUser,
  decide,
  deleteGroup,
  type Failure,
  type OutgoingUser,
  type PropertyTarget,
  provisionUser,
  pushableMembers,
  pushGroup,
  type ScimExchange,
  scimAttributes,
  scimHeaders,
  testConnector,
  type UserNameTemplate,
  updateGroup,
  updateUser,
} from "../../provisioning/okta/index.ts";
import { drive, exchange } from "../exchange.ts";
import type { Outbound } from "../outbound.ts";
import { enqueuePushesWith, toAppMappings } from "./assignment.ts";
import {
  appUserKey,
  type ScimSettings,
  type StoredApp,
  type StoredAppUser,
  type Task,
  type Work,
} from "./model.ts";
import { appTarget, groupTarget, type OrgState, taskKey, userTarget } from "./state.ts";

/** What {@link Provisioner.settle} did. */
export interface SettleReport {
  /** Tasks that reached their end, failed ones included. */
  performed: number;
  failed: { application: string; message: string }[];
}

/** Okta's timeout for a SCIM call, in milliseconds. */
const TIMEOUT = 60_000;
const TRIES = 10;
const FIRST_WAIT_SECONDS = 300;

/** Works off the queue against the SCIM servers, as Okta does in the background. */
export class Provisioner {
  readonly #state: OrgState;
  readonly #outbound: Outbound;
  #running: Promise<unknown> = Promise.resolve();

  constructor(state: OrgState, outbound: Outbound) {
    this.#state = state;
    this.#outbound = outbound;
  }

  /**
   * Performs everything that is queued, and what follows from it. A 429 puts its task off by the integer Retry-After (five
   * minutes, then doubled, without one), ten times at most; the org's clock is moved on to such a time when nothing else is left.
   */
  settle(): Promise<SettleReport> {
    const settled = this.#running.then(() => this.#drain());
    this.#running = settled.catch(() => undefined);
    return settled;
  }

  /** "Test Connector Configuration". @returns what went wrong, in Okta's words; undefined when it worked. */
  async test(settings: ScimSettings): Promise<string | undefined> {
    const report = await this.#send(settings, testConnector({ importGroups: settings.importGroups }));
    return report.outcome === "failed" ? report.message : undefined;
  }

  async #drain(): Promise<SettleReport> {
    const report: SettleReport = { performed: 0, failed: [] };
    for (let work = this.#next(); work; work = this.#next()) {
      const failure = await this.#perform(work.task);
      if (failure?.status === 429 && work.tries + 1 < TRIES) {
        const wait = failure.retryAfter ?? FIRST_WAIT_SECONDS * 2 ** work.tries;
        const notBefore = this.#state.clock.now().getTime() + wait * 1000;
        this.#state.work.put(taskKey(work.task), { ...work, tries: work.tries + 1, notBefore });
        continue;
      }
      report.performed++;
      if (!failure) continue;
      const application = this.#state.apps.get(work.task.appId)?.label ?? work.task.appId;
      report.failed.push({ application, message: failure.message });
      this.#recordFailure(work.task, failure);
    }
    return report;
  }

  /** Takes the next task that is due off the queue, moving the clock on when none is due yet. */
  #next(): Work | undefined {
    const waiting = this.#state.work.values();
    if (waiting.length === 0) return undefined;
    const now = this.#state.clock.now().getTime();
    const due = waiting.find((work) => work.notBefore <= now);
    const next = due ?? waiting.reduce((a, b) => (b.notBefore < a.notBefore ? b : a));
    if (!due) this.#state.clock.advance(next.notBefore - now);
    this.#state.work.delete(taskKey(next.task));
    return next;
  }

  async #perform(task: Task): Promise<Failure | undefined> {
    const app = this.#state.apps.get(task.appId);
    if (!app?.scim) return undefined;
    switch (task.kind) {
      case "user":
        return this.#performUser(app, app.scim, task.userId);
      case "push":
        return this.#performPush(app, app.scim, task.pushId);
      case "deleteGroup": {
        const report = await this.#send(app.scim, deleteGroup(task.scimId, task.displayName));
        return report.outcome === "failed" ? report : undefined;
      }
    }
  }

  async #performUser(app: StoredApp, scim: ScimSettings, userId: string): Promise<Failure | undefined> {
    const state = this.#state;
    const user = state.users.get(userId);
    const appUser = state.appUsers.get(appUserKey(app.id, userId));
    if (!appUser) return undefined;
    const { action } = decide({
      userStatus: user?.status ?? "DEPROVISIONED",
      assigned: appUser.assigned,
      actions: scim.enabled ? scim.actions : null,
      applicationActive: app.status === "ACTIVE",
      hasAccount: appUser.scimId !== null,
      assignedBeforeScim: appUser.assignedBeforeScim,
    });
    if (action === "deactivate" && appUser.scimId !== null) return this.#deactivate(app, scim, appUser);
    if (!appUser.assigned) state.appUsers.delete(appUserKey(app.id, userId));
    if (action === "none" || action === "deactivate" || !user) return undefined;
    if (appUser.error !== null || appUser.userName === "") {
      const message = appUser.error ?? "The sign-on template gives no userName";
      return { outcome: "failed", status: 0, message };
    }
    const outgoing = this.#outgoing(app, appUser);
    const report = await this.#send(
      scim,
      action === "update" && appUser.scimId !== null
        ? updateUser(appUser.scimId, outgoing, scim.actions.syncPassword)
        : provisionUser(scim.style, outgoing),
    );
    if (report.outcome === "failed") return report;
    const linkedNow = appUser.scimId === null;
    this.#synchronized(appUser, report.scimId);
    state.log(
      linkedNow ? "application.provision.user.push" : "application.provision.user.push_profile",
      linkedNow ? "Push new user to external application" : "Push user's profile to external application",
      [userTarget(user), appTarget(app)],
    );
    if (linkedNow) enqueuePushesWith(state, app.id, userId);
    return undefined;
  }

  async #deactivate(
    app: StoredApp,
    scim: ScimSettings,
    appUser: StoredAppUser,
  ): Promise<Failure | undefined> {
    const report = await this.#send(scim, deactivateUser(scim.style, appUser.scimId ?? "", appUser.userName));
    if (report.outcome === "failed") return report;
    this.#state.appUsers.delete(appUserKey(app.id, appUser.userId));
    const user = this.#state.users.get(appUser.userId);
    this.#state.log("application.provision.user.deactivate", "Deactivate user's application account", [
      ...(user ? [userTarget(user)] : []),
      appTarget(app),
    ]);
    return undefined;
  }

  #synchronized(appUser: StoredAppUser, scimId: string): void {
    const now = this.#state.now();
    if (appUser.status !== "PROVISIONED") appUser.statusChanged = now;
    appUser.scimId = scimId;
    appUser.status = "PROVISIONED";
    appUser.syncState = "SYNCHRONIZED";
    appUser.assignedBeforeScim = false;
    appUser.lastSync = now;
    appUser.error = null;
    this.#state.appUsers.put(appUserKey(appUser.appId, appUser.userId), appUser);
    // Unassigned while the call was under way: the account that now exists has to be taken back.
    if (!appUser.assigned)
      this.#state.enqueue({ kind: "user", appId: appUser.appId, userId: appUser.userId });
  }

  #outgoing(app: StoredApp, appUser: StoredAppUser): OutgoingUser {
    const template = app.credentials.userNameTemplate as UserNameTemplate;
    return {
      oktaId: appUser.userId,
      userName: appUser.userName,
      pushUserName: template.pushStatus === "PUSH",
      attributes: scimAttributes(appUser.profile, toAppMappings(this.#state, app.id), propertyTargets(app)),
      password: this.#state.random.id("", 8),
    };
  }

  async #performPush(app: StoredApp, scim: ScimSettings, pushId: string): Promise<Failure | undefined> {
    const state = this.#state;
    const push = state.pushes.get(pushId);
    const source = push && state.groups.get(push.sourceGroupId);
    const target = push && state.groups.get(push.targetGroupId);
    if (!source || !target?.source || push.status !== "ACTIVE") return undefined;
    if (!scim.enabled || !scim.actions.pushGroups || app.status !== "ACTIVE") return undefined;
    const accounts = new Map(
      state.appUsers
        .values()
        .filter((appUser) => appUser.appId === app.id && appUser.assigned)
        .map((appUser) => [appUser.userId, appUser] as const),
    );
    const group = { displayName: target.profile.name, members: pushableMembers(source.members, accounts) };
    const scimId = target.source.scimId;
    const report = await this.#send(
      scim,
      scimId === null ? pushGroup(scim.style, group) : updateGroup(scim.style, scimId, group, push.sent),
    );
    if (report.outcome === "failed") return report;
    target.source.scimId = report.scimId;
    target.members = source.members.filter((id) => accounts.get(id)?.scimId);
    state.groups.put(target.id, target);
    push.sent = group.members;
    state.pushes.put(push.id, push);
    state.log(
      scimId === null
        ? "application.provision.group_push.pushed"
        : "application.provision.group_push.updated",
      scimId === null ? "Push group to external application" : "Update pushed group in external application",
      [groupTarget(source), appTarget(app)],
    );
    return undefined;
  }

  #recordFailure(task: Task, failure: Failure): void {
    const state = this.#state;
    const app = state.apps.get(task.appId);
    if (!app) return;
    if (task.kind === "user") {
      const appUser = state.appUsers.get(appUserKey(task.appId, task.userId));
      const user = state.users.get(task.userId);
      if (!appUser) return;
      appUser.syncState = "ERROR";
      appUser.error = failure.message;
      state.appUsers.put(appUserKey(task.appId, task.userId), appUser);
      const message = `Automatic provisioning of user ${appUser.userName} to app ${app.label} failed: ${failure.message}`;
      const event = appUser.assigned
        ? "application.provision.user.push"
        : "application.provision.user.deactivate";
      state.log(event, message, [...(user ? [userTarget(user)] : []), appTarget(app)], message);
      return;
    }
    const push = task.kind === "push" ? state.pushes.get(task.pushId) : undefined;
    const source = push && state.groups.get(push.sourceGroupId);
    if (push) {
      push.status = "ERROR";
      push.errorSummary = failure.message;
      push.lastUpdated = state.now();
      state.pushes.put(push.id, push);
    }
    state.log(
      "application.provision.group_push.mapping.update.or.delete.failed.with.error",
      failure.message,
      [...(source ? [groupTarget(source)] : []), appTarget(app)],
      failure.message,
    );
  }

  #send<Report>(scim: ScimSettings, steps: ScimExchange<Report>): Promise<Report> {
    return drive(steps, (request) => {
      const { "user-agent": userAgent = "", ...headers } = scimHeaders(
        scim.authentication,
        request.body !== undefined,
      );
      const outbound = this.#outbound;
      return exchange(request, {
        baseUrl: scim.baseUrl,
        token: "",
        outbound,
        userAgent,
        headers,
        timeout: TIMEOUT,
      });
    });
  }
}

/** Where the properties of an application user go in SCIM: those of every SCIM application, and its own. */
function propertyTargets(app: StoredApp): Map<string, PropertyTarget> {
  const targets = new Map<string, PropertyTarget>(
    SCIM_PROPERTIES.map((property) => [property.name, property]),
  );
  for (const [name, definition] of Object.entries(app.customProperties)) {
    const { externalName, externalNamespace } = definition;
    if (typeof externalName !== "string" || externalName === "") continue;
    targets.set(name, {
      externalName,
      ...(typeof externalNamespace === "string" && externalNamespace !== "" ? { externalNamespace } : {}),
    });
  }
  return targets;
}
