import type { TenantState } from "../tenant-state.ts";

const queues = new WeakMap<TenantState, Map<string, Promise<unknown>>>();

/** Does `work` when everything asked before for the same job is done: cycles and provisioning on demand share its memory. */
export function inTurn<Result>(
  tenant: TenantState,
  jobId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const queue = queues.get(tenant) ?? new Map<string, Promise<unknown>>();
  queues.set(tenant, queue);
  const result = (queue.get(jobId) ?? Promise.resolve()).then(work);
  queue.set(
    jobId,
    result.catch(() => undefined),
  );
  return result;
}
