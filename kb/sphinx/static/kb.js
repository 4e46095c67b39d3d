// Names for landmarks, definitions of linked names on hover and focus (WCAG 1.4.13: dismissable with Esc, hoverable, persistent),
// and the search's dialog (Ctrl+K, "/", the sidebar's field).
(() => {
  // furo leaves its two asides without names; screen readers list them alike.
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Site navigation");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");

  // Pages are not rebuilt everywhere every day: whether a review is overdue is told by the reader's own clock.
  for (const mark of document.querySelectorAll("[data-due]")) {
    if (mark.dataset.due < new Date().toISOString().slice(0, 10)) mark.textContent = " (overdue)";
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

  // The search: its dialog stands at once, so that no key is lost; what answers is loaded when it is opened.
  const root = new URL(document.documentElement.dataset.content_root, location.href);
  let loaded = null;
  const load = () => {
    loaded ??= location.protocol !== "file:" ? import(new URL("_static/search.js", root).href) : new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL("search-index.js", root).href;
      script.onload = () => done(globalThis.kbSearch);
      script.onerror = failed;
      document.head.append(script);
    });
    return loaded;
  };
  const own = document.querySelector("#kb-query");
  if (own && location.protocol === "file:") load().then((search) => search.page()); // elsewhere search-page.js does it

  let box = null;
  const build = () => {
    const node = (name, attributes, ...content) => {
      const made = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.append(...content);
      return made;
    };
    const field = node("input", { type: "search", name: "q", "aria-label": "Search", autocomplete: "off", spellcheck: "false", dir: "auto" });
    const close = node("button", { type: "button" }, "Close");
    const form = node("form", { role: "search", method: "get", action: new URL("search.html", root).href }, field, close);
    const summary = node("p", { role: "status" });
    const notice = node("p", { class: "kb-notice", hidden: "" });
    const list = node("ol", { class: "kb-results", "aria-label": "Results" });
    const more = node("p", { hidden: "" });
    const empty = node("div", { class: "kb-empty", hidden: "" });
    const help = node("p", { class: "kb-help" }, "Arrow keys go through the results, Enter in the field shows all of them with filters.");
    const dialog = node("dialog", { id: "kb-dialog", "aria-label": "Search" }, form, summary, notice, list, empty, more, help);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => { // a search field would take the key to be emptied
      if (event.key === "Escape") { event.preventDefault(); dialog.close(); }
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
    load().then((search) => search.dialog({ field, summary, notice, list, more, empty }));
    return { dialog, field };
  };
  const search = (text = "") => {
    if (own) { own.focus(); own.select(); return; }
    box ??= build();
    if (!box.dialog.open) box.dialog.showModal();
    box.field.focus();
    if (text) {
      box.field.value = text;
      box.field.dispatchEvent(new Event("input", { bubbles: true }));
    } else box.field.select();
  };
  const side = document.querySelector(".sidebar-search");
  side?.addEventListener("click", () => search());
  side?.addEventListener("input", () => {
    const text = side.value;
    side.value = "";
    search(text);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) { hide(); return; }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (slash || control) {
      event.preventDefault();
      search();
    }
  });
})();
