import { z } from "zod";
import { type Check, failed, ok } from "./check.ts";

const outcome = z.object({
  result: z.string(),
  details: z.object({ errorCode: z.string().nullish(), errorMessage: z.string().nullish() }).nullish(),
});

const subjects = z.array(
  z.object({
    action: z.string().nullish(),
    provisioningSteps: z
      .array(z.object({ name: z.string(), status: z.string(), description: z.string().nullish() }))
      .default([]),
  }),
);

/** Skipped because the product has it already, which is as good as success. */
export const IN_SYNC = /RedundantExport|already in sync|no changes|up.to.date/i;

/**
 * Reads the answer to Graph's provisionOnDemand, which is HTTP 200 whether or not anything was provisioned.
 * @param answer texts with JSON in them: the verdict in `key`, the steps in `value`
 */
export function readOnDemand(who: string, answer: { key: string; value: string }): Check {
  const what = `provisioning ${who} on demand`;
  const verdict = outcome.safeParse(parse(answer.key));
  const steps = subjects.safeParse(parse(answer.value));
  if (!verdict.success) {
    return failed(what, `Entra's answer cannot be read: ${answer.key.slice(0, 200)}`);
  }
  const { result, details } = verdict.data;
  const list = steps.success ? steps.data.flatMap(({ provisioningSteps }) => provisioningSteps) : [];
  const reason = [details?.errorCode, details?.errorMessage].filter(Boolean).join(": ");
  const skipped = list.find(({ status }) => /skipped/i.test(status));
  const broken = list.find(({ status }) => /failure/i.test(status));
  if (/^success/i.test(result) && !broken) {
    const action = steps.success
      ? steps.data
          .map((one) => one.action)
          .filter(Boolean)
          .join(", ")
      : "";
    return ok(what, `${list.length} steps, none failed${action ? ` (${action})` : ""}`);
  }
  const said = [reason, broken?.description ?? skipped?.description].filter(Boolean).join("; ");
  if (/^skipped/i.test(result) && IN_SYNC.test(said)) return ok(what, "already in sync");
  const step = broken ?? skipped;
  return failed(
    what,
    `${result}${step ? ` at the step ${step.name}` : ""}: ${said || "Entra gives no reason"}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
