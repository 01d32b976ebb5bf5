import { MASKED, type SynchronizationSecret } from "../../../clients/graph/synchronization.ts";
import type { ProvisioningJobInputs } from "../../contract.ts";

/** The job's stored credentials and settings, as the spec names them. What is masked is not among them. */
export interface StoredSettings {
  baseAddress: string;
  scope: ProvisioningJobInputs["scope"];
  notifications: ProvisioningJobInputs["notifications"];
}

type Wanted = Pick<
  ProvisioningJobInputs,
  "baseAddress" | "secretToken" | "scope" | "notifications" | "application"
>;

interface NotificationSettings {
  Enabled?: boolean;
  Recipients?: string;
  DeleteThresholdEnabled?: boolean;
  DeleteThresholdValue?: number;
  [other: string]: unknown;
}

/** What the portal offers, and Entra takes when the threshold is off. */
const USUAL_DELETE_THRESHOLD = 500;

export function storedSettings(secrets: SynchronizationSecret[]): StoredSettings {
  const { Enabled, Recipients, DeleteThresholdEnabled, DeleteThresholdValue } = notificationsIn(secrets);
  return {
    baseAddress: storedValue(secrets, "BaseAddress") ?? "",
    scope: storedValue(secrets, "SyncAll")?.toLowerCase() === "true" ? "all" : "assigned",
    notifications: {
      ...(Enabled && Recipients ? { recipient: Recipients } : {}),
      ...(DeleteThresholdEnabled && DeleteThresholdValue ? { deleteThreshold: DeleteThresholdValue } : {}),
    },
  };
}

export function sameSettings(one: StoredSettings, other: StoredSettings): boolean {
  return (
    one.baseAddress === other.baseAddress &&
    one.scope === other.scope &&
    one.notifications.recipient === other.notifications.recipient &&
    one.notifications.deleteThreshold === other.notifications.deleteThreshold
  );
}

/**
 * The whole list to be stored: a write replaces all of it, so keys that are not rollcall's are sent along.
 * @throws when one of those is masked, and would be overwritten by its mask
 */
export function secretsFor(wanted: Wanted, stored: SynchronizationSecret[]): SynchronizationSecret[] {
  const ours = [
    ...credentialsFor(wanted),
    { key: "SyncAll", value: String(wanted.scope === "all") },
    { key: "SyncNotificationSettings", value: JSON.stringify(notificationsFor(wanted, stored)) },
  ];
  const keys = new Set(ours.map(({ key }) => key));
  const others = stored.filter(({ key, value }) => !keys.has(key) && value !== "");
  const masked = others.filter(({ value }) => value === MASKED).map(({ key }) => key);
  if (masked.length > 0) {
    throw new Error(
      `${wanted.application}: the job also holds ${masked.join(", ")}, which Entra does not give back and a write would lose. Nothing was changed. Remove it in the portal (Provisioning, Admin Credentials) if it is not needed.`,
    );
  }
  return [...ours, ...others];
}

export function credentialsFor({ baseAddress, secretToken }: Pick<Wanted, "baseAddress" | "secretToken">) {
  return [
    { key: "BaseAddress", value: baseAddress },
    { key: "SecretToken", value: secretToken },
  ];
}

function notificationsFor(wanted: Wanted, stored: SynchronizationSecret[]): NotificationSettings {
  const { recipient, deleteThreshold } = wanted.notifications;
  const current = notificationsIn(stored);
  return {
    ...current,
    Enabled: recipient !== undefined,
    Recipients: recipient ?? "",
    DeleteThresholdEnabled: deleteThreshold !== undefined,
    DeleteThresholdValue: deleteThreshold ?? current.DeleteThresholdValue ?? USUAL_DELETE_THRESHOLD,
  };
}

function notificationsIn(secrets: SynchronizationSecret[]): NotificationSettings {
  const text = storedValue(secrets, "SyncNotificationSettings");
  if (!text || text === MASKED) return {};
  try {
    return JSON.parse(text) as NotificationSettings;
  } catch {
    return {};
  }
}

function storedValue(secrets: SynchronizationSecret[], key: string): string | undefined {
  return secrets.find((secret) => secret.key === key)?.value;
}
