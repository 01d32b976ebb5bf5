import { v5 as uuidv5 } from "uuid";

/** Never change it: every id of every app role ever made derives from it. */
const APP_ROLE_NAMESPACE = "5d0f6a52-3f0e-4b6e-9d4c-0f1b7c1e8a3d";

/** The id of a product's app role: the same in every tenant and for ever, so that assignments keep pointing at it. */
export function appRoleId(product: string, value: string): string {
  return uuidv5(`${product}/${value}`, APP_ROLE_NAMESPACE);
}
