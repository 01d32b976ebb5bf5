import { afterTyping, byId, cell, choosableRow, code, element, emptyRow } from "./dom.js";

const KEPT = 1000;
const SHOWN = 300;

/** The newest requests, live, each with its verdict. */
export function journalTable() {
  let entries = [];
  let stop;
  let drawing = false;

  const shown = () => {
    const text = byId("journal-search").value.trim().toLowerCase();
    const odd = byId("journal-odd").checked;
    return entries.filter((entry) => {
      if (odd && entry.verdict.level === "fine") return false;
      const line = `${entry.method} ${entry.path} ${entry.status} ${entry.verdict.level} ${entry.verdict.text}`;
      return (
        text === "" || line.toLowerCase().includes(text) || decode(entry.path).toLowerCase().includes(text)
      );
    });
  };

  function draw() {
    drawing = false;
    const list = shown();
    const rows = list
      .slice(-SHOWN)
      .reverse()
      .map((entry) => choosableRow(cellsOf(entry), () => show(entry)));
    byId("journal-rows").replaceChildren(
      ...(rows.length > 0
        ? rows
        : [emptyRow(6, entries.length > 0 ? "No request matches." : "No request has come in yet.")]),
    );
    byId("journal-count").textContent = `${list.length} of the newest ${entries.length}`;
  }

  function redraw() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(draw);
  }

  function show(entry) {
    const { request, deviations, error, ...facts } = entry;
    byId("journal-detail").replaceChildren(
      element("h3", { textContent: `${entry.method} ${decode(entry.path)}` }),
      element("p", { className: entry.verdict.level, textContent: entry.verdict.text }),
      ...deviations.map((deviation) =>
        element(
          "p",
          {},
          element("code", { textContent: deviation.code }),
          ` at ${deviation.at}: ${deviation.rule}`,
        ),
      ),
      ...(request === undefined ? [] : [element("h3", { textContent: "Body" }), code(request)]),
      ...(error === undefined ? [] : [element("h3", { textContent: "Answer" }), code(error)]),
      element("h3", { textContent: "Facts" }),
      code(facts),
    );
  }

  async function follow(api, signal, arrived) {
    while (!signal.aborted) {
      try {
        await api.stream(
          signal,
          () => byId("live").classList.add("on"),
          (entry) => {
            entries.push(entry);
            if (entries.length > KEPT) entries = entries.slice(-KEPT);
            redraw();
            arrived(entry);
          },
        );
      } catch {
        // The receiver went away: try again until the tab is closed or the tenant changes.
      }
      byId("live").classList.remove("on");
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }

  afterTyping(byId("journal-search"), redraw);
  byId("journal-odd").addEventListener("change", redraw);
  return {
    /** @param arrived Called for each new entry. */
    async open(api, arrived) {
      stop?.abort();
      stop = new AbortController();
      entries = await api.journal();
      redraw();
      void follow(api, stop.signal, arrived);
    },
    close() {
      stop?.abort();
    },
  };
}

function cellsOf(entry) {
  return [
    cell(entry.seq, "number"),
    cell(new Date(entry.at).toLocaleTimeString(), "number"),
    cell(`${entry.method} ${decode(entry.path)}`, "path"),
    cell(entry.status === 0 ? "dropped" : entry.status, `number ${entry.verdict.level}`),
    cell(entry.ms.toFixed(1), "number"),
    cell(`${entry.verdict.level}${entry.fault ? ` (fault ${entry.fault})` : ""}`, entry.verdict.level),
  ];
}

function decode(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
