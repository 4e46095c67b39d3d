// Names for landmarks, definitions of linked names on hover and focus (WCAG 1.4.13: dismissable with Esc, hoverable, persistent),
// and "/" to reach the search field.
(() => {
  // furo leaves its two asides without names; screen readers list them alike.
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Site navigation");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");

  // Pages are not rebuilt everywhere every day: whether a review is overdue is told by the reader's own clock.
  for (const mark of document.querySelectorAll("[data-due]")) {
    if (mark.dataset.due < new Date().toISOString().slice(0, 10)) mark.textContent = " (overdue)";
  }

  // The status board sorts and filters; without this script it is complete and in the order of names.
  for (const board of document.querySelectorAll("table.kb-board")) {
    const rows = [...board.tBodies[0].rows];
    const text = (row, column) => row.cells[column].textContent.trim();
    const heads = [...board.tHead.rows[0].cells];
    const bar = document.createElement("div");
    bar.className = "kb-filters";
    const chosen = new Map();
    const show = () => {
      for (const row of rows) row.hidden = [...chosen].some(([column, value]) => value && text(row, column) !== value);
    };
    heads.forEach((head, column) => {
      const words = head.textContent;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort((one, other) => (down ? -1 : 1) * text(one, column).localeCompare(text(other, column)));
        board.tBodies[0].append(...rows);
      });
      if (!["Kind", "Topic", "Status"].includes(words)) return;
      const label = document.createElement("label");
      const select = document.createElement("select");
      for (const value of ["", ...new Set(rows.map((row) => text(row, column)).sort())]) {
        select.append(new Option(value || "all", value));
      }
      select.addEventListener("change", () => { chosen.set(column, select.value); show(); });
      label.append(`${words} `, select);
      bar.append(label);
    });
    (board.closest(".table-wrapper") ?? board).before(bar);
  }

  const tip = document.createElement("div");
  tip.id = "kb-tip";
  tip.hidden = true;
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);
  let shown = null;
  let timer = 0;

  const hide = () => { tip.hidden = true; shown = null; };
  const later = () => { clearTimeout(timer); timer = setTimeout(hide, 200); };
  const show = (link) => {
    clearTimeout(timer);
    const definition = document.getElementById(link.getAttribute("aria-describedby"));
    if (!definition) return;
    tip.textContent = definition.textContent;
    tip.hidden = false;
    shown = link;
    const box = link.getBoundingClientRect();
    const width = tip.offsetWidth;
    const left = Math.max(16, Math.min(box.left, document.documentElement.clientWidth - width - 16));
    const below = box.bottom + tip.offsetHeight + 8 < document.documentElement.clientHeight;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(below ? box.bottom + 4 : box.top - tip.offsetHeight - 4) + scrollY}px`;
  };

  for (const link of document.querySelectorAll("a.kb-term[aria-describedby]")) {
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("mouseleave", later);
    link.addEventListener("blur", later);
  }
  tip.addEventListener("mouseenter", () => clearTimeout(timer));
  tip.addEventListener("mouseleave", later);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) { hide(); return; }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const field = document.querySelector("#kb-query") ?? document.querySelector(".sidebar-search");
      if (field) { event.preventDefault(); field.focus(); }
    }
  });
})();
