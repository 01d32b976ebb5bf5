import type { Finding } from "../../yaml/finding.ts";
import { applicationsOf, error, type NamedApplication, type Rule, warning } from "../draft.ts";
import { hostOf, isLoopback, parseUrl, scimUrlOf } from "../endpoint.ts";

/** The endpoint is a URL that a token may be sent to, and nothing but a URL. */
export const endpointForm: Rule = (draft) => applicationsOf(draft).flatMap((named) => checkForm(named));

function checkForm({ application, product, path: at }: NamedApplication): Finding[] {
  const { endpoint } = application;
  if (endpoint === undefined) return [];
  const path = [...at, "endpoint"];
  const url = parseUrl(endpoint);
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    const hint = product
      ? `${product.endpoint.hint}, as in ${product.endpoint.example}`
      : "write it with https://";
    return [
      error("endpoint-form", {
        path,
        message: `${JSON.stringify(endpoint)} is not an http or https URL`,
        why: "people and their roles are sent there",
        help: hint,
      }),
    ];
  }
  const findings: Finding[] = [];
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    findings.push(
      error("endpoint-http", {
        path,
        message: `${endpoint} is not encrypted`,
        why: "the token and everybody's data would cross the network in clear; http is for loopback only",
        help: `write https://${url.host}${url.pathname.replace(/\/$/, "")}`,
      }),
    );
  }
  if (url.username !== "" || url.password !== "") {
    findings.push(
      error("endpoint-credentials", {
        path,
        message: "the endpoint contains a user name or password",
        why: "a spec is read by many; and Entra and Okta send a bearer token, nothing else",
        help: "remove everything between // and @, and revoke that password",
      }),
    );
  }
  if (url.search !== "" || url.hash !== "") {
    findings.push(
      error("endpoint-query", {
        path,
        message: `the endpoint has a ${url.search ? "query" : "fragment"}`,
        why: "/Users and /Groups are appended to it; Entra's flags belong to aadOptscim062020",
        help: `end it before the "${url.search ? "?" : "#"}"`,
      }),
    );
  }
  if (product && !product.open && product.endpoint.scimPath === "" && url.pathname === "/") {
    findings.push(
      warning("endpoint-path", {
        path,
        message: `${endpoint} has no path`,
        why: `${product.title} has no SCIM path of its own that could be appended: /Users and /Groups follow the host directly`,
        help: `write ${product.endpoint.hint}, as in ${product.endpoint.example}`,
      }),
    );
  }
  if (application.okta && url.hostname.includes("_")) {
    findings.push(
      error("endpoint-form", {
        path,
        message: `the host ${url.hostname} contains "_"`,
        why: "Okta refuses such a base URL",
        help: "use a host name of letters, digits, - and .",
      }),
    );
  }
  return findings;
}

/** Where a URL leads, however its host is spelt. */
function placeOf(scimUrl: string): string {
  const url = new URL(scimUrl);
  return `${url.protocol}//${hostOf(url)}${url.pathname}`.toLowerCase();
}

/** Two applications that write one endpoint undo each other's work, unless both say that they mean it. */
export const endpointsShared: Rule = (draft) => {
  const byUrl = Map.groupBy(
    applicationsOf(draft).filter(
      ({ application, product }) => product && parseUrl(application.endpoint ?? ""),
    ),
    ({ application, product }) => (product ? placeOf(scimUrlOf(product, application.endpoint ?? "")) : ""),
  );
  return [...byUrl].flatMap(([url, applications]) =>
    applications.flatMap(({ name, path, application }) => {
      const others = applications.filter((other) => other.name !== name).map((other) => other.name);
      if (others.length === 0 || application.sharedEndpoint === true) return [];
      return [
        error("shared-endpoint", {
          path: [...path, "endpoint"],
          absent: [[...path, "sharedEndpoint"]],
          message: `${others.join(" and ")} ${others.length > 1 ? "write" : "writes"} ${url} as well`,
          why: "each takes out or rewrites what the other put in: in DataHub, Okta's updates clear the roles that Entra set",
          help: `give ${name} another endpoint, or write sharedEndpoint: true in each of them`,
        }),
      ];
    }),
  );
};
