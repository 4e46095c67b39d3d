// The search's interface: the full page and the dialog that any page opens. kb.js loads it when it is wanted.
import { find, fold, nearest, prepare } from "./query.js";

const base = new URL(document.documentElement.dataset.content_root, location.href);
const FIRST = 10; // results at a time, the first of them
const SOON = 5; // as soon as they are there
const KINDS = { topic: _("Questions"), entry: _("Names"), indicator: _("Figures"), article: _("Source articles"), page: _("About the site") };
const filled = (words, ...values) => words.replace(/\{(\d)\}/gu, (sign, at) => values[at]);
const around = (words, ...nodes) => words.split(/\{(\d)\}/u).map((part, at) => (at % 2 ? nodes[part] : part));

// ---- Pagefind's table of pages and of parts of the index, written from our shorter one ---------------------------------

const utf8 = new TextEncoder();
const LAST = "\u{10ffff}"; // no letter comes after it

/** Adds a number, text or list in CBOR to some bytes. */
const cbor = (value, bytes) => {
  const head = (kind, number) => bytes.push((kind << 5) | 26, number >>> 24, number >>> 16, number >>> 8, number);
  if (Array.isArray(value)) {
    head(4, value.length);
    for (const part of value) cbor(part, bytes);
  } else if (typeof value === "number") head(0, value);
  else {
    const text = utf8.encode(value);
    head(3, text.length);
    bytes.push(...text);
  }
};

/** A text after all that come before another, and before that. */
const before = (text) => {
  const letters = [...text];
  const last = letters.pop().codePointAt(0);
  return letters.join("") + String.fromCodePoint(last - 1) + LAST;
};

/** The bytes for Pagefind: which file holds each page, and which the words from one to another. */
export const written = ({ version, engine, fields, lengths, starts }) => {
  const name = (number) => `${version}/${number.toString(16)}`;
  const from = starts.split(" ");
  const parts = from.map((start, number) => [start, number + 1 < from.length ? before(from[number + 1]) : LAST, name(number)]);
  const pages = lengths.map((length, number) => [name(number), length]);
  const bytes = [...utf8.encode("pagefind_dcd")];
  cbor([engine, pages, parts, [], [], fields], bytes);
  return new Uint8Array(bytes);
};

/** Pagefind asks for its table by its own name and gets what is written here. */
const handWritten = () => {
  const { fetch } = globalThis;
  globalThis.fetch = async (address, ...options) => {
    const [table, own] = String(address).split(".pf_meta");
    if (own === undefined) return fetch(address, ...options);
    return new Response(written(await (await fetch(`${table}.json`)).json()));
  };
};

// ---- where lists and hits come from: Pagefind, or the small index of a copy on disk ----------------------------------

const json = async (name) => (await fetch(new URL(`pagefind/lists/${name}.json`, base))).json();

const online = () => {
  let engine;
  const start = async () => {
    handWritten();
    const pagefind = await import(new URL("pagefind/pagefind.js", base).href);
    const metaWeights = { title: 5, names: 7, asks: 2, about: 2, kind: 0, entry: 0, status: 0 };
    await pagefind.options({ noWorker: true, baseUrl: base.pathname, excerptLength: 28, ranking: { metaWeights } });
    await pagefind.init();
    return pagefind;
  };
  return {
    settings: () => json("settings"),
    load: json,
    pages: () => json("pages"),
    search: async (text) => (await (await (engine ??= start())).search(text)).results,
    warm: async (words = []) => {
      const pagefind = await (engine ??= start());
      for (const word of words) pagefind.preload(word);
    },
  };
};

let source;
let table;
export const ready = async () => {
  source ??= globalThis.kbSmall ?? online();
  source.warm?.();
  table ??= source.settings().then(prepare);
  return table;
};

// ---- one result --------------------------------------------------------------------------------------------------------

const make = (name, content, attributes = {}) => {
  const node = document.createElement(name);
  node.append(...[content].flat().filter((part) => part !== undefined && part !== null));
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

/** Text with marks from the index's HTML: nothing else of it becomes an element. */
const marked = (html) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return [...parsed.body.childNodes].map((node) =>
    (node.nodeName === "MARK" ? make("mark", node.textContent) : document.createTextNode(node.textContent)));
};

const matching = (data) => {
  const weigh = (part) => part.locations?.length ?? 0;
  const parts = (data.sub_results ?? []).filter((part) => part.url.includes("#") && part.title !== data.meta.title && weigh(part));
  return parts.sort((one, other) => weigh(other) - weigh(one))[0];
};

