// scimmy-routers over a Map, its handlers filtering with `filter.match` as its documentation shows for a fair comparison.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const seeds = Number(process.argv[2] ?? 0);

function handlers(resource) {
  const store = new Map();
  resource
    .ingress((request, instance) => {
      const id = request.id ?? randomUUID();
      const now = new Date().toISOString();
      const created = store.get(id)?.meta.created ?? now;
      const value = { ...JSON.parse(JSON.stringify(instance)), id, meta: { created, lastModified: now } };
      const name = value.userName;
      if (!request.id && name !== undefined && names.has(name)) {
        throw new SCIMMY.Types.Error(409, "uniqueness", "taken");
      }
      if (name !== undefined) names.add(name);
      store.set(id, value);
      return value;
    })
    .egress((request) => {
      if (request.id) {
        const found = store.get(request.id);
        if (!found) throw new SCIMMY.Types.Error(404, null, "not found");
        return found;
      }
      const all = [...store.values()];
      return request.filter ? request.filter.match(all) : all;
    })
    .degress((request) => {
      store.delete(request.id);
    });
  return store;
}

const names = new Set();
const users = handlers(SCIMMY.Resources.declare(SCIMMY.Resources.User));
handlers(SCIMMY.Resources.declare(SCIMMY.Resources.Group));
for (let n = 0; n < seeds; n++) {
  const userName = `seed${n}@acme.com`;
  names.add(userName);
  users.set(`seed-${n}`, {
    id: `seed-${n}`,
    userName,
    displayName: `Seed ${n}`,
    externalId: `external-${n}`,
    active: true,
    meta: { created: "2026-01-01T00:00:00Z", lastModified: "2026-01-01T00:00:00Z" },
    emails: [{ type: "work", value: userName, primary: true }],
  });
}
const app = express();
app.use("/scim/v2", new SCIMMYRouters({ type: "bearer", handler: () => "benchmark" }));
const server = app.listen(0, "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}/scim/v2`),
);
