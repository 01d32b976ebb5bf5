import type { OktaClient } from "./client.ts";

/** Where one attribute of an application's profile comes from. */
export interface ProfileMappingProperty {
  expression: string;
  /** PUSH: written at every change; DONT_PUSH: at creation only. */
  pushStatus: "PUSH" | "DONT_PUSH";
}

interface ProfileMapping {
  id: string;
  source: { id: string; type: "user" | "appuser" };
  target: { id: string; type: "user" | "appuser" };
  properties?: Record<string, ProfileMappingProperty>;
}

/** How users of the org become users of an application, by attribute of its profile; undefined where Okta keeps no mapping. */
export async function profileMappingTo(
  okta: OktaClient,
  appId: string,
): Promise<{ id: string; properties: Record<string, ProfileMappingProperty> } | undefined> {
  const found = await okta.list<ProfileMapping>(`/mappings?targetId=${encodeURIComponent(appId)}&limit=200`);
  const mapping = found.find(({ source, target }) => source.type === "user" && target.id === appId);
  if (!mapping) return undefined;
  const { properties = {} } = await okta.get<ProfileMapping>(`/mappings/${mapping.id}`);
  return { id: mapping.id, properties };
}
