import type { ScimRequest, ScimResponse } from "../../src/scim/wire.ts";

/** Answers a provisioning conversation from a script, and keeps what was sent. Fails when the script is too short or too long. */
export function converse<Report>(
  steps: Generator<ScimRequest, Report, ScimResponse>,
  answers: [status: number, body?: unknown, headers?: Record<string, string>][],
): { sent: ScimRequest[]; report: Report } {
  const sent: ScimRequest[] = [];
  const script = [...answers];
  let step = steps.next();
  while (!step.done) {
    // A copy: what is changed after it was sent would otherwise show here.
    sent.push(structuredClone(step.value));
    const answer = script.shift();
    if (!answer) throw new Error(`no answer is left for ${step.value.method} ${step.value.path}`);
    const [status, body, headers = {}] = answer;
    step = steps.next({ status, headers, body });
  }
  if (script.length > 0) throw new Error(`${script.length} answers were not asked for`);
  return { sent, report: step.value };
}

export function listOf(...resources: unknown[]) {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
