/** What a Pulumi program of your own can use: the components, the provider they need, and the way from a spec to their arguments. */
export { toDesiredState } from "./desired/desired-state.ts";
export { expectedArrivals } from "./desired/expected-arrivals.ts";
export { appRoleId } from "./desired/identifiers.ts";
export type { DesiredApplication, DesiredState } from "./desired/model.ts";
export { loadDirectory } from "./directory/load.ts";
export { findProduct, PRODUCT_KEYS } from "./products/registry.ts";
export { EntraApplication, type EntraApplicationArgs } from "./program/entra-application.ts";
export { nonGalleryTemplate } from "./program/entra-template.ts";
export { main } from "./program/main.ts";
export { OktaApplication, type OktaApplicationArgs } from "./program/okta-application.ts";
export { RollcallProvider } from "./program/resources/provider.ts";
export { loadSpec } from "./spec/load.ts";
