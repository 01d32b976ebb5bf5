import { immutable } from "../errors.ts";
import type { ProductRules } from "./dialect.ts";

/**
 * Data Mesh Manager, after its SCIM guide: "the userName cannot be updated as of now". That an attempt is refused with 400
 * mutability, and not ignored, is inferred. What memberships mean there is derived in `product-view.ts`.
 */
export const dataMeshManager: ProductRules = {
  shape({ type, next, previous }) {
    if (type === "User" && previous && next.userName !== previous.userName) {
      throw immutable("`userName` is the e-mail address by which the person is known; it cannot be updated.");
    }
  },
};
