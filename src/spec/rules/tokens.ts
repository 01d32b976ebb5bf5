import { applicationsOf, type Rule, warning } from "../draft.ts";
import { parseUrl } from "../endpoint.ts";

const WARN_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

/** A warning and no error: with a dead token it must still be possible to take people out. */
export const tokenExpiry: Rule = (draft, { today }) =>
  applicationsOf(draft).flatMap(({ path, application, product }) => {
    const expires = application.token?.expires;
    if (expires === undefined) return [];
    const days = Math.round((Date.parse(expires) - Date.parse(today)) / DAY);
    if (days > WARN_DAYS) return [];
    const when = days < 0 ? `died on ${expires}` : days === 0 ? "dies today" : `dies in ${days} days`;
    return [
      warning("token-expiry", {
        path: [...path, "token", "expires"],
        message: `the token ${when}`,
        why: "with a dead token nobody is let in or taken out any more, and Entra quarantines the job",
        help: `get a new ${product?.token.name ?? "token"}, set the stack secret, and write its date here`,
      }),
    ];
  });

/** One token that is sent to two hosts is known to both. */
export const tokenShared: Rule = (draft) => {
  const hostOf = (endpoint: string | undefined) => parseUrl(endpoint ?? "")?.host;
  const bySecret = Map.groupBy(
    applicationsOf(draft).filter(
      ({ application }) => application.token?.secret && hostOf(application.endpoint),
    ),
    ({ application }) => application.token?.secret ?? "",
  );
  return [...bySecret].flatMap(([secret, [first, ...others]]) =>
    others
      .filter((other) => hostOf(other.application.endpoint) !== hostOf(first?.application.endpoint))
      .map(({ path }) =>
        warning("token-shared", {
          path: [...path, "token", "secret"],
          message: `${secret} is also the token of ${first?.name}, at another host`,
          why: "whoever runs the one host could use it at the other",
          help: "give each its own secret",
        }),
      ),
  );
};
