import * as pulumi from "@pulumi/pulumi";
import { type DeclaredApplicationsInputs, TOKEN } from "../../provider/contract.ts";
import type { Args } from "./args.ts";

/** Remembers, in the state, which applications the spec declares and who is in, so that a whole one counts when it goes. */
export class DeclaredApplications extends pulumi.CustomResource {
  constructor(name: string, args: Args<DeclaredApplicationsInputs>, opts: pulumi.CustomResourceOptions) {
    super(TOKEN.declaredApplications, name, { ...args }, opts);
  }
}
