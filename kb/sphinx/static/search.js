// The search page: reads ?q=, asks Pagefind, lists one page an item, its matching sections below.
const base = new URL("../", import.meta.url);
const field = document.querySelector("#kb-query");
const list = document.querySelector("#search-results");
const summary = document.querySelector("#search-summary");
const PAGES = 20;
const STOP = new Set(("a an and are as at be by did do does for from has have how in is it's of on or the their there " +
  "to was were what when where which who why will with").split(" "));

let engine;
const load = async () => {
  if (!engine) {
    engine = await import(new URL("pagefind/pagefind.js", base).href);
    await engine.options({ baseUrl: base.pathname, ranking: { metaWeights: { title: 5, names: 7, about: 2 } } });
  }
  return engine;
};

// All words first; when that finds little, the words that carry meaning, one by one, weighted by rarity.
const find = async (query) => {
  const pagefind = await load();
  const scores = new Map();
  const hits = new Map();
  const add = (results, weight) => results.slice(0, 30).forEach((result, place) => {
    hits.set(result.id, hits.get(result.id) ?? result);
    scores.set(result.id, (scores.get(result.id) ?? 0) + weight / (5 + place));
  });
  const all = (await pagefind.search(query)).results;
  add(all, 6);
  const words = query.split(/\s+/).filter(Boolean);
  if (all.length < 5 && words.length > 1) {
    const kept = words.filter((word) => !STOP.has(word.toLowerCase().replace(/[^\p{L}\p{N}@]/gu, "")));
    for (const word of kept.length ? kept : words) {
      const { results } = await pagefind.search(word);
      add(results, Math.log(1 + 400 / (1 + results.length)));
    }
  }
  return [...hits.values()].sort((one, other) => scores.get(other.id) - scores.get(one.id));
};

const excerpt = (html) => {
  const paragraph = document.createElement("p");
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const node of parsed.body.childNodes) {
    const mark = node.nodeName === "MARK" ? document.createElement("mark") : null;
    if (mark) { mark.textContent = node.textContent; paragraph.append(mark); } else paragraph.append(node.textContent);
  }
  paragraph.dir = "auto";
  return paragraph;
};

const link = (href, text, name) => {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = text;
  if (name) anchor.className = name;
  return anchor;
};

const item = (data) => {
  const row = document.createElement("li");
  row.append(link(data.url, data.meta.title, "kb-hit"));
  const about = document.createElement("p");
  about.className = "kb-kind";
  about.textContent = data.meta.about ?? "";
  row.append(about, excerpt(data.excerpt));
  const sections = data.sub_results.filter((part) => part.url.includes("#") && part.title !== data.meta.title).slice(0, 3);
  if (sections.length) {
    const inner = document.createElement("ul");
    for (const part of sections) {
      const line = document.createElement("li");
      line.append(link(part.url, part.title));
      inner.append(line);
    }
    row.append(inner);
  }
  return row;
};

let turn = 0;
const run = async (query) => {
  const mine = ++turn;
  if (!query.trim()) { list.replaceChildren(); summary.textContent = ""; return; }
  let rows = [];
  try {
    const results = (await find(query)).slice(0, PAGES);
    rows = (await Promise.all(results.map((result) => result.data()))).map(item);
  } catch (error) {
    if (mine === turn) summary.textContent = "The search could not be loaded. Reload the page to try again.";
    throw error;
  }
  if (mine !== turn) return;
  list.replaceChildren(...rows);
  summary.textContent = rows.length ? `${rows.length}${rows.length === PAGES ? " or more" : ""} pages for “${query}”`
    : `Nothing was found for “${query}”. Try other words, or look in the glossary.`;
};

const asked = () => new URLSearchParams(location.search).get("q") ?? "";
let timer = 0;
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const url = new URL(location.href);
    url.searchParams.set("q", field.value);
    history.replaceState(null, "", url);
    run(field.value);
  }, 200);
});
field.form.addEventListener("submit", (event) => { event.preventDefault(); run(field.value); });
addEventListener("popstate", () => { field.value = asked(); run(field.value); });
field.value = asked();
run(field.value);
if (!field.value) field.focus();
