import { expect } from "vitest";
import { ADA, assign, CUSTOM_TEMPLATE, JOHN, READER, role, SID } from "../harness.ts";
import {
  application,
  graph,
  NOT_SECURITY_ENABLED,
  RETIRED,
  type Refusal,
  ROBOT,
  reference,
  servicePrincipal,
  tenant,
  UNKNOWN,
} from "./fixture.ts";

const patchRoles =
  (change: (roles: Record<string, unknown>[]) => unknown): Refusal =>
  async () => {
    const { body } = await graph("GET", `/applications/${application.id}`);
    return graph("PATCH", `/applications/${application.id}`, { appRoles: change(body.appRoles) });
  };

const withRole = (changes: Record<string, unknown>): Refusal =>
  patchRoles((roles) => [...roles, { ...role(UNKNOWN, "New"), ...changes }]);

/** Refusals about applications, roles and assignments. */
export const APPLICATIONS: Record<string, Refusal> = {
  "unknown application template": () =>
    graph("POST", `/applicationTemplates/${UNKNOWN}/instantiate`, { displayName: "x" }),
  "template without a displayName": () =>
    graph("POST", `/applicationTemplates/${CUSTOM_TEMPLATE}/instantiate`, {}),
  "displayName beyond 90 characters from a template": () =>
    graph("POST", `/applicationTemplates/${CUSTOM_TEMPLATE}/instantiate`, { displayName: "x".repeat(91) }),
  "displayName beyond 256 characters": () =>
    graph("PATCH", `/applications/${application.id}`, { displayName: "x".repeat(257) }),
  "unknown application object": () => graph("GET", `/applications/${UNKNOWN}`),
  "changed appId": () => graph("PATCH", `/applications/${application.id}`, { appId: UNKNOWN }),
  "enabled role removed": patchRoles((roles) => roles.filter(({ id }) => id !== READER)),
  "enabled role changed": patchRoles((roles) =>
    roles.map((one) => (one.id === READER ? { ...one, value: "Viewer" } : one)),
  ),
  "two roles with one id": withRole({ id: READER.toUpperCase() }),
  "two roles with one value": withRole({ value: "Reader" }),
  "role whose id is no UUID": withRole({ id: "reader" }),
  "role whose value has a space": withRole({ value: "Data Reader" }),
  "role without a displayName": withRole({ displayName: undefined }),
  "role for nobody": withRole({ allowedMemberTypes: [] }),
  "role for an unknown kind of member": withRole({ allowedMemberTypes: ["Group"] }),
  "roles written to the service principal": () => graph("PATCH", servicePrincipal(), { appRoles: [] }),
  "service principal of no application": () => graph("POST", "/servicePrincipals", { appId: UNKNOWN }),
  "second service principal of one application": () =>
    graph("POST", "/servicePrincipals", { appId: application.appId }),
  "owner who is one already": async () => {
    const { body } = await graph("GET", `/applications/${application.id}/owners`);
    return graph("POST", `/applications/${application.id}/owners/$ref`, reference(body.value[0].id));
  },
  "owner who does not exist": () =>
    graph("POST", `/applications/${application.id}/owners/$ref`, reference(UNKNOWN)),
  "same role given twice to one principal": async () => {
    await assign(graph, application, JOHN, READER);
    return assign(graph, application, JOHN, READER);
  },
  "unknown role": () => assign(graph, application, ADA, UNKNOWN),
  "disabled role": () => assign(graph, application, ADA, RETIRED),
  "role that has not reached the service principal yet": async () => {
    const late = "c0000000-0000-4000-8000-000000000007";
    const { body } = await graph("GET", `/applications/${application.id}`);
    await graph("PATCH", `/applications/${application.id}`, {
      appRoles: [...body.appRoles, role(late, "Late")],
    });
    const answer = await assign(graph, application, ADA, late);
    expect((await assign(graph, application, ADA, late)).status).toBe(201);
    return answer;
  },
  "user in a role for applications": () => assign(graph, application, ADA, ROBOT),
  "application in a role for users": () => assign(graph, application, application.servicePrincipalId, READER),
  "default access where roles exist": () =>
    assign(graph, application, ADA, "00000000-0000-0000-0000-000000000000"),
  "unknown principal": () => assign(graph, application, UNKNOWN, READER),
  "soft-deleted principal": async () => {
    tenant.change({ change: "softDelete", user: SID });
    const answer = await assign(graph, application, SID, READER);
    tenant.change({ change: "restore", user: SID });
    return answer;
  },
  "group that is not security-enabled": () => assign(graph, application, NOT_SECURITY_ENABLED, READER),
  "assignment to another resource than the path's": () =>
    graph("POST", `${servicePrincipal()}/appRoleAssignedTo`, {
      principalId: ADA,
      appRoleId: READER,
      resourceId: UNKNOWN,
    }),
  "assignment without a role": () =>
    graph("POST", `${servicePrincipal()}/appRoleAssignedTo`, {
      principalId: ADA,
      resourceId: application.servicePrincipalId,
    }),
  "removing an unknown assignment": () => graph("DELETE", `${servicePrincipal()}/appRoleAssignedTo/nothing`),
};
