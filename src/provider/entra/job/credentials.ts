import type { Synchronization } from "../../../clients/graph/synchronization.ts";
import { hasStatus } from "../../../clients/http-error.ts";
import { CHANGED_BY_HAND, type ProvisioningJobInputs } from "../../contract.ts";
import type { Context } from "../../engine/resource.ts";
import { credentialsFor } from "./secrets.ts";

type Inputs = Pick<ProvisioningJobInputs, "baseAddress" | "secretToken" | "templateId" | "application">;

/** Stands for a token that only Entra knows: that of an imported job. */
export const UNKNOWN_TOKEN = "not known to rollcall";

/** Has Entra try the endpoint with credentials that are not stored yet ("Test Connection"). */
export async function assertNewCredentialsWork(
  sync: Synchronization,
  jobId: string | undefined,
  inputs: Inputs,
): Promise<void> {
  await test(
    () => sync.validateCredentials(inputs.templateId, jobId, credentialsFor(inputs)),
    (reason) =>
      `${inputs.application}: ${inputs.baseAddress} does not take the token from Entra: ${reason} The credentials in Entra were not changed. Is the token right and not expired, and can Microsoft's network reach the endpoint?`,
  );
}

/** Has Entra try what it has stored. */
export async function assertSavedCredentialsWork(
  sync: Synchronization,
  jobId: string,
  inputs: Inputs,
): Promise<void> {
  await test(
    () => sync.validateCredentials(inputs.templateId, jobId),
    (reason) =>
      `${inputs.application}: Entra has stored the new credentials, and ${inputs.baseAddress} does not take them, though it took them a moment ago: ${reason} Run \`up\` again; the job was not started.`,
  );
}

/**
 * The token for a refreshed state. Entra masks it, so the question is whether the stored one still works; if it does
 * not, but the state's does, somebody changed it in the tenant.
 */
export async function observeToken(
  sync: Synchronization,
  jobId: string,
  inputs: Inputs,
  context: Context,
): Promise<string> {
  const { refused, unseen } = await trySavedCredentials(sync, inputs.templateId, jobId);
  if (unseen !== undefined) context.warn(`${inputs.application}: ${unseen}`);
  if (refused === undefined) return inputs.secretToken;
  const known = inputs.secretToken !== UNKNOWN_TOKEN && inputs.secretToken !== CHANGED_BY_HAND;
  if (
    known &&
    (await refusal(() => sync.validateCredentials(inputs.templateId, jobId, credentialsFor(inputs)))) ===
      undefined
  ) {
    return CHANGED_BY_HAND;
  }
  context.warn(
    `${inputs.application}: Entra cannot sign in to ${inputs.baseAddress} with the credentials it has${known ? ", nor with those of the last `up`" : ""}: ${refused} Is the product up, and has its token expired?`,
  );
  return inputs.secretToken;
}

async function test(validate: () => Promise<void>, message: (reason: string) => string): Promise<void> {
  const reason = await refusal(validate);
  if (reason !== undefined) throw new Error(message(reason));
}

/**
 * Has Entra try what it has stored, if this identity may have it do so: "Test Connection" takes a permission to write, which
 * the identity of a preview does not have.
 * @returns what Entra says against them, or why they were not tried; neither when they work
 */
export async function trySavedCredentials(
  sync: Synchronization,
  templateId: string,
  jobId: string,
): Promise<{ refused?: string; unseen?: string }> {
  try {
    const refused = await refusal(() => sync.validateCredentials(templateId, jobId));
    return refused === undefined ? {} : { refused };
  } catch (error) {
    if (!hasStatus(error, 401, 403)) throw error;
    return {
      unseen:
        "Entra was not asked whether it can sign in to the product with the token it has: this identity may only read, and Test Connection takes Synchronization.ReadWrite.All.",
    };
  }
}

/** What Entra says against the credentials, as a sentence; undefined when they work. Any other failure is thrown. */
async function refusal(validate: () => Promise<void>): Promise<string | undefined> {
  try {
    await validate();
    return undefined;
  } catch (error) {
    if (!hasStatus(error, 400)) throw error;
    return [error.code, error.detail]
      .filter(Boolean)
      .join(": ")
      .replace(/([^.])$/, "$1.");
  }
}
