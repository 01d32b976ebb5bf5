import { readFileSync } from "node:fs";
import * as azuread from "@pulumi/azuread";

const { displayName, tenantUrl, token, roles, people } = JSON.parse(
  readFileSync(process.env.PEER_INPUT, "utf8"),
);

const application = new azuread.ApplicationFromTemplate("application", {
  displayName,
  templateId: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
});
let before = [];
for (const { id, value, description } of roles) {
  const role = new azuread.ApplicationAppRole(
    `role-${value}`,
    {
      applicationId: application.applicationId,
      roleId: id,
      value,
      displayName: value,
      description,
      allowedMemberTypes: ["User"],
    },
    { dependsOn: before },
  );
  before = [role];
}
const { users } = await azuread.getUsers({ userPrincipalNames: people.map(({ user }) => user) });
const ids = new Map(users.map(({ userPrincipalName, objectId }) => [userPrincipalName, objectId]));
const roleIds = new Map(roles.map(({ value, id }) => [value, id]));
for (const { user, role } of people) {
  new azuread.AppRoleAssignment(
    `assignment-${user}`,
    {
      appRoleId: roleIds.get(role),
      principalObjectId: ids.get(user),
      resourceObjectId: application.servicePrincipalObjectId,
    },
    { dependsOn: before },
  );
}
const secret = new azuread.SynchronizationSecret("secret", {
  servicePrincipalId: application.servicePrincipalId,
  credentials: [
    { key: "BaseAddress", value: tenantUrl },
    { key: "SecretToken", value: token },
  ],
});
new azuread.SynchronizationJob(
  "job",
  { servicePrincipalId: application.servicePrincipalId, templateId: "scim", enabled: true },
  { dependsOn: [secret] },
);