const item = ({ url, title, entry, status, about, excerpt, section }) => {
  const row = make("li", make("a", title, { href: url, class: "kb-hit" }));
  if (entry) row.append(" ", make("span", `${entry.replace(/-/gu, " ")}, ${status}`, { class: "kb-badge" }));
  if (about) row.append(make("p", about, { class: "kb-kind" }));
  if (excerpt) row.append(make("p", marked(excerpt), { class: "kb-excerpt", dir: "auto" }));
  if (section) row.append(make("p", around(_("In the section {0}"), make("a", section.title, { href: section.url })), { class: "kb-section" }));
  return row;
};

const known = (page) => item({ ...page, url: new URL(page.url, base).pathname });

const full = async ({ hit, page }) => {
  if (!hit.data) return known(page);
  const data = await hit.data();
  const { title, entry, status, about } = data.meta;
  return item({ url: data.url, title, entry, status, about, excerpt: data.excerpt, section: matching(data) });
};

// ---- a field, its results, and what is said about them ------------------------------------------------------------------

/** Wires a search box. `places`: its nodes; `told(state, how)` is called when what is searched has changed. */
export const box = (places, told = () => {}) => {
  const { field, summary, notice, list, more, empty, filters } = places;
  const state = { query: "", literal: false, kind: "", topic: "" };
  let turn = 0;
  let found = null;
  let groups = null;

  const clear = () => {
    list.replaceChildren();
    for (const node of [notice, more, empty]) { node.replaceChildren(); node.hidden = true; }
    if (filters) filters.hidden = true;
  };

  const chosen = () => found.rows.filter((row) => {
    const [kind, topic] = groups?.get(row.id) ?? [];
    return (!state.kind || kind === state.kind) && (!state.topic || topic === state.topic);
  });

  const show = async (mine, from = 0) => {
    const rows = chosen();
    if (!rows.length) list.replaceChildren();
    let place = from;
    for (const end of [from + SOON, from + FIRST]) {
      for (const waiting of rows.slice(place, end).map(full)) { // each stands as soon as it and those above are there
        const item = await waiting;
        if (mine !== turn) return;
        if (place) list.append(item); else list.replaceChildren(item);
        if (from && place === from) item.querySelector("a").focus();
        place++;
      }
    }
    const left = Math.max(0, rows.length - from - FIRST);
    more.hidden = !left;
    more.replaceChildren(...(left ? [moreButton(mine, from + FIRST, left)] : []));
    const whole = found.rows.length === 1 ? _("{0} page for “{2}”") : _("{0} pages for “{2}”");
    const words = rows.length === found.rows.length ? whole : _("{0} of {1} pages for “{2}”");
    summary.textContent = filled(words, rows.length, found.rows.length, state.query);
  };

  const moreButton = (mine, from, left) => {
    const button = make("button", filled(_("Show {0} more of {1}"), Math.min(left, FIRST), left), { type: "button" });
    button.addEventListener("click", () => show(mine, from));
    return button;
  };

  const say = () => {
    notice.hidden = !(found.changed && found.rows.length);
    if (notice.hidden) return;
    const instead = make("a", filled(_("Search instead for “{0}”"), state.query), { href: address({ ...state, literal: true }) });
    instead.addEventListener("click", (event) => {
      event.preventDefault();
      state.literal = true;
      told(state, "push");
      run();
      field.focus();
    });
    notice.replaceChildren(...around(_("Showing results for {0}. {1}."), make("strong", make("bdi", found.shown)), instead));
  };

  const nothing = () => {
    clear();
    summary.textContent = filled(_("Nothing was found for “{0}”."), state.query);
    const rows = found.near.map((page) => make("li", make("a", page.title, { href: new URL(page.url, base).pathname })));
    empty.hidden = false;
    if (rows.length) empty.append(make("p", _("The nearest names here:")), make("ul", rows));
    const links = [make("a", _("all names"), { href: new URL("glossary/index.html", base).pathname }),
      make("a", _("all topics"), { href: new URL("index.html", base).pathname })];
    empty.append(make("p", around(_("Try other words, or look through {0} or {1}."), ...links)));
    if (found.repository) {
      const title = encodeURIComponent(filled(_("Question: I was looking for: {0}"), state.query.slice(0, 200)));
      const href = `${found.repository.replace(/\/$/u, "")}/issues/new?template=question.yml&title=${title}`;
      empty.append(make("p", make("a", _("Tell us what you were looking for"), { href })));
    }
  };

  const run = async () => {
    const mine = ++turn;
    if (!fold(state.query, { letters: new Map() })) {
      clear();
      summary.textContent = "";
      return;
    }
    try {
      const settings = await ready();
      if ((state.kind || state.topic) && !groups) await count(false);
      const early = (names) => {
        if (mine === turn && names.length && !state.kind && !state.topic) list.replaceChildren(...names.slice(0, 5).map(({ page }) => known(page)));
      };
      const options = { engine: source, load: source.load, table: settings, literal: state.literal, early };
      const result = await find(state.query, options);
      if (mine !== turn) return;
      found = { ...result, repository: settings.repository };
      if (!found.rows.length) {
        const near = await nearest(fold(state.query, settings), options);
        if (mine !== turn) return;
        found.near = near;
        nothing();
        return;
      }
      empty.hidden = true;
      say();
      if (filters) {
        filters.hidden = false;
        if (groups) fill();
      }
      await show(mine);
    } catch (error) {
      if (mine === turn) {
        clear();
        summary.textContent = _("The search could not be loaded. Reload the page to try again.");
      }
      throw error;
    }
  };

  // Filters: the page's kind and topic, with counts; the list of pages is loaded when they are opened.
  const options = (select, name, labels, place) => {
    const counts = new Map();
    for (const row of found.rows) {
      const group = groups.get(row.id) ?? [];
      const other = place ? !state.kind || group[0] === state.kind : !state.topic || group[1] === state.topic;
      if (other) counts.set(group[place], (counts.get(group[place]) ?? 0) + 1);
    }
    const all = [...counts.values()].reduce((one, next) => one + next, 0);
    const values = [...new Set([...counts.keys(), state[name]])].filter((value) => labels(value));
    values.sort((one, next) => (labels(one) < labels(next) ? -1 : 1));
    select.replaceChildren(make("option", filled(_("All ({0})"), all), { value: "" }),
      ...values.map((value) => make("option", `${labels(value)} (${counts.get(value) ?? 0})`, { value })));
    select.value = state[name];
  };
  const fill = () => {
    options(filters.querySelector("[name=kind]"), "kind", (value) => (value ? KINDS[value] ?? value : ""), 0);
    options(filters.querySelector("[name=topic]"), "topic", (value) => groups.titles[value], 1);
  };
  const count = async (render = true) => {
    if (!groups) {
      const pages = await source.pages();
      groups = new Map();
      groups.titles = pages.topics;
      for (const [kind, topic, ids] of pages.groups) for (const id of ids.split(" ")) groups.set(id, [kind, topic]);
    }
    if (render && found) fill();
  };
  filters?.addEventListener("toggle", () => { if (filters.open) count(); });
  filters?.addEventListener("change", async (event) => {
    state[event.target.name] = event.target.value;
    told(state, "push");
    fill();
    await show(turn);
  });

  // Arrows go from the field through the results and back.
  const walk = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...list.querySelectorAll(".kb-hit")];
    const at = stops.indexOf(document.activeElement.closest?.("li")?.querySelector(".kb-hit") ?? document.activeElement);
    if (at < 0) return;
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  };
  field.addEventListener("keydown", walk);
  list.addEventListener("keydown", walk);

  let timer = 0;
  const typed = (how) => {
    clearTimeout(timer);
    const changed = state.query !== field.value;
    if (changed) Object.assign(state, { query: field.value, literal: false, kind: "", topic: "" });
    told(state, how);
    if (changed || how === "push") run();
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(typed, 150, "replace");
  });
  return {
    typed,
    set: (next) => {
      clearTimeout(timer);
      Object.assign(state, next);
      field.value = state.query;
      if (filters && (state.kind || state.topic)) filters.open = true;
      return run();
    },
  };
};

