// The engine of a copy opened from disk, where browsers load neither modules nor WebAssembly: titles, names,
// descriptions and first words of the pages, in one script. It answers as Pagefind does, to the same query layer.
import { fold, prepare, stem, tokens } from "./query.js";

const WEIGHTS = [5, 7, 2, 2, 1]; // title, names, question, description, text
const AROUND = 28; // words of an excerpt

const escape = (text) => text.replace(/[&<>"]/gu, (sign) => `&#${sign.codePointAt(0)};`);

export const small = ({ lists, pages }) => {
  const table = prepare(lists.settings);
  const words = (text) => tokens(fold(text, table)).flatMap((word) => [word.text, ...word.parts]);
  const split = (text) => text.split(/\s+/u).flatMap(words);
  const index = pages.map((row) => {
    const held = new Map();
    WEIGHTS.forEach((weight, field) => {
      for (const word of split(row[field + 3])) held.set(stem(word), (held.get(stem(word)) ?? 0) + weight);
    });
    return held;
  });

  const data = (row, wanted) => {
    const text = row[7].split(" ");
    const hit = (word) => words(word).some((part) => wanted.some((want) => stem(part).startsWith(stem(want))));
    const start = Math.max(0, Math.min(text.findIndex(hit), text.length - AROUND));
    const excerpt = text.slice(start, start + AROUND).map((word) => (hit(word) ? `<mark>${escape(word)}</mark>` : escape(word)));
    const meta = { title: row[3], about: row[6], entry: row[1], status: row[2] };
    return { url: new URL(`${row[0]}.html`, new URL(document.documentElement.dataset.content_root, location.href)).href, meta, excerpt: excerpt.join(" "), sub_results: [] };
  };

  const search = async (text) => {
    const wanted = split(text);
    const whole = text.startsWith('"');
    if (!wanted.length) return [];
    const scores = new Map();
    for (const word of wanted) {
      const root = stem(word);
      const held = index.map((page) => {
        let best = page.get(root) ?? 0;
        if (root.length > 2 && !whole) for (const [own, weight] of page) if (own !== root && own.startsWith(root)) best = Math.max(best, weight * 0.6);
        return best;
      });
      const rare = Math.log(1 + pages.length / (1 + held.filter(Boolean).length));
      held.forEach((weight, at) => scores.set(at, weight && scores.get(at) !== 0 ? (scores.get(at) ?? 0) + weight * rare : 0));
    }
    return [...scores].filter(([, score]) => score).sort((one, other) => other[1] - one[1] || one[0] - other[0])
      .map(([at, score]) => ({ id: pages[at][0], score, data: async () => data(pages[at], wanted) }));
  };

  return { settings: async () => lists.settings, load: async (key) => lists[key], pages: async () => lists.pages, search };
};
