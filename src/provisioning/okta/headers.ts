/** What a person typed under "Integration", in the form in which Okta sends it. */
export type ScimAuthentication =
  /** The wizard's "HTTP Header": `Bearer` is a fixed prefix and the token is typed without it. */
  | { mode: "bearer"; token: string }
  /** "SCIM 2.0 Test App (Header Auth)": the whole header value is typed. */
  | { mode: "header"; value: string }
  | { mode: "basic"; username: string; password: string };

/** The headers of every request that Okta's SCIM client sends, as seen in server logs (names in lower case). */
export function scimHeaders(authentication: ScimAuthentication, hasBody: boolean): Record<string, string> {
  return {
    accept: "application/scim+json",
    "accept-charset": "utf-8",
    "accept-encoding": "gzip,deflate",
    "user-agent": "Okta SCIM Client 1.0.0",
    connection: "close",
    authorization: authorization(authentication),
    ...(hasBody ? { "content-type": "application/scim+json; charset=utf-8" } : {}),
  };
}

function authorization(authentication: ScimAuthentication): string {
  switch (authentication.mode) {
    case "bearer":
      return `Bearer ${authentication.token}`;
    case "header":
      return authentication.value;
    case "basic":
      return `Basic ${Buffer.from(`${authentication.username}:${authentication.password}`).toString("base64")}`;
  }
}
