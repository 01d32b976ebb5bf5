import { hasStatus } from "../../../clients/http-error.ts";
import type { OktaClient } from "../../../clients/okta/client.ts";
import type { PropertyMap } from "../values.ts";
import type { StandIn } from "./stand-in.ts";

interface Mapping {
  id: string;
  source: End;
  target: End;
  properties: Record<string, { expression: string; pushStatus: string }>;
}

interface End {
  id: string;
  name: string;
  type: string;
}

interface Entry {
  id: string;
  expression: string;
  pushStatus: string;
}

/** The mapping between one source and one target, which Okta makes with the application; of its entries, those that are listed. */
export const profileMapping: StandIn<OktaClient> = {
  inputs: ["sourceId", "targetId", "mappings", "deleteWhenAbsent"],
  required: ["sourceId", "targetId"],
  replaceOn: ["sourceId", "targetId"],
  async create(okta, inputs) {
    const mapping = await find(okta, inputs);
    await change(okta, mapping.id, entriesOf(inputs));
    return { id: mapping.id, outputs: outputs(await get(okta, mapping.id), inputs) };
  },
  async read(okta, id, old) {
    try {
      return outputs(await get(okta, id), old);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  },
  async update(okta, id, inputs, old) {
    const wanted = entriesOf(inputs);
    const dropped = entriesOf(old).filter((entry) => !wanted.some((other) => other.id === entry.id));
    await change(okta, id, wanted, dropped);
    return outputs(await get(okta, id), inputs);
  },
  async delete(okta, id, old) {
    try {
      await change(
        okta,
        id,
        [],
        entriesOf(old).filter((entry) => entry.id !== "login"),
      );
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  },
};

/** `getUserProfileMappingSource`: the org's default user type, found as one end of any mapping. */
export async function userProfileSource(okta: OktaClient): Promise<PropertyMap> {
  for (const { source, target } of await okta.list<Mapping>("/mappings?limit=200")) {
    const user = [source, target].find(({ name, type }) => name === "user" && type === "user");
    if (user) return { id: user.id, name: user.name, type: user.type };
  }
  throw new Error(
    "Okta has no profile mapping with a user type at one end, so there is nothing to map from.",
  );
}

async function find(okta: OktaClient, { sourceId, targetId }: PropertyMap): Promise<Mapping> {
  const query = `limit=200&sourceId=${String(sourceId)}&targetId=${String(targetId)}`;
  const [mapping] = await okta.list<Mapping>(`/mappings?${query}`);
  if (!mapping)
    throw new Error(`Okta has no profile mapping from ${String(sourceId)} to ${String(targetId)}.`);
  return await get(okta, mapping.id);
}

function get(okta: OktaClient, id: string): Promise<Mapping> {
  return okta.get<Mapping>(`/mappings/${id}`);
}

async function change(okta: OktaClient, id: string, wanted: Entry[], dropped: Entry[] = []): Promise<void> {
  const properties = {
    ...Object.fromEntries(dropped.map((entry) => [entry.id, null])),
    ...Object.fromEntries(
      wanted.map(({ id: key, expression, pushStatus }) => [key, { expression, pushStatus }]),
    ),
  };
  if (Object.keys(properties).length === 0) return;
  await okta.send("POST", `/mappings/${id}`, { id, properties }, { repeatable: true });
}

function entriesOf({ mappings }: PropertyMap): Entry[] {
  return (mappings ?? []) as unknown as Entry[];
}

function outputs({ source, target, properties }: Mapping, known: PropertyMap): PropertyMap {
  const mappings = entriesOf(known).flatMap(({ id }) => {
    const found = properties[id];
    return found ? [{ id, expression: found.expression, pushStatus: found.pushStatus }] : [];
  });
  return {
    sourceId: source.id,
    sourceName: source.name,
    sourceType: source.type,
    targetId: target.id,
    targetName: target.name,
    targetType: target.type,
    mappings,
    ...(known.deleteWhenAbsent !== undefined && { deleteWhenAbsent: known.deleteWhenAbsent }),
  };
}
