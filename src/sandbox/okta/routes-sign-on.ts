import type { FastifyInstance } from "fastify";
import { refuse } from "./errors.ts";
import { param, query } from "./http.ts";
import type { Json, StoredApp } from "./model.ts";
import type { OrgState } from "./state.ts";

/** What the okta provider asks beside an application: organization, policies, signing keys, SAML metadata, ID token settings. */
export function signOnRoutes(server: FastifyInstance, state: OrgState, signingCertificate: string): void {
  server.get("/.well-known/okta-organization", () => ({
    id: state.ownId("org", "00o"),
    cell: "sandbox",
    _links: { organization: { href: state.url } },
    pipeline: "idx",
    settings: {},
  }));

  const policies = () => [
    policy(state, state.ownId("accessPolicy", "rst"), "Default Policy", "ACCESS_POLICY"),
    policy(state, state.ownId("profileEnrollment", "rst"), "Default Policy", "PROFILE_ENROLLMENT"),
  ];
  server.get("/api/v1/policies", (request) => {
    const { type } = query(request);
    if (!type) throw refuse.invalid("type", "type: The parameter is missing");
    return policies().filter((known) => known.type === type);
  });
  server.get("/api/v1/policies/:id", (request) => {
    const id = param(request, "id");
    const found = policies().find((known) => known.id === id);
    if (!found) throw refuse.notFound(id, "Policy");
    return found;
  });
  server.put("/api/v1/apps/:id/policies/:policyId", (request, reply) => {
    const app = state.app(param(request, "id"));
    const id = param(request, "policyId");
    if (!policies().some((known) => known.id === id)) throw refuse.notFound(id, "Policy");
    app.accessPolicyId = id;
    state.apps.put(app.id, app);
    return reply.status(204).send();
  });

  const key = () => ({
    kid: state.ownId("signingKey", "kid"),
    kty: "RSA",
    use: "sig",
    x5c: [signingCertificate],
    created: new Date(0).toISOString(),
    lastUpdated: new Date(0).toISOString(),
    expiresAt: new Date(Date.UTC(2036, 0)).toISOString(),
  });
  server.get("/api/v1/apps/:id/credentials/keys", (request) => {
    state.app(param(request, "id"));
    return [key()];
  });
  server.get("/api/v1/apps/:id/sso/saml/metadata", (request, reply) => {
    const app = state.app(param(request, "id"));
    if (app.signOnMode !== "SAML_2_0") throw refuse.notFound(app.id, "AppInstance");
    return reply.type("application/xml").send(samlMetadata(state, app, signingCertificate));
  });

  // Internal, but the provider asks for it with every OpenID Connect application.
  const idToken = (app: StoredApp): Json => ({
    issuer: state.url,
    orgUrl: null,
    customUrl: null,
    audience: app.id,
    issuerMode: "ORG_URL",
  });
  for (const method of ["GET", "POST"] as const) {
    server.route({
      method,
      url: "/api/v1/internal/apps/:id/settings/oauth/idToken",
      handler: (request) => idToken(state.app(param(request, "id"))),
    });
  }
}

function policy(state: OrgState, id: string, name: string, type: string) {
  return {
    id,
    status: "ACTIVE",
    name,
    priority: 1,
    system: true,
    conditions: null,
    type,
    _links: {
      self: { href: `${state.url}/api/v1/policies/${id}`, hints: { allow: ["GET", "PUT", "DELETE"] } },
    },
  };
}

function samlMetadata(state: OrgState, app: StoredApp, certificate: string): string {
  const location = `${state.url}/app/${app.name}/${app.id}/sso/saml`;
  const binding = (name: string) =>
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${name}" Location="${location}"/>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor entityID="http://www.okta.com/${app.id}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">`,
    '<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
    '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>',
    `<ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    "<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>",
    `${binding("POST")}${binding("Redirect")}`,
    "</md:IDPSSODescriptor></md:EntityDescriptor>",
  ].join("");
}
