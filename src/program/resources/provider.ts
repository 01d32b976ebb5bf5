import * as pulumi from "@pulumi/pulumi";
import type { ProviderConfig } from "../../provider/contract.ts";
import type { Args } from "./args.ts";

/** The provider for what azuread and okta lack; a plugin of this project, found by its path in Pulumi.yaml. */
export class RollcallProvider extends pulumi.ProviderResource {
  constructor(name: string, config: Args<ProviderConfig>) {
    super("rollcall", name, config);
  }

  /**
   * Asks the tenant something, before anything is made.
   * @throws pulumi.RunError with the provider's own words
   */
  async ask<Args extends object, Answer>(token: string, args: Args): Promise<Answer> {
    try {
      return (await pulumi.runtime.invoke(token, args, { provider: this })) as Answer;
    } catch (error) {
      throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
    }
  }
}
