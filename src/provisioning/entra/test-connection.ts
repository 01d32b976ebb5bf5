import type { SynchronizationSchema } from "../../clients/graph/synchronization-schema.ts";
import type { ScimResponse } from "../../scim/wire.ts";
import { type Exchange, listed } from "./exchange.ts";
import { failureOf, incompatible, invalidCredentials, succeeded } from "./failure.ts";
import { type ObjectPlan, planObject } from "./plan.ts";
import type { ConnectionReport } from "./report.ts";
import { queryRequest } from "./wire-forms.ts";

export interface ConnectionTestInput {
  schema: SynchronizationSchema;
  /** A GUID that nobody has, made by whoever calls. */
  probe: string;
}

/**
 * "Test Connection": asks for a user, and a group where groups are provisioned, that do not exist, by their first matching attribute. 200 and
 * a ListResponse, empty or not, is success.
 */
export function* testConnection({ schema, probe }: ConnectionTestInput): Exchange<ConnectionReport> {
  const errors: ConnectionReport["errors"] = [];
  for (const sourceType of ["User", "Group"] as const) {
    const plan = planObject(schema, sourceType);
    const attribute = plan?.matching[0];
    if (!plan || !attribute) continue;
    const response = yield queryRequest(plan.endpoint, attribute.target, probe);
    if (listed(response)) continue;
    errors.push(errorOf(response, plan));
    break;
  }
  return { ok: errors.length === 0, errors };
}

function errorOf(response: ScimResponse, plan: ObjectPlan): ConnectionReport["errors"][number] {
  if (response.status === 401 || response.status === 403) return invalidCredentials(response);
  if (response.status === 404 || succeeded(response)) return incompatible(response);
  return failureOf(response, `query ${plan.endpoint}`);
}
