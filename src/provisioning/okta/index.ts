export type { Failure, ProvisioningActions, ScimExchange, ScimStyle } from "./application.ts";
export { type Decision, decide, type ProvisioningCase } from "./decide.ts";
export { ExpressionError, type ExpressionScope, evaluate } from "./expression.ts";
export {
  deleteGroup,
  type GroupReport,
  type OutgoingGroup,
  type PushedMember,
  pushableMembers,
  pushGroup,
  updateGroup,
} from "./group.ts";
export { type ScimAuthentication, scimHeaders } from "./headers.ts";
export {
  applicationProfile,
  applicationUserName,
  type ProfileMapping,
  type PropertyTarget,
  scimAttributes,
  type UserNameTemplate,
} from "./profile.ts";
export { isExternalName, type ScimAttribute } from "./resource.ts";
export { testConnector } from "./test-connector.ts";
export { deactivateUser, type OutgoingUser, provisionUser, type UserReport, updateUser } from "./user.ts";
