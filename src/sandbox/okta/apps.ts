import { systemApp } from "./app-document.ts";
import { SYSTEM_APPS } from "./catalog.ts";
import { refuse } from "./errors.ts";
import type { StoredApp } from "./model.ts";
import { appTarget, type OrgState } from "./state.ts";

/** Adds the applications that every org has. */
export function registerSystemApps(state: OrgState): void {
  for (const [name, label] of SYSTEM_APPS) registerApp(state, systemApp(state, name, label));
}

/** @throws OktaError E0000006 for one of Okta's own applications, which nobody can change. */
export function checkChangeable(app: StoredApp): void {
  if (SYSTEM_APPS.has(app.name)) throw refuse.forbidden();
}

/** Adds a new application with its pair of profile mappings. */
export function registerApp(state: OrgState, app: StoredApp): void {
  state.apps.put(app.id, app);
  for (const direction of ["toApp", "toUser"] as const) {
    const id = state.id("prm");
    state.mappings.put(id, { id, appId: app.id, direction, properties: {} });
  }
  state.log("application.lifecycle.create", "Create application", [appTarget(app)]);
}

/**
 * Deletes an application and all that hangs on it. Its SCIM server hears nothing: people stay there as they are.
 * @throws OktaError E0000056 while it is active.
 */
export function deleteApp(state: OrgState, app: StoredApp): void {
  checkChangeable(app);
  if (app.status === "ACTIVE") throw refuse.deleteApp();
  for (const collection of [state.appUsers, state.appGroups, state.pushes, state.mappings]) {
    for (const [key, document] of collection.entries()) if (document.appId === app.id) collection.delete(key);
  }
  for (const group of state.groups.values())
    if (group.source?.appId === app.id) state.groups.delete(group.id);
  for (const [key, { task }] of state.work.entries()) if (task.appId === app.id) state.work.delete(key);
  state.apps.delete(app.id);
  state.log("application.lifecycle.delete", "Delete application", [appTarget(app)]);
}
