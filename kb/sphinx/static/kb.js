// Definitions and notes in place on hover and focus (WCAG 1.4.13: dismissable with Esc, hoverable, persistent), and the
// search's dialog (Ctrl+K, "/", the sidebar's field).
(() => {
  // Colours: as the system has them, or as the reader chose; furo's sheet does the rest.
  const page = document.documentElement;
  page.classList.remove("no-js");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  for (const button of document.querySelectorAll(".theme-toggle")) {
    button.addEventListener("click", () => {
      const order = dark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
      const next = order[(order.indexOf(document.body.dataset.theme) + 1) % 3];
      document.body.dataset.theme = next;
      localStorage.setItem("theme", next);
    });
  }

  // Scrolled: the way back up when a reader turns round, and the section in view in the list of contents.
  let before = scrollY;
  addEventListener("scroll", () => {
    if (Math.abs(scrollY - before) < 8) return;
    page.classList.toggle("show-back-to-top", scrollY < before && scrollY > 64);
    before = scrollY;
  }, { passive: true });
  const contents = new Map([...document.querySelectorAll(".toc-tree a[href^='#']")].map((link) => [link.hash.slice(1), link.parentElement]));
  const inView = new IntersectionObserver((entries) => {
    const entry = entries.filter((one) => one.isIntersecting).pop();
    if (!entry) return;
    for (const [id, item] of contents) item.classList.toggle("scroll-current", id === entry.target.id);
  }, { rootMargin: "0px 0px -70% 0px" });
  for (const heading of document.querySelectorAll("article section[id]")) if (contents.has(encodeURIComponent(heading.id)) || contents.has(heading.id)) inView.observe(heading);

  // Pages are not rebuilt everywhere every day: whether a review is overdue is told by the reader's own clock.
  for (const mark of document.querySelectorAll("[data-due]")) {
    if (mark.dataset.due < new Date().toISOString().slice(0, 10)) mark.textContent = _("(overdue)");
  }

  // One box for all: a definition stands at the end of the page, a note right behind its mark, so that Tab reaches its links.
  const tip = document.createElement("span");
  tip.id = "kb-tip";
  tip.hidden = true;
  document.body.append(tip);
  let shown = null;
  let timer = 0;

  const hide = () => { tip.hidden = true; shown = null; };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (!tip.contains(document.activeElement)) hide(); }, 200);
  };
  const note = (mark) => {
    const found = document.getElementById(mark.hash.slice(1));
    const lines = [...found?.querySelectorAll(":scope > p") ?? []].map((line) => {
      const copy = document.createElement("span");
      copy.append(...line.cloneNode(true).childNodes);
      for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
      return copy;
    });
    const all = document.createElement("a");
    all.href = mark.hash;
    all.textContent = _("Note {0}").replace("{0}", mark.textContent);
    all.addEventListener("click", hide);
    return lines.length ? [...lines, all] : [];
  };
  const show = (link) => {
    clearTimeout(timer);
    if (shown === link) return;
    const definition = document.getElementById(link.getAttribute("aria-describedby"));
    const content = definition ? [definition.textContent] : note(link);
    if (!content.length) return;
    tip.replaceChildren(...content);
    tip.setAttribute("role", definition ? "tooltip" : "note");
    if (definition) document.body.append(tip);
    else link.after(tip);
    tip.hidden = false;
    shown = link;
    tip.style.left = tip.style.top = "0";
    const box = link.getBoundingClientRect();
    const at = tip.getBoundingClientRect();
    const left = Math.max(16, Math.min(box.left, document.documentElement.clientWidth - at.width - 16));
    const below = box.bottom + at.height + 8 < document.documentElement.clientHeight;
    tip.style.left = `${left - at.left}px`;
    tip.style.top = `${(below ? box.bottom + 4 : box.top - at.height - 4) - at.top}px`;
  };

  for (const link of document.querySelectorAll("a.kb-term[aria-describedby], a.footnote-reference")) {
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("mouseleave", later);
    link.addEventListener("blur", later);
    if (link.classList.contains("footnote-reference")) {
      link.addEventListener("click", (event) => { // also a tap, and Enter
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        show(link);
        if (shown === link) event.preventDefault();
      });
    }
  }
  tip.addEventListener("mouseenter", () => clearTimeout(timer));
  tip.addEventListener("mouseleave", later);
  tip.addEventListener("focusout", later);
  document.addEventListener("click", (event) => { if (shown && !shown.contains(event.target) && !tip.contains(event.target)) hide(); });

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
    const field = node("input", { type: "search", name: "q", "aria-label": _("Search"), autocomplete: "off", spellcheck: "false", dir: "auto" });
    const close = node("button", { type: "button" }, _("Close"));
    const form = node("form", { role: "search", method: "get", action: new URL("search.html", root).href }, field, close);
    const summary = node("p", { role: "status" });
    const notice = node("p", { class: "kb-notice", hidden: "" });
    const list = node("ol", { class: "kb-results", "aria-label": _("Results") });
    const more = node("p", { hidden: "" });
    const empty = node("div", { class: "kb-empty", hidden: "" });
    const help = node("p", { class: "kb-help" }, _("Arrow keys go through the results, Enter in the field shows all of them with filters."));
    const dialog = node("dialog", { id: "kb-dialog", "aria-label": _("Search") }, form, summary, notice, list, empty, more, help);
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
  if (side && matchMedia("(pointer: fine)").matches) side.placeholder += " ( / )"; // a finger has no such key
  side?.addEventListener("click", () => search());
  document.querySelector(".kb-find")?.addEventListener("click", (event) => {
    event.preventDefault();
    search();
  });
  side?.addEventListener("input", () => {
    const text = side.value;
    side.value = "";
    search(text);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) {
      if (tip.contains(document.activeElement)) shown.focus();
      hide();
      return;
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (slash || control) {
      event.preventDefault();
      search();
    }
  });
})();
