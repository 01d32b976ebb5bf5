import { rolesTravel } from "../../products/product.ts";
import type { Finding } from "../../yaml/finding.ts";
import type { Path } from "../../yaml/tree.ts";
import {
  applicationsOf,
  error,
  type NamedApplication,
  type Rule,
  type SpecDraft,
  warning,
} from "../draft.ts";
import { effectiveMappings } from "../mappings.ts";

export const someApplication: Rule = ({ applications }, { complete }) =>
  complete && applications && Object.keys(applications).length === 0
    ? [
        warning("no-application", {
          path: ["applications"],
          on: "key",
          message: "there is no application",
          why: "the next update deletes every application of this environment's stack",
          help: "add one, if that is not meant",
        }),
      ]
    : [];

/** Each application belongs to one identity provider. */
export const oneProvider: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ name, path, application }) => {
    const { entra, okta } = application;
    if (entra && okta) {
      return [
        error("one-provider", {
          path: [...path, "okta"],
          on: "key",
          message: `${name} has both an entra and an okta block`,
          why: "an application is one object in one tenant",
          help: "make two applications of it, and read what sharedEndpoint says",
        }),
      ];
    }
    if (entra || okta || application.product === undefined) return [];
    return [
      error("one-provider", {
        path,
        on: "key",
        absent: [
          [...path, "entra"],
          [...path, "okta"],
        ],
        message: `${name} has neither an entra nor an okta block`,
        why: "nobody would provision it",
        help: "add entra: or okta:",
      }),
    ];
  });

/** Blocks and keys that only some products have a meaning for. */
export const productAllows: Rule = (draft) => applicationsOf(draft).flatMap(checkProduct);

function checkProduct({ path, application, product }: NamedApplication): Finding[] {
  if (!product) return [];
  const findings: Finding[] = [];
  const refuse = (key: string[], message: string, why: string, help: string) =>
    findings.push(error("not-for-product", { path: [...path, ...key], on: "key", message, why, help }));
  const { entra, okta } = application;
  const guided = `rollcall follows ${product.title}'s own guide to the letter, so that its preset can be trusted`;

  for (const key of ["mappings", "roles"] as const) {
    if (entra?.[key] !== undefined && !product.open) {
      refuse(
        ["entra", key],
        `${product.title} brings its own ${key}`,
        guided,
        `remove ${key}, or use product: custom`,
      );
    }
  }
  if (okta?.profileMappings !== undefined && !product.open) {
    refuse(
      ["okta", "profileMappings"],
      `${product.title} brings its own profile mappings`,
      guided,
      "remove them, or use product: custom",
    );
  }
  if (entra?.userNameFrom !== undefined && !product.entra.userNameFrom.includes(entra.userNameFrom)) {
    refuse(
      ["entra", "userNameFrom"],
      `${product.title} takes userName from ${product.entra.userNameFrom.join(" or ")}`,
      "people are matched by userName, and a changed source makes everybody a second person",
      product.open ? "map userName under entra.mappings.user" : "remove the line",
    );
  }
  if (entra?.aadOptscim062020 === true && product.entra.aadOptscim062020 === "never") {
    refuse(
      ["entra", "aadOptscim062020"],
      `${product.title} breaks with aadOptscim062020`,
      "the flag makes Entra send PATCH operations without a path, which its server fails on",
      "remove the line",
    );
  }
  if ((application.scimGroupMappings ?? []).length > 0 && !product.scimGroupMappings) {
    refuse(
      ["scimGroupMappings"],
      `${product.title} has no scimGroupMappings`,
      "only Data Mesh Manager turns groups into owners and team roles by a configuration of its own",
      "remove them",
    );
  }
  if (okta && product.okta.guide === "undocumented" && !product.open) {
    findings.push(
      warning("undocumented-provider", {
        path: [...path, "okta"],
        on: "key",
        message: `${product.title}'s guide gives no steps for Okta`,
        why: 'it says "other SCIM compliant providers work similarly" and no more, so nothing is known of what differs',
        help: "try it with one person (rollcall verify) before the others",
      }),
    );
  }
  return findings;
}

/** Entra refuses to send roles when it provisions everybody. */
export const scopeAllWithoutRoles: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application, product }) => {
    const { entra } = application;
    if (entra?.scope !== "all") return [];
    // Of a product that is misspelt only the assignments tell that it has roles.
    const roles = product
      ? rolesTravel(effectiveMappings(product, entra))
      : (entra.assignments ?? []).some((assignment) => assignment?.role !== undefined);
    if (!roles) return [];
    return [
      error("scope-all-with-roles", {
        path: [...path, "entra", "scope"],
        message: `scope: all is impossible for ${product?.title ?? "a product"}, whose roles come from assignments`,
        why: 'Entra does not combine role mappings with "Sync all users and groups"; provisioning would fail for everybody',
        help: "write scope: assigned and assign a group that holds everybody",
      }),
    ];
  });

/** Names by which rollcall and people find an application again. */
export const namesUnique: Rule = (draft) => [
  ...repeated(draft, "Entra", ({ application, path }) => [
    { name: application.entra?.displayName, path: [...path, "entra", "displayName"] },
  ]),
  ...repeated(draft, "Okta", ({ application: { okta }, path }) => [
    {
      name: okta?.label ?? okta?.existing?.label,
      path: [...path, "okta", ...(okta?.label ? ["label"] : ["existing", "label"])],
    },
    { name: okta?.oidc?.label, path: [...path, "okta", "oidc", "label"] },
  ]),
];

function repeated(
  draft: SpecDraft,
  tenant: "Entra" | "Okta",
  namesOf: (named: NamedApplication) => { name: string | undefined; path: Path }[],
): Finding[] {
  const seen = new Map<string, { name: string; path: Path }>();
  return applicationsOf(draft).flatMap((named) =>
    namesOf(named).flatMap(({ name, path }) => {
      if (name === undefined) return [];
      const key = name.toLowerCase();
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, { name: named.name, path });
        return [];
      }
      return [
        error("duplicate-name", {
          path,
          message: `${first.name} is also called ${JSON.stringify(name)} in ${tenant} ({other})`,
          other: first.path,
          why: "an application left behind by an interrupted run is found by its name, which must mean one",
          help: "give it another name",
        }),
      ];
    }),
  );
}
