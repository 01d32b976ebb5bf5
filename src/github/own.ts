import type { GitHub } from "./client.ts";

interface Written {
  body: string | null;
  /** null where the account is gone. */
  user: { login: string } | null;
}

/**
 * Finds what this token's owner wrote and begins with `marker`. Anybody can begin a comment with it, and change that afterwards:
 * another author's is none of ours.
 */
export async function findOwn<T extends Written>(
  github: GitHub,
  written: T[],
  marker: string,
): Promise<T | undefined> {
  const marked = written.filter(({ body }) => body?.startsWith(marker));
  if (marked.length === 0) return undefined;
  const login = await ownLogin(github);
  return marked.find(({ user }) => user?.login === login);
}

/**
 * Whom the token speaks for, as `user.login` has it: `github-actions[bot]`, or a person. REST's `/user` is closed to the
 * token of a workflow, GraphQL's viewer is not.
 * @throws when GitHub does not say
 */
async function ownLogin({ http }: GitHub): Promise<string> {
  const { body } = await http.request<{ data?: { viewer?: { login?: string } } }>({
    method: "POST",
    // A server of one's own has /api/v3 and /api/graphql.
    path: `${http.baseUrl.replace(/\/v3$/, "")}/graphql`,
    body: { query: "{ viewer { login } }" },
    repeatable: true,
  });
  const login = body.data?.viewer?.login;
  if (!login)
    throw new Error(
      "GitHub does not say whose token GITHUB_TOKEN is, so rollcall cannot tell its own comments from those of others. Use the workflow's own token, or one of an account that may read its profile.",
    );
  return login;
}
