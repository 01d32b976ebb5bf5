/** A part of the API: which scope it needs and which rate-limit bucket it draws from. */
export interface Area {
  name: string;
  /** `okta.<scope>.read` and `okta.<scope>.manage`; none where any token will do. */
  scope?: string;
  /** Requests a minute. */
  limit: number;
}

/** Most particular first. https://developer.okta.com/docs/reference/rl-global-mgmt/ */
const AREAS: readonly { path: RegExp; area: Area }[] = [
  { path: /^\/api\/v1\/(internal\/)?apps(\/|\?|$)/, area: { name: "apps", scope: "apps", limit: 100 } },
  { path: /^\/api\/v1\/groups(\/|\?|$)/, area: { name: "groups", scope: "groups", limit: 600 } },
  { path: /^\/api\/v1\/users\/me(\?|$)/, area: { name: "users", limit: 600 } },
  { path: /^\/api\/v1\/users(\/|\?|$)/, area: { name: "users", scope: "users", limit: 600 } },
  {
    path: /^\/api\/(internal\/)?v1\/mappings(\/|\?|$)/,
    area: { name: "mappings", scope: "profileMappings", limit: 600 },
  },
  { path: /^\/api\/v1\/meta\/types(\/|\?|$)/, area: { name: "meta", scope: "userTypes", limit: 600 } },
  { path: /^\/api\/v1\/meta(\/|\?|$)/, area: { name: "meta", scope: "schemas", limit: 600 } },
  { path: /^\/api\/v1\/logs(\?|$)/, area: { name: "logs", scope: "logs", limit: 120 } },
  { path: /^\/api\/v1\/policies(\/|\?|$)/, area: { name: "policies", scope: "policies", limit: 600 } },
  { path: /^\/api\//, area: { name: "others", limit: 1200 } },
];

/** The area of a management API path; undefined outside that API. */
export function areaOf(path: string): Area | undefined {
  return AREAS.find((entry) => entry.path.test(path))?.area;
}
