import type { Dialect, TenantSettings } from "../dialects/dialect.ts";
import type { Models } from "../schema/model.ts";
import type { TenantData } from "../store/tenant-data.ts";

/** One tenant while the receiver runs. */
export interface Tenant {
  name: string;
  /** `http://127.0.0.1:8080/scim/v2`, without a slash at the end. */
  baseUrl: string;
  dialect: Dialect;
  models: Models;
  settings: TenantSettings;
  data: TenantData;
  /** Key of the tenant's cursors. */
  cursorKey: Buffer;
}
