import type { Rule } from "./draft.ts";
import {
  assignmentNamesOne,
  duplicateAssignments,
  halfPinned,
  someoneIsAssigned,
} from "./rules/assignments.ts";
import { endpointForm, endpointsShared } from "./rules/endpoints.ts";
import { groupMappingsFit } from "./rules/group-mappings.ts";
import { leaversSwitchedOff, sourcesKnown } from "./rules/mapping-sources.ts";
import { matchingFits, targetsReadable, targetsSpeltOnce } from "./rules/mapping-targets.ts";
import { mappingsFit, rolesSent } from "./rules/mappings.ts";
import { oktaCarrier, oktaExistingOnce, oktaPushes } from "./rules/okta.ts";
import { assignedScope, directUsers, pushTargets, rolesGranted, unprotected } from "./rules/policies.ts";
import {
  namesUnique,
  oneProvider,
  productAllows,
  scopeAllWithoutRoles,
  someApplication,
} from "./rules/providers.ts";
import { roleIdsFit, rolesDistinct, rolesFit } from "./rules/roles.ts";
import { groupNamesDistinct } from "./rules/same-names.ts";
import { secretNames, tokenExpiry, tokenShared } from "./rules/tokens.ts";

/** Everything that a schema cannot say about a spec. Each rule is a pure function; their order does not matter. */
export const RULES: readonly Rule[] = [
  someApplication,
  oneProvider,
  productAllows,
  scopeAllWithoutRoles,
  namesUnique,
  endpointForm,
  endpointsShared,
  secretNames,
  tokenExpiry,
  tokenShared,
  assignmentNamesOne,
  duplicateAssignments,
  halfPinned,
  rolesDistinct,
  roleIdsFit,
  rolesFit,
  someoneIsAssigned,
  mappingsFit,
  sourcesKnown,
  targetsReadable,
  targetsSpeltOnce,
  matchingFits,
  leaversSwitchedOff,
  rolesSent,
  oktaCarrier,
  oktaExistingOnce,
  oktaPushes,
  groupNamesDistinct,
  groupMappingsFit,
  assignedScope,
  unprotected,
  pushTargets,
  rolesGranted,
  directUsers,
];
