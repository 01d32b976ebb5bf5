import { expect, test } from "vitest";
import { entraCycle } from "../../../src/provisioning/entra/cycle.ts";
import { guideInput, person } from "./support/directory.ts";
import { templateSchema, withMapping } from "./support/schema.ts";
import { Target } from "./support/target.ts";

const BADGE = "urn:ietf:params:scim:schemas:extension:acme:2.0:User:badge";

/** A tenant that sends ada's number to an attribute of type Integer. */
function withBadge(employeeId: string) {
  const schema = withMapping(templateSchema(), BADGE, "[employeeId]");
  const definitions = schema.directories[0]?.objects[0]?.attributes ?? [];
  const known = definitions.find(({ name }) => name === "title");
  if (!known) throw new Error("the template's schema has no title");
  definitions.push({ ...known, name: BADGE, type: "Integer" });
  return guideInput({
    schema,
    directory: { users: [person("ada", { employeeId })], groups: [] },
    assignments: [],
    syncAll: true,
  });
}

test("an Integer goes as text, in a create and in a change, and a number that comes back is the same", () => {
  const target = new Target();
  const input = withBadge("1291");
  const { memory } = target.run(entraCycle(input));
  const [created] = target.takeWrites();
  expect(created?.body).toMatchObject({
    "urn:ietf:params:scim:schemas:extension:acme:2.0:User": { badge: "1291" },
  });
  const ada = target.user("ada@contoso.com");
  Object.assign(ada ?? {}, { "urn:ietf:params:scim:schemas:extension:acme:2.0:User": { badge: 1291 } });
  const renamed = { ...input, memory };
  renamed.directory = { users: [person("ada", { employeeId: "1291", jobTitle: "Boss" })], groups: [] };
  const second = target.run(entraCycle(renamed));
  expect(target.takeWrites().map(({ body }) => body)).toMatchObject([
    { Operations: [{ op: "Add", path: "title", value: "Boss" }] },
  ]);
  target.run(entraCycle({ ...withBadge("1292"), memory: second.memory }));
  expect(JSON.stringify(target.takeWrites())).toContain(`{"op":"Replace","path":"${BADGE}","value":"1292"}`);
});
