"use strict";
// Tables can be sorted by a click on a heading: figures by size, words by letter. Rows of sums at
// the end of a table and notes under a row would lose their sense, so such tables are left alone.
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const firsts = rows.map((row) => row.cells[0].textContent);
  const fixed = firsts.some((text) => /^(\s|All teams$|New money$)/.test(text));
  if (rows.length < 3 || fixed) continue;
  const size = (text) => {
    const digits = text.replace(/[£,+≤\s]/g, "").replace("−", "-").match(/^-?\d+(\.\d+)?/);
    return digits ? Number(digits[0]) : null;
  };
  Array.from(table.tHead.rows[0].cells).forEach((cell, column) => {
    if (!cell.textContent) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    cell.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = cell.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", up ? "ascending" : "descending");
      const text = (row) => row.cells[column].textContent;
      const order = (one, other) => {
        const a = size(text(one)), b = size(text(other));
        if (a === null && b === null) return text(one).localeCompare(text(other));
        if (a === null || b === null) return a === null ? 1 : -1;
        return a - b;
      };
      rows.sort((one, other) => (up ? 1 : -1) * order(one, other));
      body.append(...rows);
    });
  });
}
