import { SCHEMA } from "../../scim/wire.ts";
import type { JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import { badSyntax } from "../errors.ts";
import type { ProductRules } from "./dialect.ts";

const USER_ATTRIBUTES = new Set([
  "userName",
  "displayName",
  "active",
  "title",
  "preferredLanguage",
  "emails",
  "phoneNumbers",
  "addresses",
  "name",
  "externalId",
  SCHEMA.enterpriseUser,
]);
const ENTERPRISE_ATTRIBUTES = new Set(["department", "manager", "employeeId"]);

/**
 * Collate, after OpenMetadata's published resource and schemas; the service itself is closed. That it drops what its
 * schemas do not name is inferred, and so is a POST of a group that exists being answered as a creation.
 */
export const collate: ProductRules = {
  reusesGroups: true,
  missing: ["ResourceTypes", "Bulk", ".search"],
  mediaType: "application/json",

  checkPatch(_type, operations, intake, settings) {
    const refusedBySchema = intake.deviations.some(({ code }) => code === "op-case");
    const stringBoolean = operations.some(
      ({ path, value }) => path?.toLowerCase() === "active" && typeof value === "string",
    );
    if (!refusedBySchema && !stringBoolean) return;
    if (settings.strictPatch) {
      throw badSyntax("`op` must be one of add, remove, replace, in lower case, and `active` a boolean.");
    }
    intake.note("product-patch-form", refusedBySchema ? "op" : "active");
  },

  shape({ type, next, intake }) {
    if (type !== "User") return;
    const drop = (object: JsonObject, kept: Set<string>) => {
      for (const key of Object.keys(object)) {
        if (kept.has(key)) continue;
        intake.note("product-drops", key);
        delete object[key];
      }
    };
    drop(next, USER_ATTRIBUTES);
    const enterprise = next[SCHEMA.enterpriseUser];
    if (!isObject(enterprise)) return;
    drop(enterprise, ENTERPRISE_ATTRIBUTES);
    if (Object.keys(enterprise).length === 0) delete next[SCHEMA.enterpriseUser];
  },
};
