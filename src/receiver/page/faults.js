import { byId, cell, element, emptyRow } from "./dom.js";

/** The rules in force and the form that sets one. */
export function faultTable() {
  const form = byId("fault-form");
  let api;

  async function load() {
    const faults = await api.faults();
    byId("fault-count").textContent = faults.length;
    byId("fault-count").hidden = faults.length === 0;
    byId("fault-rows").replaceChildren(
      ...(faults.length > 0 ? faults.map(rowOf) : [emptyRow(4, "No fault is set.")]),
    );
  }

  function rowOf({ id, hits, tenant: _tenant, ...rule }) {
    const clear = element("button", { type: "button", textContent: "Clear" });
    clear.setAttribute("aria-label", `Clear the fault ${id}`);
    clear.addEventListener("click", async () => {
      await api.clearFault(id);
      await load();
      byId("fault-form").elements.id.focus();
    });
    return element(
      "tr",
      {},
      cell(id),
      cell(JSON.stringify(rule), "path"),
      cell(hits, "number"),
      element("td", {}, clear),
    );
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("fault-error").textContent = "";
    try {
      await api.setFault(form.elements.id.value, ruleOf(new FormData(form)));
      await load();
    } catch (error) {
      byId("fault-error").textContent = error.message;
    }
  });
  form.elements.effect.addEventListener("change", () => {
    const example = { status: "429", delay: "2000", mediaType: "text/html" }[form.elements.effect.value];
    form.elements.value.disabled = example === undefined;
    form.elements.value.value = example ?? "";
  });
  return {
    open(tenantApi) {
      api = tenantApi;
      return load();
    },
    refresh: load,
  };
}

function ruleOf(data) {
  const effect = data.get("effect");
  const value = data.get("value");
  const rule = {
    status: { status: Number(value) },
    delay: { delay: Number(value) },
    "drop-before": { drop: "before" },
    "drop-after": { drop: "after" },
    truncate: { truncate: true },
    mediaType: { mediaType: value },
    ignore: { ignore: true },
  }[effect];
  for (const name of ["method", "path"]) if (data.get(name)) rule[name] = data.get(name);
  for (const name of ["count", "probability"]) if (data.get(name)) rule[name] = Number(data.get(name));
  return rule;
}
