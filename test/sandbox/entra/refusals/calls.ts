import { ADA, assign, callerWith, GOVERNANCE, READER, signIn, start } from "../harness.ts";
import { application, as, graph, job, OWNER, POOR, type Refusal, tenant } from "./fixture.ts";

const filtered =
  (filter: string, path = "/users"): Refusal =>
  () =>
    graph("GET", `${path}?$filter=${encodeURIComponent(filter)}`);

const batch =
  (requests: unknown[]): Refusal =>
  () =>
    graph("POST", "/$batch", { requests });
const groups = () => `/groups/${GOVERNANCE}`;
const newGroup = { displayName: "New", mailNickname: "new", mailEnabled: false, securityEnabled: true };

/** Refusals that any call may meet: permissions, queries, batches. */
export const CALLS: Record<string, Refusal> = {
  "no access token": () => callerWith(tenant, undefined)("GET", "/users"),
  "forged access token": async () => {
    const { body } = await signIn(tenant);
    const [head, payload, signature] = body.access_token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const more = { ...claims, roles: [...claims.roles, "Directory.ReadWrite.All"] };
    const forged = Buffer.from(JSON.stringify(more)).toString("base64url");
    return callerWith(tenant, `${head}.${forged}.${signature}`)("GET", "/users");
  },
  "expired access token": async () => {
    const other = await start();
    other.tenant.clock.advance(3_600_000);
    const answer = await other.graph("GET", "/users");
    await other.tenant.stop();
    return answer;
  },
  "missing permission": async () => (await as(POOR))("GET", "/users"),
  "missing synchronization permission": async () => (await as(POOR))("GET", job.path),
  "synchronization by OwnedBy without owning the service principal": async () =>
    (await as(OWNER))("POST", `${job.path}/restart`, { criteria: {} }),
  "change by OwnedBy without owning the application": async () =>
    (await as(OWNER))("PATCH", `/applications/${application.id}`, { displayName: "Mine" }),
  "assignment without permission to read applications": async () =>
    assign(await as(POOR), application, ADA, READER),
  "/me with an application's token": () => graph("GET", "/me"),
  "unknown path": () => graph("GET", "/userz"),
  "broken JSON": () => graph("POST", "/groups", '{"displayName": '),
  "body that is no object": () => graph("POST", "/groups", "[]"),
  "body without a content type": () => graph("POST", "/groups", "{}", { "content-type": "text/plain" }),
  "unknown property": () => graph("PATCH", `/applications/${application.id}`, { displayNam: "x" }),
  "$filter with an unterminated string": filtered("displayName eq 'x"),
  "$filter that is no expression": filtered("displayName is 'x'"),
  "$filter by an unknown property": filtered("displayNam eq 'x'"),
  "$filter by a property that cannot be filtered by": filtered("aboutMe eq 'x'"),
  "$filter with contains": filtered("contains(displayName,'x')"),
  "$filter with ne without ConsistencyLevel": filtered("displayName ne 'x'"),
  "$filter with endsWith without ConsistencyLevel": filtered("endsWith(mail,'x')"),
  "$filter with not without ConsistencyLevel": filtered("not(displayName eq 'x')"),
  "$filter with more than 15 alternatives": filtered(
    Array.from({ length: 16 }, (_, index) => `id eq '${index}'`).join(" or "),
  ),
  "$filter with in of more than 15 values": filtered(
    `id in (${Array.from({ length: 16 }, (_, index) => `'${index}'`).join(",")})`,
  ),
  "$select of an unknown property": () => graph("GET", "/users?$select=displayNam"),
  "$top beyond 999": () => graph("GET", "/users?$top=1000"),
  "unknown query option": () => graph("GET", "/users?$limit=3"),
  "$orderby beside $filter without ConsistencyLevel": () =>
    graph("GET", "/users?$orderby=displayName&$filter=accountEnabled eq true"),
  "page token that has expired": () => graph("GET", "/users?$skiptoken=RFNwdAIAAQ"),
  "$search, which the sandbox does not answer": () => graph("GET", '/users?$search="displayName:a"'),
  "$expand, which the sandbox does not answer": () => graph("GET", `${groups()}/members?$expand=manager`),
  "$count of members without ConsistencyLevel": () => graph("GET", `${groups()}/members/$count`),
  "batch of 21": batch(
    Array.from({ length: 21 }, (_, index) => ({ id: String(index), method: "GET", url: "/users" })),
  ),
  "empty batch": batch([]),
  "batch with the same id twice": batch([
    { id: "1", method: "GET", url: "/users" },
    { id: "1", method: "GET", url: "/groups" },
  ]),
  "batch part with a body and no content type": batch([
    { id: "1", method: "POST", url: "/groups", body: newGroup },
  ]),
  "batch part that depends on one that is not there": batch([
    { id: "1", method: "GET", url: "/users", dependsOn: ["0"] },
  ]),
  "batch part whose dependency failed": async () => {
    const { body, headers } = await batch([
      { id: "1", method: "GET", url: "/users?$top=0" },
      { id: "2", method: "GET", url: "/users", dependsOn: ["1"] },
    ])();
    const part = body.responses.find(({ id }: { id: string }) => id === "2");
    return { status: part.status, headers, body: part.body };
  },
};
