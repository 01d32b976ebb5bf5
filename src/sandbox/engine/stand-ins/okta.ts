import { connectOkta, type OktaClient } from "../../../clients/okta/client.ts";
import type { ResourceProvider } from "../resource-provider.ts";
import { oktaApps } from "./okta-apps.ts";
import { profileMapping, userProfileSource } from "./okta-mapping.ts";
import { standInProvider } from "./stand-in.ts";

const SETTINGS = ["orgName", "baseUrl", "apiToken", "httpProxy"] as const;

/** Stands for the okta provider's resources and functions that the program uses, and makes the same calls to Okta. */
export function oktaStandIn(env: NodeJS.ProcessEnv): ResourceProvider {
  return standInProvider<OktaClient>(
    "okta",
    { ...oktaApps, "okta:profile/mapping:Mapping": profileMapping },
    async (config) => {
      const settings = Object.fromEntries(
        SETTINGS.flatMap((key) => (typeof config[key] === "string" ? [[key, config[key]]] : [])),
      );
      return connectOkta({ settings, env });
    },
    { "okta:user/getUserProfileMappingSource:getUserProfileMappingSource": userProfileSource },
  );
}