// ---- the page: what is searched stands in the address ------------------------------------------------------------------

const address = ({ query, literal, kind, topic }) => {
  const url = new URL("search.html", base);
  for (const [key, value] of [["q", query], ["as", literal ? "typed" : ""], ["kind", kind], ["topic", topic]]) {
    if (value) url.searchParams.set(key, value);
  }
  return url.href;
};

const asked = () => {
  const given = new URLSearchParams(location.search);
  const get = (key) => given.get(key) ?? "";
  return { query: get("q"), literal: get("as") === "typed", kind: get("kind"), topic: get("topic") };
};

export const page = () => {
  const field = document.querySelector("#kb-query");
  const node = (name) => document.querySelector(`#search-${name}`);
  const places = { field };
  for (const name of ["summary", "notice", "more", "empty", "filters"]) places[name] = node(name);
  places.list = node("results");
  const view = box(places, (state, how) => {
    const url = address(state);
    if (url !== location.href) history[how === "push" ? "pushState" : "replaceState"](null, "", url);
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    view.typed("push");
  });
  addEventListener("popstate", () => view.set(asked()));
  ready();
  view.set(asked());
  if (!field.value) field.focus();
};

export const dialog = (places) => {
  const view = box(places);
  ready();
  view.typed("replace");
  return view;
};
