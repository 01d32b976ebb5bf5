import type { ResourceProvider } from "../resource-provider.ts";
import { azureadStandIn } from "./azuread.ts";
import { oktaStandIn } from "./okta.ts";

const STAND_INS: Record<string, (env: NodeJS.ProcessEnv) => ResourceProvider> = {
  azuread: azureadStandIn,
  okta: oktaStandIn,
};

/** @throws when there is no stand-in for the package. */
export function standInFor(packageName: string, env: NodeJS.ProcessEnv): ResourceProvider {
  const make = STAND_INS[packageName];
  if (!make) {
    throw new Error(
      `The offline engine has no stand-in for the package "${packageName}"; it knows ${Object.keys(STAND_INS).join(", ")}. Use \`pulumi\` for it.`,
    );
  }
  return make(env);
}
