import type { YAMLSeq } from "yaml";
import { confirmScim, switchScimOn } from "./confirm-scim.ts";
import type { World } from "./world.ts";

export const NEW_ENDPOINT = "https://datahub-moved.sandbox.example";

/** What people do to a running set-up, one after the other. */
export const edits: readonly { what: string; make(world: World): void | Promise<void> }[] = [
  {
    what: "confirm that SCIM is on in Okta",
    make: async (world) => {
      await switchScimOn(world);
      confirmScim(world);
    },
  },
  {
    what: "add an assignment",
    make: (world) =>
      world.edit((spec) => spec.addIn(entra("datahub"), { user: "carol@sandbox.example", role: "Reader" })),
  },
  {
    what: "change a role",
    make: (world) => world.edit((spec) => spec.setIn([...entra("datahub"), 1, "role"], "Admin")),
  },
  {
    what: "rename an application",
    make: (world) =>
      world.edit((spec) => spec.setIn(["applications", "datahub", "entra", "displayName"], "DataHub people")),
  },
  {
    what: "remove an assignment in Entra and one in Okta",
    make: (world) =>
      world.edit((spec) => {
        removeWhere(spec.getIn(entra("datahub")) as YAMLSeq, "user", "ada@sandbox.example");
        removeWhere(
          spec.getIn(["applications", "datahub-okta", "okta", "assignments"]) as YAMLSeq,
          "user",
          "sid@sandbox.example",
        );
      }),
  },
  {
    what: "move a person from one application to another",
    make: (world) =>
      world.edit((spec) => {
        removeWhere(spec.getIn(entra("catalog")) as YAMLSeq, "user", "ada@sandbox.example");
        spec.addIn(entra("collate"), { user: "ada@sandbox.example" });
      }),
  },
  {
    what: "change an endpoint",
    make: (world) => world.edit((spec) => spec.setIn(["applications", "datahub", "endpoint"], NEW_ENDPOINT)),
  },
  {
    what: "rotate a token",
    make: (world) => {
      const old = world.env.ROLLCALL_SECRET_CATALOG_TOKEN ?? "";
      world.sandbox.receiver.setTokens("catalog", [old, "the-next-catalog-token"]);
      world.env.ROLLCALL_SECRET_CATALOG_TOKEN = "the-next-catalog-token";
    },
  },
  {
    what: "take an application out",
    make: (world) => world.edit((spec) => spec.deleteIn(["applications", "collate"])),
  },
];

const entra = (application: string) => ["applications", application, "entra", "assignments"];

function removeWhere(list: YAMLSeq, key: string, value: string): void {
  const index = list.items.findIndex((_, position) => list.getIn([position, key]) === value);
  if (index < 0) throw new Error(`there is no ${key} ${value}`);
  list.delete(index);
}
