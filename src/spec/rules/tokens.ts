import type { Path } from "../../yaml/tree.ts";
import { applicationsOf, error, type Rule, warning } from "../draft.ts";
import { hostOf, parseUrl } from "../endpoint.ts";
import { isProgramKey, secretVariable } from "../secret-names.ts";

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

/** A secret's name is its own, in the stack's configuration and in the environment. */
export const secretNames: Rule = (draft) => {
  const byVariable = new Map<string, { secret: string; path: Path }>();
  return applicationsOf(draft).flatMap(({ name, path: at, application }) => {
    const secret = application.token?.secret;
    if (secret === undefined) return [];
    const path = [...at, "token", "secret"];
    if (isProgramKey(secret)) {
      return [
        error("secret-name", {
          path,
          message: `"${secret}" is rollcall's own configuration, and no secret of a product`,
          why: `${name} would be sent what the stack keeps as rollcall:${secret}, tenants' credentials among it, as its token`,
          help: `call the secret something else, such as ${secret}ScimToken`,
        }),
      ];
    }
    const variable = secretVariable(secret);
    const first = byVariable.get(variable);
    if (first === undefined) byVariable.set(variable, { secret, path });
    if (first === undefined || first.secret === secret) return [];
    return [
      error("secret-name", {
        path,
        message: `"${secret}" and "${first.secret}" ({other}) are both ${variable} in the environment`,
        other: first.path,
        why: "two tokens that are kept under one name are one: a product would be sent the other's",
        help: "give one of them another name, or both the same",
      }),
    ];
  });
};

/** One token that is sent to two hosts is known to both. */
export const tokenShared: Rule = (draft) => {
  const hostAt = (endpoint: string | undefined) => {
    const url = parseUrl(endpoint ?? "");
    return url && hostOf(url);
  };
  const bySecret = Map.groupBy(
    applicationsOf(draft).filter(
      ({ application }) => application.token?.secret && hostAt(application.endpoint),
    ),
    ({ application }) => application.token?.secret ?? "",
  );
  return [...bySecret].flatMap(([secret, [first, ...others]]) =>
    others
      .filter((other) => hostAt(other.application.endpoint) !== hostAt(first?.application.endpoint))
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
