// The status board sorts and filters; without this script it is complete and in the order of names.
for (const board of document.querySelectorAll("table.kb-board")) {
  const rows = [...board.tBodies[0].rows];
  const text = (row, column) => row.cells[column].textContent.trim();
  const heads = [...board.tHead.rows[0].cells];
  const bar = document.querySelector(".kb-for-board");
  const chosen = new Map();
  const show = () => {
    for (const row of rows) row.hidden = [...chosen].some(([column, value]) => value && text(row, column) !== value);
  };
  heads.forEach((head, column) => {
    const words = head.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    (head.querySelector("p") ?? head).replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort((one, other) => (down ? -1 : 1) * text(one, column).localeCompare(text(other, column)));
      board.tBodies[0].append(...rows);
    });
    if (![1, 2, 3].includes(column)) return; // kind, topic, status
    const label = document.createElement("label");
    const select = document.createElement("select");
    for (const value of ["", ...new Set(rows.map((row) => text(row, column)).sort())]) {
      select.append(new Option(value || _("all"), value));
    }
    select.addEventListener("change", () => { chosen.set(column, select.value); show(); });
    label.append(`${words} `, select);
    bar.append(label);
  });
}
