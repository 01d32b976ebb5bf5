import type { SecretDocument } from "../documents.ts";
import { badRequest, malformed } from "../graph-error.ts";
import { type GraphRouter, noContent, ok } from "../graph-router.ts";
import { servicePrincipalOf } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";

/** Graph's enumeration `synchronizationSecret`. */
const KEYS = new Set(
  `None UserName Password SecretToken AppKey BaseAddress ClientIdentifier ClientSecret SingleSignOnType Sandbox Url Domain
  ConsumerKey ConsumerSecret TokenKey TokenExpiration Oauth2AccessToken Oauth2AccessTokenCreationTime Oauth2RefreshToken SyncAll
  InstanceName Oauth2ClientId Oauth2ClientSecret CompanyId UpdateKeyOnSoftDelete SynchronizationSchedule SystemOfRecord
  SandboxName EnforceDomain SyncNotificationSettings SkipOutOfScopeDeletions Oauth2AuthorizationCode Oauth2RedirectUri
  ApplicationTemplateIdentifier Oauth2TokenExchangeUri Oauth2AuthorizationUri AuthenticationType Server
  PerformInboundEntitlementGrants HardDeletesEnabled SyncAgentCompatibilityKey SyncAgentADContainer ValidateDomain
  TestReferences ConnectionString`.split(/\s+/),
);

const MASK = "*";

/** The credentials of a service principal's jobs: read masked, written as a whole. */
export function secretRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const { secrets } = tenant.documents;
  const path = "/servicePrincipals/:id/synchronization/secrets";

  router.on("GET", path, ACCESS.readSynchronization, (call) => {
    const { id } = servicePrincipalOf(tenant, call, call.params.id ?? "");
    return ok({
      "@odata.context": `${call.root}/$metadata#servicePrincipals('${id}')/synchronization/secrets`,
      value: (secrets.get(id) ?? []).map(({ key, value }) => ({
        key,
        value: isSensitive(key) ? MASK : value,
      })),
    });
  });

  router.on("PUT", path, ACCESS.writeSynchronization, (call) => {
    const { id } = servicePrincipalOf(tenant, call, call.params.id ?? "");
    secrets.put(id, readSecrets(call.body.value));
    return noContent;
  });
}

/** Those of `value` that are not empty: an empty value removes its key. @throws GraphError 400 for what is no list of keys */
export function readSecrets(value: unknown): SecretDocument[] {
  if (!Array.isArray(value))
    throw malformed("The property 'value' must be a collection of key and value pairs.");
  const pairs = value.map((pair: Partial<SecretDocument> | null) => {
    const key = pair?.key;
    if (typeof key !== "string" || !KEYS.has(key))
      throw malformed(`Requested value '${String(key)}' was not found.`);
    if (typeof pair?.value !== "string") throw malformed(`The value of '${key}' is no string.`);
    return { key, value: pair.value };
  });
  if (new Set(pairs.map(({ key }) => key)).size < pairs.length) {
    throw badRequest("Request contains a property with duplicate values.");
  }
  return pairs.filter((pair) => pair.value !== "");
}

/** Which keys the service never shows again is not documented; these surely. */
export function isSensitive(key: string): boolean {
  return /(Secret|Password|Token|AppKey|ConsumerKey|TokenKey|ConnectionString|AuthorizationCode)$/.test(key);
}
