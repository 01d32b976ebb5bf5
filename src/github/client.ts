import { CredentialsError } from "../clients/credentials-error.ts";
import type { Environment } from "../clients/environment.ts";
import { type HttpClient, type HttpClientOptions, type HttpRequest, httpClient } from "../clients/http.ts";
import { hasStatus } from "../clients/http-error.ts";

/** The GitHub API of one repository. */
export interface GitHub {
  /** `acme/provisioning` */
  repository: string;
  http: HttpClient;
}

/**
 * As a workflow sets it up: GITHUB_TOKEN, GITHUB_REPOSITORY, and GITHUB_API_URL for a server of one's own.
 * @throws CredentialsError naming what is missing
 */
export function connectGitHub(env: Environment): GitHub {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = env;
  if (!token || !repository) {
    const missing = [token ? "" : "GITHUB_TOKEN", repository ? "" : "GITHUB_REPOSITORY"].filter(Boolean);
    throw new CredentialsError(
      `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set. In a workflow: env: { GITHUB_TOKEN: \${{ github.token }} }; elsewhere, --print writes the Markdown to standard output instead.`,
    );
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Error(`GITHUB_REPOSITORY must be owner/name, and not ${repository}.`);
  return {
    repository,
    http: tellingLimits({
      service: "GitHub",
      // GitHub's secondary rate limit.
      laterStatuses: [403],
      baseUrl: (env.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, ""),
      authorization: async () => `Bearer ${token}`,
      headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
      describe: (status, body) => {
        const detail =
          typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
        if (status === 403 && RATE_LIMIT.test(detail))
          return { code: "", detail, help: "It is no matter of permissions: run it again in a few minutes." };
        return status === 401 || status === 403
          ? {
              code: "",
              detail,
              help: "The workflow's job needs `permissions: pull-requests: write` for comments and `issues: write` for issues.",
            }
          : { code: "", detail };
      },
    }),
  };
}

/** The words in which GitHub's 403 means its primary or its secondary limit, and no permission. */
const RATE_LIMIT = /rate limit/i;

/** Whoever is refused for asking too much lacks no permission, whatever the status says. */
function tellingLimits(options: HttpClientOptions): HttpClient {
  const http = httpClient(options);
  return {
    ...http,
    request: async <T>(request: HttpRequest) => {
      try {
        return await http.request<T>(request);
      } catch (error) {
        if (hasStatus(error, 403) && RATE_LIMIT.test(error.detail))
          throw new Error(error.message, { cause: error });
        throw error;
      }
    },
  };
}

/** All items of a list of the repository, page by page. */
export async function listAll<T>({ http, repository }: GitHub, path: string): Promise<T[]> {
  const items: T[] = [];
  const joint = path.includes("?") ? "&" : "?";
  for (let page = 1; ; page++) {
    const { body } = await http.request<T[]>({
      method: "GET",
      path: `/repos/${repository}${path}${joint}per_page=100&page=${page}`,
    });
    items.push(...body);
    if (body.length < 100) return items;
  }
}

/** Creates, changes or deletes below the repository. Only what bears repetition is sent again. */
export async function send<T>(
  { http, repository }: GitHub,
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  return (await http.request<T>({ method, path: `/repos/${repository}${path}`, body })).body;
}
