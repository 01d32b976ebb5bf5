import { listAppGroups, listAppUsers } from "../clients/okta/app-assignments.ts";
import {
  applicationsByLabel,
  type OktaApplication,
  application as readApplication,
} from "../clients/okta/applications.ts";
import type { OktaClient } from "../clients/okta/client.ts";
import { type GroupPushMapping, listGroupPushes } from "../clients/okta/group-push.ts";
import { groupsById, usersById } from "../clients/okta/principals.ts";
import { type ProfileMappingProperty, profileMappingTo } from "../clients/okta/profile-mappings.ts";
import { compareProfile } from "../inspect/okta-application.ts";
import type { Tenants } from "../inspect/tenants.ts";
import type { Product } from "../products/product.ts";
import { findProduct, PRODUCT_KEYS } from "../products/registry.ts";
import { scimSwitches } from "../program/okta-setup.ts";
import { describeSwitch, switchesOf, wrongSwitches } from "../provider/okta/switches.ts";
import { type Adopted, type AdoptOptions, type ImportedResource, theOne } from "./adopted.ts";

/** What Okta does not give: where the application provisions to. */
export interface OktaAdoptOptions extends AdoptOptions {
  endpoint: string;
  product: string;
}

/**
 * Reads an application of Okta that somebody set up by hand, and everybody who is assigned to it; changes nothing.
 * @throws when there is none with that label, or several
 */
export async function adoptOkta(
  label: string,
  options: OktaAdoptOptions,
  tenants: Tenants,
): Promise<Adopted> {
  const product = findProduct(options.product);
  if (!product)
    throw new Error(`There is no product "${options.product}": it is one of ${PRODUCT_KEYS.join(", ")}.`);
  const okta = tenants.okta();
  const app = await find(okta, label);
  const groupIds = (await listAppGroups(okta, app.id)).map(({ id }) => id);
  const groups = await groupsById(okta, groupIds);
  const named = (await listAppUsers(okta, app.id)).filter(({ scope }) => scope === "USER");
  const userIds = named.map(({ id }) => id);
  const users = await usersById(okta, userIds);
  const { pushes, notes: pushNotes } = await readPushes(okta, app.id);
  const on = switchesOf(app);
  const wrong = wrongSwitches(on, scimSwitches(pushes.length > 0));
  const email = app.credentials?.userNameTemplate?.template?.includes("email") ?? false;
  const { carrier, type } = carrierOf(app);
  const mapping = await profileMappingTo(okta, app.id);
  const ofProduct = Object.keys(product.okta.profileMappings).length > 0;
  const mapsProfile = mapping !== undefined && (product.open || ofProduct);

  return {
    application: {
      product: product.key,
      endpoint: options.endpoint,
      token: { secret: options.secret },
      ...("existing" in carrier ? { exclusive: true } : {}),
      okta: {
        ...carrier,
        scim: on.provisioning ? "enabled" : "pending",
        ...(email ? { userName: "email" } : {}),
        ...(product.open && mapping
          ? {
              profileMappings: Object.fromEntries(
                Object.entries(mapping.properties).map(([name, { expression, pushStatus }]) => [
                  name,
                  { expression, push: pushStatus === "PUSH" },
                ]),
              ),
            }
          : {}),
        assignments: [
          ...groups.map(({ id, type: kind, profile }) => ({
            group: profile.name,
            ...(kind === "OKTA_GROUP" ? {} : { id }),
          })),
          ...users.map(({ profile }) => ({ user: profile.login })),
        ],
        pushGroups: pushes.map(({ profile }) => ({ name: profile.name })),
      },
    },
    imports: importsOf(options.key, app, type, mapsProfile ? mapping.id : undefined, on.provisioning),
    notes: [
      ...notFound("group", "assigned", groupIds, groups),
      ...notFound("user", "assigned", userIds, users),
      ...pushNotes,
      ...(on.provisioning
        ? wrong.map(
            ([name, wanted]) =>
              `In Okta this is not as it should be, and \`up\` stops at it: ${describeSwitch(name, wanted)}.`,
          )
        : [
            "SCIM is not switched on, so the spec says `scim: pending`: nobody is managed before `rollcall okta confirm`.",
          ]),
      ...(pushes.length > 0
        ? [
            "Groups that a rule of Okta's pushes stand here one by one: write `startsWith` where a rule is meant, and end the rule in the console.",
          ]
        : []),
      ...(on.provisioning && mapsProfile ? profileNotes(product, mapping.properties) : []),
      "Okta shows neither where the application provisions to nor its token: the endpoint is as you gave it.",
    ],
  };
}

