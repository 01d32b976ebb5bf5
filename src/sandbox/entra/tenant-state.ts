import type { Clock } from "../clock.ts";
import type { Faults } from "../faults.ts";
import type { Outbound } from "../outbound.ts";
import type { Random } from "../random.ts";
import type { RequestLog } from "../request-log.ts";
import type { Store } from "../store.ts";
import type { Unkindness } from "../unkind.ts";
import type { AppIdentity } from "./app-identity.ts";
import type { Consistency } from "./consistency.ts";
import type { TenantDocuments } from "./documents.ts";
import type { Listing } from "./listing.ts";

/** Everything that the calls of one simulated tenant work on. */
export interface TenantState {
  /** The directory (tenant) id. */
  tenantId: string;
  /** `http://127.0.0.1:8080`: Graph's and the sign-in service's address; set when listening. */
  baseUrl: string;
  store: Store;
  documents: TenantDocuments;
  random: Random;
  clock: Clock;
  unkind: Unkindness;
  consistency: Consistency;
  listing: Listing;
  faults: Faults;
  log: RequestLog;
  outbound: Outbound;
  /** By client id. */
  identities: ReadonlyMap<string, AppIdentity>;
  /** What a second POST of the same job gets; how the real service answers is not established. */
  duplicateJob: "conflict" | "existing";
}
