import type { OktaDirectory } from "../../directory/okta.ts";
import type { Clock } from "../clock.ts";
import type { Faults } from "../faults.ts";
import type { RequestLog } from "../request-log.ts";
import type { AdminConsole } from "./admin.ts";
import type { People } from "./directory.ts";
import type { Json } from "./model.ts";
import type { SettleReport } from "./provisioner.ts";

/** A simulated Okta org that listens on loopback over plain HTTP. */
export interface OktaOrg {
  /** Without a trailing slash; for `httpProxy` of @pulumi/okta, or as an org URL. */
  readonly url: string;
  readonly orgName: string;
  readonly baseDomain: string;
  /** The person in the Admin Console. */
  readonly admin: AdminConsole;
  /** Changes to the directory. */
  readonly people: People;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly clock: Clock;
  /** How unkind the org is, and from which seed, in one line. */
  readonly manner: string;
  /** Calls the API past tokens, limits, faults and the log. @throws Error when refused */
  asAdministrator(method: string, path: string, body?: unknown): Promise<unknown>;
  directory(): OktaDirectory;
  /** Lets Okta tell the SCIM servers everything that it has to tell. */
  settle(): Promise<SettleReport>;
  /** The org's contents by name, without ids, times and secrets. */
  dump(): Json;
  stop(): Promise<void>;
}