/** The groups that are pushed now. A spec has no words for a push that is switched off, and declaring it would switch it on. */
async function readPushes(okta: OktaClient, appId: string) {
  const live = await listGroupPushes(okta, appId);
  const ids = live.map(({ sourceGroupId }) => sourceGroupId);
  const groups = await groupsById(okta, ids);
  const inStatus = (status: GroupPushMapping["status"]) => {
    const those = new Set(live.filter((push) => push.status === status).map((push) => push.sourceGroupId));
    return groups.filter(({ id }) => those.has(id));
  };
  const inactive = inStatus("INACTIVE");
  return {
    pushes: groups.filter((group) => !inactive.includes(group)),
    notes: [
      ...notFound("group", "pushed", ids, groups),
      ...inactive.map(
        ({ profile: { name } }) =>
          `The push of ${name} is inactive in Okta, and left out here: \`up\` stops at it, by name. End it in the console, or declare it, and \`up\` pushes the group again.`,
      ),
      ...inStatus("ERROR").map(
        ({ profile: { name } }) =>
          `The push of ${name} has failed in Okta: it stands here, and the first \`up\` links it anew. Take it out if it is not meant.`,
      ),
    ],
  };
}

/** Okta's search lags behind its lists, and whoever is left out would lose access by an exclusive spec. */
function notFound(
  kind: "user" | "group",
  how: "assigned" | "pushed",
  ids: string[],
  found: { id: string }[],
): string[] {
  const known = new Set(found.map(({ id }) => id));
  const lost = ids.filter((id) => !known.has(id));
  if (lost.length === 0) return [];
  const are = lost.length === 1 ? `The ${kind} ${lost[0]} is` : `The ${kind}s ${lost.join(", ")} are`;
  return [
    `${are} ${how}, and not found by Okta's search, which may be minutes behind: not in this spec, and an exclusive \`up\` would take ${lost.length === 1 ? "it" : "them"} out. Adopt again in a while, or look the id up in Okta's console.`,
  ];
}

/** Pulumi's Okta provider compares only what its state names, and after an import that is nothing. */
function profileNotes({ okta }: Product, live: Record<string, ProfileMappingProperty>): string[] {
  return [
    ...compareProfile(okta.profileMappings, live).map(
      ({ message }) => `${message} The first \`up\` sets it right.`,
    ),
    "The first `pulumi preview` shows all attributes of the profile mapping as added, since the import does not read them; the first `up` writes each as the spec has it, which changes nothing but what is named here.",
  ];
}

async function find(okta: OktaClient, label: string): Promise<OktaApplication> {
  const { id } = theOne(await applicationsByLabel(okta, label), `labelled "${label}" in Okta`);
  return readApplication(okta, id);
}

/** The application as a spec names it, and the type that imports it; an existing one is used as it is and not imported. */
function carrierOf(app: OktaApplication): { carrier: object; type?: string } {
  const { ssoAcsUrl, audience } = app.settings?.signOn ?? {};
  if (app.signOnMode === "AUTO_LOGIN")
    return { carrier: { label: app.label }, type: "okta:app/autoLogin:AutoLogin" };
  if (app.signOnMode === "SAML_2_0" && ssoAcsUrl?.startsWith("https://") && audience) {
    return {
      carrier: { label: app.label, saml: { ssoUrl: ssoAcsUrl, audience } },
      type: "okta:app/saml:Saml",
    };
  }
  return { carrier: { existing: { id: app.id, label: app.label } } };
}

function importsOf(
  key: string,
  { id }: OktaApplication,
  type: string | undefined,
  mappingId: string | undefined,
  on: boolean,
): ImportedResource[] {
  const below = (kind: string, name: string, of: string): ImportedResource => ({
    type: kind,
    name: `${key}-${name}`,
    id: of,
    parent: key,
  });
  return [
    { type: "rollcall:index:OktaApplication", name: key, component: true },
    ...(type ? [below(type, "application", id)] : []),
    below("rollcall:okta:ScimSettings", "scim", id),
    ...(on && mappingId ? [below("okta:profile/mapping:Mapping", "profile", mappingId)] : []),
    ...(on
      ? [
          below("rollcall:okta:AppAssignments", "assignments", id),
          below("rollcall:okta:GroupPushes", "pushes", id),
        ]
      : []),
  ];
}
