/** Small helpers to write the page. Text is always set as text, never as markup. */

export const byId = (id) => document.getElementById(id);

/** An element with properties and children; strings become text. */
export function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

export const cell = (text, className = "") => element("td", { className, textContent: text ?? "" });

/** A row that can be chosen by mouse, Enter and the arrow keys. */
export function choosableRow(cells, choose) {
  const row = element("tr", { tabIndex: 0 }, ...cells);
  const chosen = () => {
    for (const other of row.parentElement.children) other.removeAttribute("aria-selected");
    row.setAttribute("aria-selected", "true");
    choose();
  };
  row.addEventListener("click", chosen);
  row.addEventListener("keydown", (event) => {
    const sibling = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (event.key === "Enter" || event.key === " ") chosen();
    else if (sibling) sibling.focus();
    else return;
    event.preventDefault();
  });
  return row;
}

export function emptyRow(columns, text) {
  return element("tr", { className: "empty" }, element("td", { colSpan: columns, textContent: text }));
}

export const code = (value) => element("pre", { textContent: JSON.stringify(value, null, 2) });

export const counted = (count, noun) => `${count.toLocaleString()} ${noun}${count === 1 ? "" : "s"}`;

/** Waits until nothing more was typed for a moment. */
export function afterTyping(input, act) {
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(act, 80);
  });
}
