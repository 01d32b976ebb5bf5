import type { Finding } from "../../yaml/finding.ts";
import type { Path } from "../../yaml/tree.ts";
import {
  applicationsOf,
  error,
  itemsOf,
  type NamedApplication,
  type OktaDraft,
  type Rule,
  warning,
} from "../draft.ts";
import { assignmentsOf } from "./assignments.ts";

/** Which Okta application carries SCIM, and what people sign in through. */
export const oktaCarrier: Rule = (draft) =>
  applicationsOf(draft).flatMap((named) =>
    named.application.okta ? checkCarrier(named, named.application.okta) : [],
  );

/** An application that is there carries one product. By its label it is found once, as every name is. */
export const oktaExistingOnce: Rule = (draft) => {
  const seen = new Map<string, { name: string; path: Path }>();
  return applicationsOf(draft).flatMap(({ name, path: at, application }) => {
    const id = application.okta?.existing?.id;
    if (id === undefined) return [];
    const path = [...at, "okta", "existing", "id"];
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, { name, path });
      return [];
    }
    return [
      error("okta-carrier", {
        path,
        message: `${first.name} uses the application ${id} too ({other})`,
        other: first.path,
        why: "an application of Okta has one SCIM endpoint and one list of people: each of the two would take out whom the other lets in",
        help: `make one of ${first.name} and ${name}, or let each use an application of its own`,
      }),
    ];
  });
};

function checkCarrier({ path: at, product }: NamedApplication, okta: OktaDraft): Finding[] {
  const path = [...at, "okta"];
  const findings: Finding[] = [];
  const carriers = (["saml", "existing"] as const).filter((key) => okta[key] !== undefined);
  if (carriers.length === 2) {
    findings.push(
      error("okta-carrier", {
        path: [...path, "existing"],
        on: "key",
        message: "saml and existing cannot both carry SCIM",
        why: "saml makes an application, existing uses one that is there",
        help: "remove one of them",
      }),
    );
  }
  for (const carrier of carriers) {
    if (!product || product.okta.carriers.includes(carrier)) continue;
    findings.push(
      error("okta-carrier", {
        path: [...path, carrier],
        on: "key",
        message: `${product.title}'s SCIM is not carried by a SAML application`,
        why: "its guide uses a hidden application for SCIM beside the one people sign in through",
        help: `remove ${carrier}`,
      }),
    );
  }
  if (okta.oidc && carriers.length > 0) {
    findings.push(
      error("okta-carrier", {
        path: [...path, "oidc"],
        on: "key",
        message: `oidc cannot stand beside ${carriers[0]}`,
        why: "people would have two applications to sign in through",
        help: `remove oidc, or remove ${carriers[0]} to have SCIM carried by a hidden application`,
      }),
    );
  }
  if (okta.label === undefined && okta.existing === undefined) {
    findings.push(
      error("missing-key", {
        path,
        on: "key",
        absent: [[...path, "label"]],
        message: `"label" is missing in ${path.join(".")}`,
        why: "it is the application's name in Okta",
        help: "add label:",
      }),
    );
  }
  if (okta.existing && okta.existing.id === undefined && okta.existing.label === undefined) {
    findings.push(
      error("missing-key", {
        path: [...path, "existing"],
        on: "key",
        absent: [
          [...path, "existing", "id"],
          [...path, "existing", "label"],
        ],
        message: "existing names no application",
        why: "rollcall looks it up by its id or its exact label",
        help: "add label: or id:",
      }),
    );
  }
  return findings;
}

/** Pushed groups: one form each, each once, and not those through which people are assigned. */
export const oktaPushes: Rule = (draft) =>
  applicationsOf(draft).flatMap((named) => {
    const { okta } = named.application;
    if (!okta) return [];
    const assigned = new Set(
      assignmentsOf(named.application, named.path).flatMap(({ kind, name }) =>
        kind === "group" ? [name.toLowerCase()] : [],
      ),
    );
    const seen = new Map<string, Path>();
    return itemsOf(okta.pushGroups, [...named.path, "okta", "pushGroups"]).flatMap(
      ({ item, path }): Finding[] => {
        const forms = (["name", "startsWith"] as const).filter((key) => item[key] !== undefined);
        const form = forms[0];
        if (forms.length !== 1 || form === undefined) {
          return [
            error("push-pattern", {
              path: form ? [...path, "startsWith"] : path,
              on: form ? "key" : "value",
              message: form
                ? "this push has both a name and a pattern"
                : "this push has neither a name nor a pattern",
              absent: form
                ? undefined
                : [
                    [...path, "name"],
                    [...path, "startsWith"],
                  ],
              why: "a push without a pattern would be of every group in the org",
              help: form ? "make two of it" : "add name: or startsWith:",
            }),
          ];
        }
        const text = item[form] ?? "";
        const findings: Finding[] = [];
        const before = seen.get(`${form} ${item.id ?? text.toLowerCase()}`);
        if (before) {
          findings.push(
            error("duplicate-push", {
              path: [...path, form],
              message: `${JSON.stringify(text)} is already pushed in {other}`,
              other: before,
              why: "one group of the org is one group in the product",
              help: "remove one of them",
            }),
          );
        }
        seen.set(`${form} ${item.id ?? text.toLowerCase()}`, path);
        if (form === "startsWith" && item.id !== undefined) {
          findings.push(
            error("push-pattern", {
              path: [...path, "id"],
              on: "key",
              message: "a pattern cannot be pinned to an id",
              why: "it stands for any number of groups",
              help: "remove id, or push the group by name",
            }),
          );
        }
        if (assigned.has(text.toLowerCase()) && form === "name") {
          findings.push(
            warning("assigned-and-pushed", {
              path: [...path, form],
              message: `group ${text} is both assigned and pushed`,
              why: "Okta advises against it: assignment and push of one group can overtake each other, and members arrive late",
              help: "assign people through another group, or watch the first push",
            }),
          );
        }
        return findings;
      },
    );
  });
