import type { ScimGroupMapping } from "../../desired/model.ts";
import type { Filter } from "../../scim/ast.ts";
import type { Intake } from "../deviation.ts";
import type { JsonObject } from "../document/json.ts";
import type { Operation } from "../document/operation.ts";
import type { ListQuery } from "../protocol/query.ts";
import type { ResourceType } from "../schema/model.ts";

export const DIALECTS = [
  "strict",
  "lenient",
  "microsoft",
  "datahub",
  "data-mesh-manager",
  "collate",
] as const;
export type DialectName = (typeof DIALECTS)[number];

/** What only some products know. */
export interface TenantSettings {
  /** Data Mesh Manager: which groups make owners and team members. */
  scimGroupMappings?: ScimGroupMapping[];
  /** DataHub: the roles that exist there. Default Admin, Editor, Reader. */
  roles?: string[];
  /** Collate: teams that exist before SCIM, by name, with the team they stand under. */
  teams?: { name: string; parent: string }[];
  /** Collate: refuse every PATCH that its published schema refuses. Default false: taken, and noted in the journal. */
  strictPatch?: boolean;
}

/** A resource about to be stored. */
export interface Change {
  type: ResourceType;
  by: "create" | "replace" | "patch";
  /** May be changed in place. Without members. */
  next: JsonObject;
  previous: JsonObject | undefined;
  /** Of a group that is created or replaced: whether members were sent. */
  membersSent?: boolean;
  intake: Intake;
  settings: TenantSettings;
}

/** How a product's server departs from SCIM. Each rule throws a ScimError to refuse a request as the product does. */
export interface ProductRules {
  newId?(type: ResourceType, resource: JsonObject): string;
  /** Adjusts, in place, what is about to be stored. */
  shape?(change: Change): void;
  checkList?(type: ResourceType, query: ListQuery): void;
  /** The part of a filter that the product looks at. */
  readFilter?(type: ResourceType, filter: Filter): Filter;
  /** Refuses a result that the filter matches and the product does not find. */
  accepts?(type: ResourceType, filter: Filter, document: JsonObject): boolean;
  /** A filter is answered with everything that matches, whatever page was asked for. */
  filtersIgnorePage?: boolean;
  checkPatch?(type: ResourceType, operations: Operation[], intake: Intake, settings: TenantSettings): void;
  checkMember?(value: string): void;
  duplicate?(name: string): string;
  notFound?(type: ResourceType, id: string): string;
  /** A group that is posted although one of its name exists: true to take the existing one. */
  reusesGroups?: boolean;
  /** Endpoints that the product does not have, by their first path segment. */
  missing?: string[];
  mediaType?: string;
}

/** One way of speaking SCIM. */
export interface Dialect {
  name: DialectName;
  /** Understand what Entra and Okta send beyond the RFCs, and note it; refuse it when false. */
  lenient: boolean;
  /** "auto": 200 with the resource, 204 for a group of more than {@link LARGE_GROUP} members unless members are excluded. */
  patchResponse: "auto" | "200" | "204";
  /** Whether a second user of one name is refused; letters' case does not count. */
  uniqueUserNames: boolean;
  /** The same for groups: the RFC allows equal names, Entra expects 409. */
  uniqueGroupNames: boolean;
  product?: ProductRules;
}

/** Members from which the answer to a PATCH no longer repeats the group. */
export const LARGE_GROUP = 1000;
