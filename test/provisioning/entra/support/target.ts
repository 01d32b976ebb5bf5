import { place, type Resource, read } from "../../../../src/provisioning/entra/resource.ts";
import { parseAttributePath } from "../../../../src/scim/path.ts";
import type { ScimRequest, ScimResponse } from "../../../../src/scim/wire.ts";

/**
 * A SCIM service small enough to be read at a glance: filters by `eq`, PATCH in Entra's default spelling. `fault` answers in its
 * place when it returns a response.
 */
export class Target {
  readonly requests: ScimRequest[] = [];
  readonly users = new Map<string, Resource>();
  readonly groups = new Map<string, Resource & { members: { value: string }[] }>();
  fault: (request: ScimRequest) => number | ScimResponse | undefined = () => undefined;
  #next = 1;

  /** Runs a generator to its end against this service. */
  run<Result>(steps: Generator<ScimRequest, Result, ScimResponse>): Result {
    let step = steps.next();
    while (!step.done) step = steps.next(this.#answer(step.value));
    return step.value;
  }

  /** What has been asked since the last call, as `PATCH /Users/u1`, with decoded queries. */
  take(): string[] {
    return this.requests.splice(0).map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
  }

  takeWrites(): ScimRequest[] {
    return this.requests.splice(0).filter(({ method }) => method !== "GET");
  }

  user(userName: string): Resource | undefined {
    return [...this.users.values()].find((user) => user.userName === userName);
  }

  /** Group name -> user names of its members, sorted. */
  memberships(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.groups.values()].map(({ displayName, members }) => [
        String(displayName),
        members
          .map(({ value }) =>
            String(
              (this.users.get(value) ?? this.groups.get(value))?.[
                this.users.has(value) ? "userName" : "displayName"
              ],
            ),
          )
          .sort(),
      ]),
    );
  }

  #answer(request: ScimRequest): ScimResponse {
    this.requests.push(structuredClone(request));
    const fault = this.fault(request);
    if (fault !== undefined)
      return typeof fault === "number" ? response(fault, { detail: "made to fail" }) : fault;
    const url = new URL(request.path, "http://target");
    const [, type, id] = url.pathname.split("/");
    const resources: Map<string, Resource> = type === "Groups" ? this.groups : this.users;
    const key = id && decodeURIComponent(id);
    if (!key)
      return request.method === "POST"
        ? this.#create(resources, request.body as Resource)
        : list(resources, url);
    const resource = resources.get(key);
    if (!resource) return response(404, { detail: "not found" });
    if (request.method === "DELETE") {
      resources.delete(key);
      for (const group of this.groups.values())
        group.members = group.members.filter(({ value }) => value !== key);
      return response(204);
    }
    if (request.method === "PATCH") for (const operation of operations(request)) apply(resource, operation);
    return response(200, structuredClone(resource));
  }

  #create(resources: Map<string, Resource>, body: Resource): ScimResponse {
    const name = resources === this.groups ? "displayName" : "userName";
    if ([...resources.values()].some((resource) => resource[name] === body[name]))
      return response(409, { detail: "exists" });
    const id = `${resources === this.groups ? "g" : "u"}${this.#next++}`;
    const made = { ...structuredClone(body), id, ...(resources === this.groups ? { members: [] } : {}) };
    resources.set(id, made);
    return response(201, structuredClone(made));
  }
}

interface Operation {
  op: string;
  path: string;
  value: unknown;
}

function operations(request: ScimRequest): Operation[] {
  return (request.body as { Operations: Operation[] }).Operations;
}

function apply(resource: Resource, { op, path, value }: Operation): void {
  if (path !== "members") {
    place(resource, parseAttributePath(path), path === "active" ? value === "True" : value);
    return;
  }
  const named = (value as { value: string }[]).map((member) => member.value);
  const others = (resource.members as { value: string }[]).filter((member) => !named.includes(member.value));
  resource.members = op === "Add" ? [...others, ...named.map((id) => ({ value: id }))] : others;
}

function list(resources: Map<string, Resource>, url: URL): ScimResponse {
  const [, path = "", wanted = ""] = /^(.*) eq "(.*)"$/.exec(url.searchParams.get("filter") ?? "") ?? [];
  const found = [...resources.values()].filter(
    (resource) => String(read(resource, parseAttributePath(path))).toLowerCase() === wanted.toLowerCase(),
  );
  const Resources = structuredClone(found).map((resource) => {
    if (url.searchParams.get("excludedAttributes") === "members") delete resource.members;
    return resource;
  });
  return response(200, { totalResults: found.length, Resources, startIndex: 1, itemsPerPage: 20 });
}

function response(status: number, body?: unknown): ScimResponse {
  return { status, headers: {}, body };
}
