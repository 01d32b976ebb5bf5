import { applicationsOf, isProduction, itemsOf, type Rule, warning } from "../draft.ts";
import { effectiveRoles } from "../mappings.ts";
import { assignmentsOf } from "./assignments.ts";

// Rules whose level an environment chooses; levels.ts has the defaults.

export const assignedScope: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) =>
    application.entra?.scope === "all"
      ? [
          warning("assigned-scope", {
            path: [...path, "entra", "scope"],
            message: "everybody in the tenant gets in",
            why: "guests and service accounts too, and whoever joins tomorrow",
            help: "write scope: assigned and list the groups",
          }),
        ]
      : [],
  );

export const unprotected: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application }) =>
    application.protect === false && isProduction(draft)
      ? [
          warning("protected-application", {
            path: [...path, "protect"],
            message: "a production application is not protected",
            why: "one removed line would delete it, and with it who had access",
            help: "remove protect: false",
          }),
        ]
      : [],
  );

export const pushTargets: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application }) =>
    itemsOf(application.okta?.pushGroups, [...at, "okta", "pushGroups"]).flatMap(({ item, path }) =>
      item.deleteTargetGroup === true
        ? [
            warning("keep-push-target", {
              path: [...path, "deleteTargetGroup"],
              message: "removing this push deletes the group in the product",
              why: "with it go the roles and policies that somebody gave the group there, also when the line was only renamed",
              help: "remove deleteTargetGroup: true",
            }),
          ]
        : [],
    ),
  );

export const rolesGranted: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path, application, product }) => {
    const { entra } = application;
    // A product's own roles are made whether or not they are used; only a declared one is a promise.
    if (!product?.open || !entra?.roles) return [];
    const given = new Set(entra.assignments?.map((assignment) => assignment?.role));
    return effectiveRoles(product, entra)
      .filter((role) => !given.has(role.value))
      .map((role) =>
        warning("role-granted-to-nobody", {
          path: [
            ...path,
            "entra",
            "roles",
            (entra.roles ?? []).findIndex((one) => one?.value === role.value),
            "value",
          ],
          message: `no assignment gives the role ${role.value}`,
          why: "a role that nobody has is either not needed or somebody is missing",
          help: "assign it or remove it",
        }),
      );
  });

export const directUsers: Rule = (draft) =>
  applicationsOf(draft).flatMap(({ path: at, application }) =>
    assignmentsOf(application, at).flatMap(({ kind, name, path }) =>
      kind === "user"
        ? [
            warning("no-direct-users", {
              path: [...path, "user"],
              message: `${name} is assigned in person`,
              why: "whoever changes jobs is taken out of groups, and not out of specs",
              help: "assign a group that this person is in",
            }),
          ]
        : [],
    ),
  );
