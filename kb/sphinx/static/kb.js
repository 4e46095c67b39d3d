// Names for landmarks, definitions of linked names on hover and focus (WCAG 1.4.13: dismissable with Esc, hoverable, persistent),
// and "/" to reach the search field.
(() => {
  // furo leaves its two asides without names; screen readers list them alike.
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Site navigation");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");

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
