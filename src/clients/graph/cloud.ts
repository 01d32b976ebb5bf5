import { httpClient } from "../http.ts";

/** Where one Microsoft cloud is. */
export interface Cloud {
  /** Base URL of Graph, without version and trailing slash; also what tokens are asked for. */
  graph: string;
  /** Base URL of the login service, without trailing slash. */
  login: string;
}

const CLOUDS: Record<string, Cloud> = {
  public: { graph: "https://graph.microsoft.com", login: "https://login.microsoftonline.com" },
  usgovernment: { graph: "https://graph.microsoft.us", login: "https://login.microsoftonline.us" },
  usgovernmentl4: { graph: "https://graph.microsoft.us", login: "https://login.microsoftonline.us" },
  usgovernmentl5: { graph: "https://dod-graph.microsoft.us", login: "https://login.microsoftonline.us" },
  china: { graph: "https://microsoftgraph.chinacloudapi.cn", login: "https://login.chinacloudapi.cn" },
};

export function namedCloud(name: string): Cloud {
  const cloud = CLOUDS[name.toLowerCase()];
  if (!cloud) {
    throw new Error(`ARM_ENVIRONMENT is "${name}"; it must be one of ${Object.keys(CLOUDS).join(", ")}.`);
  }
  return cloud;
}

interface MetadataDocument {
  microsoftGraphResourceId?: string;
  authentication?: { loginEndpoint?: string };
}

/** Asks `host` (host, or host:port) where its cloud is, as the azuread provider does for ARM_METADATA_HOSTNAME; always over TLS. */
export async function discoverCloud(host: string): Promise<Cloud> {
  const http = httpClient({
    service: "The cloud's metadata service",
    baseUrl: `https://${host}`,
    describe: () => ({ code: "", detail: "" }),
  });
  const { body } = await http.request<MetadataDocument>({
    method: "GET",
    path: "/metadata/endpoints?api-version=2022-09-01",
  });
  const graph = body?.microsoftGraphResourceId;
  const login = body?.authentication?.loginEndpoint;
  if (!graph || !login) {
    throw new Error(
      `https://${host}/metadata/endpoints names no microsoftGraphResourceId or no authentication.loginEndpoint: is ARM_METADATA_HOSTNAME right?`,
    );
  }
  return { graph: graph.replace(/\/$/, ""), login: login.replace(/\/$/, "") };
}
