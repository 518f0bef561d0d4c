
"use strict";
// Sorting and filtering of tables, and the current page in sight where the list of pages is wider
// than the window; every page reads the same without it.
const pages = document.querySelector(".top nav ul");
const here = pages?.querySelector("[aria-current]");
if (here) pages.scrollLeft = here.offsetLeft + here.offsetWidth + 30 - pages.clientWidth;
// An id leads to its story where the reports are served; on a disk there is nothing to lead to.
if (location.protocol === "file:")
  for (const id of document.querySelectorAll("a.story")) id.removeAttribute("href");
// What a link leads to may be folded away.
const sought = location.hash && document.getElementById(location.hash.slice(1));
const fold = sought && sought.closest("details");
if (fold) {
  fold.open = true;
  sought.scrollIntoView();
}
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells], rows = [...body.rows];
  const key = (row, at) => row.cells[at].dataset.sort ?? row.cells[at].textContent.trim();
  heads.forEach((head, at) => {
    if (head.dataset.sort === "no") return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    // A head that is repeated on every printed page loses its buttons' text.
    addEventListener("beforeprint", () => head.replaceChildren(...button.childNodes));
    addEventListener("afterprint", () => {
      button.append(...head.childNodes);
      head.append(button);
    });
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const isNumber = head.classList.contains("num");
      const order = (one, two) => {
        const a = key(one, at), b = key(two, at);
        if (a === "" || b === "") return (a === "") - (b === "");
        const by = isNumber ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
        return up ? by : -by;
      };
      body.append(...[...rows].sort(order));
    });
  });
  if (rows.length < 20) continue;
  const box = document.createElement("p"), label = document.createElement("label");
  const input = document.createElement("input"), told = document.createElement("output");
  const rest = document.createElement("span");
  box.className = "filter";
  input.type = "search";
  input.placeholder = table.dataset.filter;
  const name = document.createElement("span");
  name.className = "sr";
  name.textContent = table.dataset.filter + ": " + table.caption.textContent.trim();
  label.append(name, input);
  box.append(label, told, rest);
  // Rows that are not on the page are not looked at: it says so, and where they are.
  rest.className = "rest";
  rest.hidden = true;
  if (table.dataset.rest) rest.append(table.dataset.rest);
  if (table.dataset.csv) {
    const file = document.createElement("a");
    file.href = file.textContent = table.dataset.csv;
    rest.append(": ", file);
  }
  table.parentElement.before(box);
  input.addEventListener("input", () => {
    const sought = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(sought);
      shown += row.hidden ? 0 : 1;
    }
    told.textContent = sought ? shown + " / " + rows.length : "";
    rest.hidden = !sought || !table.dataset.rest;
  });
}
