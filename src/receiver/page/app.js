import { session, tenantApi, tenants } from "./api.js";
import { byId, counted, element } from "./dom.js";
import { faultTable } from "./faults.js";
import { journalTable } from "./journal.js";
import { openProduct } from "./product.js";
import { groups, users } from "./resources.js";

const tabs = [...document.querySelectorAll("[role=tab]")];
const tables = { users: users(), groups: groups(), journal: journalTable(), faults: faultTable() };
let known = [];
let api;
let current = "users";
let refreshTimer;

function choose(tab, focus = true) {
  current = tab.id.replace("tab-", "");
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    byId(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (focus) tab.focus();
  refresh();
}

/** Brings the open section up to date. */
function refresh() {
  if (!api) return;
  if (current === "product") void openProduct(api);
  else void tables[current].refresh?.();
}

/** Many requests in a row refresh the tables once a second, not once each. */
function arrived(entry) {
  if (refreshTimer !== undefined) return;
  refreshTimer = setTimeout(async () => {
    refreshTimer = undefined;
    await describe();
    if (entry.method !== "GET" || entry.fault) refresh();
  }, 1000);
}

async function describe() {
  known = await tenants();
  const tenant = known.find(({ name }) => name === byId("tenant").value);
  if (!tenant) return;
  byId("facts").textContent =
    `${tenant.baseUrl} speaks ${tenant.dialect}: ${counted(tenant.users, "user")}, ${counted(tenant.groups, "group")}`;
}

async function openTenant() {
  const tenant = known.find(({ name }) => name === byId("tenant").value);
  api = tenantApi(tenant);
  await describe();
  await Promise.all([
    tables.users.open(api),
    tables.groups.open(api),
    tables.journal.open(api, arrived),
    tables.faults.open(api),
    current === "product" && openProduct(api),
  ]);
}

async function signIn() {
  try {
    known = await tenants();
  } catch (error) {
    session.token = "";
    byId("sign-in-error").textContent = error.message;
    return;
  }
  byId("tenant").replaceChildren(
    ...known.map(({ name }) => element("option", { value: name, textContent: name })),
  );
  for (const id of ["tenant-field", "sign-out", "main"]) byId(id).hidden = false;
  byId("sign-in").hidden = true;
  choose(tabs[0]);
  await openTenant();
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("sign-in-error").textContent = "";
  session.token = byId("token").value.trim();
  byId("token").value = "";
  void signIn();
});
byId("sign-out").addEventListener("click", () => {
  session.token = "";
  location.reload();
});
byId("tenant").addEventListener("change", openTenant);
for (const tab of tabs) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) choose(tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]);
  });
}
document.addEventListener("keydown", (event) => {
  const search = byId(`panel-${current}`)?.querySelector("input[type=search]");
  const typing = /^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
  if (event.key !== "/" || typing || !search) return;
  event.preventDefault();
  search.focus();
});

if (session.token !== "") void signIn();
