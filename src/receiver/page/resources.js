import { afterTyping, byId, cell, choosableRow, code, counted, element, emptyRow } from "./dom.js";

const PAGE = 50;

/** A searchable, paged table of users or groups with a detail beside it. */
export function resourceTable(kind, { type, attributes, search, row, detail }) {
  const at = (name) => byId(`${kind}-${name}`);
  let api;
  let start = 1;
  let total = 0;
  let pending;

  async function load() {
    pending?.abort();
    pending = new AbortController();
    const text = at("search").value.trim();
    const parameters = { startIndex: start, count: PAGE, attributes };
    if (text !== "") parameters.filter = search(JSON.stringify(text));
    try {
      const list = await api.list(type, parameters, pending.signal);
      total = list.totalResults;
      const rows = list.Resources.map((resource) => choosableRow(row(resource), () => show(resource.id)));
      const columns = at("rows").closest("table").querySelectorAll("th").length;
      const nothing = text === "" ? `No ${kind}s have arrived yet.` : `No ${kind} matches.`;
      at("rows").replaceChildren(...(rows.length > 0 ? rows : [emptyRow(columns, nothing)]));
      at("count").textContent = counted(total, kind);
      at("page").textContent = total === 0 ? "" : `${start} to ${start + rows.length - 1}`;
      at("previous").disabled = start === 1;
      at("next").disabled = start + PAGE > total;
    } catch (error) {
      if (error.name !== "AbortError") at("count").textContent = error.message;
    }
  }

  async function show(id) {
    try {
      at("detail").replaceChildren(...detail(await api.read(type, id)));
    } catch (error) {
      at("detail").replaceChildren(element("p", { className: "error", textContent: error.message }));
    }
  }

  afterTyping(at("search"), () => {
    start = 1;
    void load();
  });
  at("previous").addEventListener("click", () => {
    start = Math.max(1, start - PAGE);
    void load();
  });
  at("next").addEventListener("click", () => {
    start += PAGE;
    void load();
  });
  return {
    open(tenantApi) {
      api = tenantApi;
      start = 1;
      return load();
    },
    refresh: load,
  };
}

const names = (list, key) => (list ?? []).map((item) => item[key] ?? item.value).join(", ");

export const users = () =>
  resourceTable("user", {
    type: "Users",
    attributes: "userName,displayName,active,roles",
    search: (text) => `userName co ${text} or displayName co ${text}`,
    row: (user) => [
      cell(user.userName),
      cell(user.displayName),
      cell(user.active === false ? "no" : "yes", user.active === false ? "refused" : ""),
      cell(names(user.roles, "value")),
    ],
    detail: (user) => [
      element("h3", { textContent: user.userName }),
      element("p", { textContent: `Groups: ${names(user.groups, "display") || "none"}` }),
      code(user),
    ],
  });

const SHOWN_MEMBERS = 500;

export const groups = () =>
  resourceTable("group", {
    type: "Groups",
    attributes: "displayName,externalId",
    search: (text) => `displayName co ${text}`,
    row: (group) => [cell(group.displayName), cell(group.externalId)],
    detail: (group) => {
      const { members = [], ...rest } = group;
      return [
        element("h3", { textContent: group.displayName }),
        element("p", { textContent: counted(members.length, "member") }),
        code({ ...rest, members: members.slice(0, SHOWN_MEMBERS) }),
      ];
    },
  });
