import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeUser {
  login: string;
  type: "User" | "Bot";
}

/** Whom the token of a workflow speaks for. */
export const BOT: FakeUser = { login: "github-actions[bot]", type: "Bot" };

export interface FakeIssue {
  number: number;
  title: string;
  body: string;
  labels: string[];
  state: "open" | "closed";
  comments: { id: number; body: string; user: FakeUser }[];
  user: FakeUser;
  pull_request?: object;
}

/** Issues and comments of one repository, as far as rollcall uses GitHub's API. It refuses what the real one refuses. */
export interface FakeGitHub {
  url: string;
  env: { GITHUB_API_URL: string; GITHUB_REPOSITORY: string; GITHUB_TOKEN: string };
  issues: Map<number, FakeIssue>;
  /** Requests that change something, as `POST /issues/7/comments`. */
  writes: string[];
  /** Whom the token speaks for; undefined: the server does not say. */
  viewer: FakeUser | undefined;
  /** By a person called mallory. */
  openPullRequest(number: number): FakeIssue;
  close(): Promise<void>;
}

const REPOSITORY = "acme/provisioning";
const TOKEN = "ghs_fake-token-of-a-workflow";
const LONGEST_BODY = 65_536;

export async function startFakeGitHub(): Promise<FakeGitHub> {
  const issues = new Map<number, FakeIssue>();
  const writes: string[] = [];
  let nextIssue = 100;
  let nextComment = 1000;
  const open = (issue: Pick<FakeIssue, "number" | "title" | "body" | "labels" | "user">): FakeIssue => {
    const made: FakeIssue = { ...issue, state: "open", comments: [] };
    issues.set(issue.number, made);
    return made;
  };

  function answer(
    method: string,
    url: URL,
    body: Record<string, unknown>,
  ): { status: number; json?: unknown } {
    if (method === "POST" && url.pathname === "/graphql")
      return { status: 200, json: viewerOf(body.query, fake.viewer) };
    const path = url.pathname.replace(`/repos/${REPOSITORY}`, "");
    if (path === url.pathname) return { status: 404, json: { message: "Not Found" } };
    if (method !== "GET") writes.push(`${method} ${path}`);
    if (typeof body.body === "string" && body.body.length > LONGEST_BODY)
      return {
        status: 422,
        json: { message: "Validation Failed: body is too long (maximum is 65536 characters)" },
      };
    const page = <T>(items: T[]) => {
      const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
      const start = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
      return { status: 200, json: items.slice(start, start + size) };
    };
    if (path === "/issues") {
      if (method === "POST") {
        const { title, labels = [] } = body as { title: string; labels?: string[] };
        return {
          status: 201,
          json: open({ number: nextIssue++, title, body: String(body.body ?? ""), labels, user: BOT }),
        };
      }
      const label = url.searchParams.get("labels");
      const state = url.searchParams.get("state") ?? "open";
      return page(
        [...issues.values()].filter((one) => one.state === state && (!label || one.labels.includes(label))),
      );
    }
    const comment = /^\/issues\/comments\/(\d+)$/.exec(path);
    if (comment) {
      const id = Number(comment[1]);
      const issue = [...issues.values()].find(({ comments }) => comments.some((one) => one.id === id));
      const found = issue?.comments.find((one) => one.id === id);
      if (!issue || !found) return { status: 404, json: { message: "Not Found" } };
      if (method === "DELETE") {
        issue.comments = issue.comments.filter((one) => one !== found);
        return { status: 204 };
      }
      found.body = String(body.body);
      return { status: 200, json: found };
    }
    const [, number, list] = /^\/issues\/(\d+)(\/comments)?$/.exec(path) ?? [];
    const issue = issues.get(Number(number));
    if (!issue) return { status: 404, json: { message: "Not Found" } };
    if (list && method === "GET") return page(issue.comments);
    if (list) {
      const made = { id: nextComment++, body: String(body.body), user: BOT };
      issue.comments.push(made);
      return { status: 201, json: made };
    }
    Object.assign(issue, body);
    return { status: 200, json: issue };
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://github");
    const authorized = request.headers.authorization === `Bearer ${TOKEN}`;
    const { status, json } = authorized
      ? answer(request.method ?? "GET", url, await readJson(request))
      : { status: 401, json: { message: "Bad credentials" } };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(json === undefined ? undefined : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fake: FakeGitHub = {
    url,
    viewer: BOT,
    env: { GITHUB_API_URL: url, GITHUB_REPOSITORY: REPOSITORY, GITHUB_TOKEN: TOKEN },
    issues,
    writes,
    openPullRequest: (number) => {
      const author: FakeUser = { login: "mallory", type: "User" };
      const issue = open({ number, title: "A pull request", body: "", labels: [], user: author });
      issue.pull_request = {};
      return issue;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function viewerOf(query: unknown, viewer: FakeUser | undefined): object {
  return query === "{ viewer { login } }" && viewer
    ? { data: { viewer: { login: viewer.login } } }
    : { errors: [{ type: "undefinedField", message: "This fake says the viewer's login at most." }] };
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}
