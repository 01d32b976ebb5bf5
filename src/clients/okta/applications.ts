import { hasStatus } from "../http-error.ts";
import type { OktaClient } from "./client.ts";

export interface OktaApplication {
  id: string;
  /** The key of its kind; generated for one made in the wizard. */
  name: string;
  label: string;
  status: "ACTIVE" | "INACTIVE" | "DELETED";
  signOnMode: string | null;
  features: string[];
  visibility: { hide: { iOS: boolean; web: boolean } };
  credentials?: { userNameTemplate?: { template?: string } };
  settings?: { signOn?: { ssoAcsUrl?: string | null; audience?: string | null } | null };
}

export function application(
  okta: OktaClient,
  id: string,
  options: { awaitCreation?: number } = {},
): Promise<OktaApplication> {
  return okta.get(`/apps/${id}`, options);
}

/** Applications with exactly this label; Okta itself answers with those that begin so. */
export async function applicationsByLabel(okta: OktaClient, label: string): Promise<OktaApplication[]> {
  const found = await okta.list<OktaApplication>(`/apps?q=${encodeURIComponent(label)}&limit=200`);
  return found.filter((one) => one.label === label);
}

export async function applicationIfAny(okta: OktaClient, id: string): Promise<OktaApplication | undefined> {
  try {
    return await application(okta, id);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
