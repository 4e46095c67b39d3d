// The query layer: what a reader typed becomes a ranked list of pages. Pure functions and no page: the interface hands
// in an engine (search: text -> hits) and a way to load lists; tests hand in their own.

const STOP = "a about am an and any are as at be been being but by can could did do does doing explain explained far for from get gets got had happen happened happens has have how i if in into " +
  "is it's its long many me much my of off on or our real really say should so some still than that the their them then there these they this those to " +
  "tell too up us very was we were what when where which who whom whose why will with would yet you your";
// Share of a query's weight that some page must hold, else nothing was found: of two words, of several; more when a word
// is wholly unknown.
const ENOUGH = [0.5, 0.55];
const ENOUGH_UNKNOWN = 0.6;
const MANY = 3; // among so many known words an unknown one tells no more than they do
const SHOWN = 0.25; // pages that hold less than this share are not listed
const FAINT = [0.28, 0.32]; // likewise, mentions alone: when no page scores more nor is SURE to hold the words, nothing was found
const SURE = 0.65;
const HALF = 4; // so many times a word's rarity is half of the most that a page can score by it
const MENTION = 0.1; // of that, what any mention scores
const TOPICAL = 2; // words of names tell more than others
const TOGETHER = 0.05; // for pages that have all words
const MINOR = 0.5; // pages about the site, and articles that mention everything
const MOST = 6;
const LONGER = 0.3; // a longer word that begins alike
const SHORT = 3; // letters; longer words than these are other words
const FEW = 0.05; // of the pages; a word on fewer is searched by related words too
const RELATED = 0.7;

// ---- folding: two spellings of one word become one -----------------------------------------------------------------

/** The settings as tables. */
export const prepare = (settings) => {
  const table = {
    letters: new Map(Object.entries(settings.letters ?? {})),
    sounds: new Map(Object.entries(settings.sounds ?? {})),
    common: new Set((settings.common ?? "").split(" ").filter(Boolean)),
    keys: new Set((settings.keys ?? "").split(" ")), total: settings.pages ?? 1, repository: settings.repository ?? "",
    minor: new Set((settings.minor ?? "").split(" ")), same: new Map(), related: new Map(), names: new Set(), foreign: new Set(), stop: new Set(STOP.split(" ")), longest: 1,
  };
  for (const word of (settings.stop ?? "").split(" ").filter(Boolean)) table.foreign.add(fold(word, table));
  for (const [spelling, ours] of Object.entries(settings.same ?? {})) {
    const key = fold(spelling, table).replace(/-/gu, " ");
    table.same.set(key, fold(ours, table));
    table.longest = Math.max(table.longest, key.split(" ").length);
  }
  for (const group of settings.related ?? []) {
    const words = group.split(" ");
    for (const word of words) {
      const others = words.filter((other) => other !== word);
      table.related.set(stem(word), [...(table.related.get(stem(word)) ?? []), ...others]);
    }
  }
  for (const spelling of settings.names ?? []) table.names.add(fold(spelling, table));
  return table;
};

/** NFKC, letter variants, lower case, no diacritics; one blank between words. Control and bidi characters go. */
export const fold = (text, table) => {
  const unified = [...text.normalize("NFKC")].map((letter) => table.letters.get(letter) ?? letter).join("");
  return unified.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\s]+/gu, (found) => (/\s/u.test(found) ? " " : "")).trim();
};

const bare = (text) => text.replace(/[^\p{L}\p{N}@]+/gu, " ").trim();

/** The words of a folded text. A compound keeps its parts: "e-commerce" -> {text: "ecommerce", parts: ["e", ...]}. */
export const tokens = (folded) => {
  const found = [];
  for (const [token] of folded.matchAll(/[\p{L}\p{N}]+(?:[-‐‑@'’.,&/][\p{L}\p{N}]+)*/gu)) {
    const name = bare(token); // as it would stand in a name
    if (/^[\p{N}.,]+$/u.test(token)) found.push({ text: token.replace(/,/gu, ""), parts: [], name });
    else {
      const parts = bare(token.replace(/['’]s$/u, "")).split(" ");
      found.push({ text: parts.join(""), parts: parts.length > 1 ? parts : [], name });
    }
  }
  return found.slice(0, 24);
};

// ---- known words ---------------------------------------------------------------------------------------------------

/** A word without its ending, enough to see that "exporters" is "exporter". */
export const stem = (word) => {
  const cut = word.replace(/(?:ies|ied)$/u, "y").replace(/(?:ings|ing|ers|er|ed|es|s|ly|e)$/u, "");
  return cut.length > 2 ? cut : word;
};

const code = (letter) => (/[a-z0-9]/u.test(letter) ? letter : letter === " " ? "-" : `_${letter.codePointAt(0).toString(16)}_`);

/** The list in which a name stands: the one with the longest key that the name begins with. */
export const keyOf = (name, table) => {
  let key = "";
  let found;
  for (const letter of name) {
    key += code(letter);
    if (table.keys.has(key)) found = key;
  }
  return found;
};

const WORD_LETTERS = 2; // by so many letters words are split
const wordKey = (word, table) => keyOf([...word].slice(0, WORD_LETTERS).join(""), table);

const WEIGHTS = [1, 0.8, 0.9]; // an entry's name, a search term, another page's title

/** Shards (as loaded) as one set of lists, or added to one. */
export const merge = (shards, lists = { names: [], groups: [[], [], []], known: new Set(), stems: new Set(), topical: new Set() }) => {
  for (const shard of shards) {
    for (const [name, at, sort] of shard.names) {
      const [id, url, title] = shard.pages[at];
      lists.names.push({ name, weight: WEIGHTS[sort], page: { id, url, title } });
    }
    shard.words.forEach((words, group) => {
      for (const word of words.split(" ")) {
        if (!word) continue;
        lists.groups[group].push(word);
        lists.known.add(word);
        lists.stems.add(stem(word));
        if (!group) lists.topical.add(stem(word));
      }
    });
  }
  return lists;
};

const isNumber = (word) => /\p{N}/u.test(word);

/** Whether a page may hold the word: it is listed, or one with the same stem is. Numbers are never judged. */
export const isKnown = (word, lists) =>
  word.length < 2 || isNumber(word) || word.includes("@") || lists.known.has(word) || lists.known.has(`${word}s`) || lists.stems.has(stem(word));

/** Edits (insert, delete, replace, swap neighbours) between two words, or more than `most`. */
export const distance = (one, other, most = 2) => {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line++) {
    const next = [line];
    let least = line;
    for (let column = 1; column <= other.length; column++) {
      const same = one[line - 1] === other[column - 1];
      let cost = Math.min(row[column] + 1, next[column - 1] + 1, row[column - 1] + (same ? 0 : 1));
      if (line > 1 && column > 1 && one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1]) {
        cost = Math.min(cost, before[column - 2] + 1);
      }
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    [before, row] = [row, next];
  }
  return row[other.length];
};

const allowed = (word) => (word.length < 4 ? 0 : word.length < 7 ? 1 : 2);

/** A listed word of which an unknown one is a longer form: "percentage" -> "percent". */
const shorter = (word, lists) => {
  for (let end = word.length - 1; end >= Math.max(5, word.length - 4); end--) {
    if (lists.known.has(word.slice(0, end))) return word.slice(0, end);
  }
  return null;
};

const letters = (word) => [...word].sort().join("");

const heard = (word) => spoken(word).replace(/(.)\1+/gu, "$1").replace(/e$/u, "");

/** Edits between a word as typed and one that may have been meant, or more than `most`: letters out of order count as
 * one slip, and two words that sound alike may differ in one letter more. */
const slips = (word, candidate, most) => {
  const edits = distance(word, candidate, 2);
  if (edits < 2) return edits;
  if (word.length > 4 && word[0] === candidate[0] && letters(word) === letters(candidate)) return 1;
  const alike = edits === 2 && word.length > 4 && heard(word) === heard(candidate);
  return edits <= most || alike ? edits : most + 2;
};

/** The listed word that an unknown one was meant to be; words of names before others. Numbers are left alone. */
export const repair = (word, lists, table) => {
  const most = isNumber(word) ? 0 : allowed(word);
  let best = null;
  lists.groups.forEach((words, group) => {
    for (const candidate of most ? words : []) {
      if (candidate.length < 4 || (word.length < 5 && group) || (word.length < 7 && group > 1) || table.stop.has(candidate)) continue;
      const edits = slips(word, candidate, most);
      if (edits > Math.max(most, 2)) continue;
      const cost = edits + group * 0.4 + (candidate.length < word.length ? 0.1 : 0) + (candidate[0] === word[0] ? 0 : 0.5);
      if (!best || cost < best.cost) best = { word: candidate, cost };
    }
  });
  return best?.word ?? null;
};

// ---- other scripts: a loan word is found by its consonants ---------------------------------------------------------

/** Consonants of a Latin word as another script's letters would give them. */
export const skeleton = (word) => squeeze(spoken(word));
const spoken = (word) => word.replace(/ph/gu, "f").replace(/(?:ti|si|ssi)on/gu, "sn").replace(/ch/gu, "c\u0001").replace(/[sk]h/gu, (two) => two[0])
    .replace(/th/gu, "t").replace(/gh/gu, "g").replace(/c(?!\u0001)(?=[eiy])/gu, "s").replace(/c(?!\u0001)/gu, "k").replace(/\u0001/gu, "")
    .replace(/g(?=[eiy])/gu, "j").replace(/q/gu, "k").replace(/x/gu, "ks").replace(/w/gu, "v").replace(/[^a-z]/gu, "");
const squeeze = (sounds) => sounds.replace(/(?!^)[vhy]/gu, "").replace(/[aeiou]/gu, "").replace(/(.)\1+/gu, "$1");

/** The same for a word of another script; empty when it is not one. */
export const sound = (word, table) => {
  if (![...word].some((letter) => table.sounds.has(letter))) return "";
  return squeeze([...word].map((letter) => table.sounds.get(letter) ?? (/[a-z]/u.test(letter) ? letter : "")).join(""));
};

const SPELLED = { k: "ckq", s: "sc", j: "jg", f: "fp", v: "vw", z: "zs", g: "g", c: "c" };
/** First letters that a word with these consonants may have in Latin script. */
export const firstLetters = (word, consonants, table) => spelled(consonants[0]) + (table.sounds.has(word[0]) ? "" : "aeiou");
const spelled = (consonant = "") => SPELLED[consonant] ?? consonant;

const byEar = (consonants, word, table, lists) => {
  if (consonants.length < 2) return null;
  const first = firstLetters(word, consonants, table);
  const whole = new Set(lists.names.map(({ name }) => name)); // names are what is written by ear
  let best = null;
  lists.groups.forEach((words, group) => {
    for (const candidate of words) {
      if (!first.includes(candidate[0])) continue;
      const own = skeleton(candidate);
      if (own.length < 2) continue;
      const edits = own === consonants ? 0 : consonants.length > 3 ? distance(own, consonants, 1) : 2;
      const cost = edits * 1.5 + group * 0.5 + Math.abs(candidate.length - word.length) * 0.1 - (whole.has(candidate) ? 0.3 : 0);
      if (edits < 2 && (!best || cost < best.cost)) best = { word: candidate, cost };
    }
  });
  return best?.word ?? null;
};

// ---- what was meant ------------------------------------------------------------------------------------------------

/** Whether a word belongs to another language than the pages' for sure. */
const isForeign = (word, table) => (table.foreign.has(word) && !table.stop.has(word)) || /^\P{ASCII}/u.test(word);

/**
 * Our spellings in place of others: house names always; words of other languages where the word is not one of ours
 * too, or where the rest of the query is in that language.
 */
export const translate = (words, table, lists) => {
  const out = [];
  const other = words.some((word) => isForeign(word.text, table));
  for (let at = 0; at < words.length;) {
    let taken = 0;
    for (let count = Math.min(table.longest, words.length - at); count && !taken; count--) {
      const run = words.slice(at, at + count);
      const key = run.map((word) => (word.parts.length ? word.parts.join(" ") : word.text)).join(" ");
      const ours = table.same.get(key);
      const foreign = ours !== undefined && !table.names.has(key);
      if (ours === undefined || (foreign && count === 1 && !other && lists.known.has(key))) continue;
      for (const text of ours.split(" ")) out.push({ text, parts: [], from: foreign ? key : undefined });
      taken = count;
    }
    if (!taken) out.push(words[at]);
    at += taken || 1;
  }
  return out;
};

const isEmpty = (text, table) => table.stop.has(text) || table.foreign.has(text) || table.common.has(text);

/** Which lists a query needs: those of its words; of words without meaning only where a name may begin with one. */
export const needed = (words, table) => {
  const keys = new Set();
  words.forEach(({ text, parts }, place) => {
    if (isEmpty(text, table) && (place || words.length > 4)) return;
    for (const word of [text, ...parts]) if (word.length > 1 || words.length === 1) keys.add(wordKey(word, table));
    keys.add(keyOf(words.slice(place).map((word) => word.name ?? word.text).join(" "), table));
  });
  keys.delete(undefined);
  return [...keys];
};

/** Further lists for words that nothing is known of: a slip in the first letters (`far`: any), another script. */
export const neededFor = (words, table, lists, far = false) => {
  const keys = new Set();
  for (const { text } of words) {
    const consonants = sound(text, table);
    if (isKnown(text, lists) || isEmpty(text, table) || (!consonants && repair(text, lists, table))) continue;
    const add = (first, second) => {
      for (const key of table.keys) {
        if (key.length <= WORD_LETTERS && first.includes(key[0]) && (!second || second.includes(key[1] ?? ""))) keys.add(key);
      }
    };
    if (consonants) {
      add(firstLetters(text, consonants, table), `aeiouhvwy${spelled(consonants[0])}${spelled(consonants[1])}`);
    } else if (text.length > 3) {
      if (far) add(text[0]);
      else for (const start of [text[1] + text[2], text[1] + text[0], text[0] + text[2]]) keys.add(keyOf(start, table));
    }
  }
  keys.delete(undefined);
  return [...keys];
};

/** The words to look for: repaired unless `literal`, without stop words. `changed` when it is not what was typed. */
export const understand = (words, table, lists, literal = false) => {
  const said = [];
  let changed = false;
  words.forEach((word, place) => {
    const last = place === words.length - 1;
    const isStop = (text) => table.stop.has(text) || table.foreign.has(text);
    const take = (text, extra = {}) => said.push({ text, stop: isStop(text), ...extra });
    if (word.from !== undefined) {
      changed = true;
      take(word.text);
    } else if (isStop(word.text) || table.common.has(word.text) || isKnown(word.text, lists)) take(word.text);
    else if (!literal && table.related.has(stem(word.text))) take(word.text, { related: true });
    else if (word.parts.length && word.parts.every((part) => part.length < 2 || isKnown(part, lists))) {
      for (const part of word.parts) if (part.length > 1) take(part);
    } else if (last && word.text.length > 2 && lists.groups.some((group) => group.some((known) => known.startsWith(word.text)))) {
      take(word.text, { prefix: true });
    } else {
      const consonants = literal ? "" : sound(word.text, table);
      const meant = literal ? null : consonants ? byEar(consonants, word.text, table, lists) : repair(word.text, lists, table);
      if (meant) {
        changed = true;
        take(meant, { repaired: true });
      } else if (!literal && shorter(word.text, lists)) take(shorter(word.text, lists));
      else if (consonants && lists.names.some(({ name }) => name.split(" ").includes(word.text))) take(word.text);
      else take(word.text, { unknown: true });
    }
  });
  const meaning = said.filter((word) => !word.stop);
  const kept = meaning.length ? meaning : said;
  const telling = kept.filter((word) => !table.common.has(word.text));
  const other = words.some((word) => isForeign(word.text, table));
  const shown = (other && changed ? kept : said).map((word) => word.text).join(" ");
  return { words: telling.length ? telling : kept, shown, changed, other };
};

/** Pages whose name was typed: whole, begun, contained in the query, or with a slip. Best first. */
export const named = (folded, meant, lists, words = [], literal = false) => {
  const found = new Map();
  const offer = (row, score) => {
    const old = found.get(row.page.id);
    if (!old || score > old.score) found.set(row.page.id, { page: row.page, score });
  };
  const asked = [...new Set([bare(folded), bare(meant)])].filter(Boolean);
  const most = literal ? 0 : Math.min(2, allowed(asked[0] ?? ""));
  for (const row of lists.names) {
    const { name, weight } = row;
    for (const query of asked) {
      if (name === query) offer(row, weight);
      else if (query.length > 1 && name.startsWith(query)) offer(row, weight * (0.4 + 0.5 * query.length / name.length));
      else if (` ${query} `.includes(` ${name} `)) {
        const share = name.split(" ").length / Math.max(1, words.length);
        if (name.length > 1) offer(row, weight * (0.3 + 0.4 * Math.min(1, share)));
      } else if (query.length > 3 && most && !isNumber(query)) {
        const edits = distance(name, query, most);
        if (edits <= most) offer(row, weight * (0.9 - 0.2 * edits));
      }
    }
  }
  return [...found.values()].sort((one, other) => other.score - one.score || (one.page.title < other.page.title ? -1 : 1));
};

// ---- ranking -------------------------------------------------------------------------------------------------------

const rarity = (hits, total) => Math.log(1 + total / (1 + hits));

/** How strongly a page holds a word, below 1: little for a mention, most where title or names have it. */
const strength = (hit, rare) => (hit.score / rare) / (hit.score / rare + HALF);

/**
 * One list from several: hits for each word weighted by its rarity, hits for all words, pages named.
 * `all` and each `of[n]` are hits {id, score}, `part` of a hit when it is not the word itself; a word without hits
 * weighs as much as the rarest, a `topical` one more. Pages of `minor` come after others that hold as much.
 */
export const fuse = (words, all, of, names, { total, minor }, other = false) => {
  const pages = new Map();
  const page = (hit) => {
    if (!pages.has(hit.id)) pages.set(hit.id, { id: hit.id, hit, score: 0, held: 0 });
    return pages.get(hit.id);
  };
  const shares = (weights) => weights.map((weight) => weight / (weights.reduce((one, next) => one + next, 0) || 1));
  const rare = of.map((hits) => rarity(hits.length, total));
  const plain = words.map((word, number) => (word.unknown && other ? 1 : rare[number]));
  const told = shares(plain);
  const weighed = shares(plain.map((weight, number) => weight * (words[number].topical ? TOPICAL : 1)));
  words.forEach((word, number) => {
    for (const hit of of[number]) {
      const row = page(hit);
      row.held += told[number] * (hit.part ?? 1);
      row.score += weighed[number] * (hit.part ?? 1) * (MENTION + (1 - MENTION) * strength(hit, rare[number]));
    }
  });
  for (const hit of all) {
    const row = page(hit);
    row.score += TOGETHER * row.held * hit.score / all[0].score;
    row.hit = hit;
  }
  for (const row of pages.values()) if (minor.has(row.id)) row.score *= MINOR;
  const most = (field) => Math.max(0, ...[...pages.values()].map((row) => row[field]));
  const unknown = words.some((word) => word.unknown);
  const known = words.filter((word) => !word.unknown && !word.repaired).length;
  const several = Number(words.length > 2);
  const enough = unknown && known < MANY ? ENOUGH_UNKNOWN : ENOUGH[several];
  const found = most("held") >= enough && (words.length < 2 || most("score") >= FAINT[several] || most("held") >= SURE);
  for (const { page: known, score } of names) {
    const row = page({ id: known.id, score: 0 });
    row.page = known;
    row.score += score;
    row.named = score;
  }
  return [...pages.values()].filter((row) => row.named >= 0.3 || (found && row.held >= SHOWN))
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1));
};

/**
 * Hits of a word, whole: the engine finds longer words that begin alike too, which count less, or not at all for a
 * short one. A word with few pages is searched by related words as well.
 */
const hitsOf = async (word, engine, table, literal) => {
  const whole = async (text, worth) => {
    const [hits, exact] = await Promise.all([engine.search(text), engine.search(`"${text}"`)]);
    const ids = new Set(exact.map(({ id }) => id));
    const kept = hits.filter(({ id }) => ids.has(id) || text.length > SHORT);
    return kept.map((hit) => ({ id: hit.id, score: hit.score, part: worth * (ids.has(hit.id) ? 1 : LONGER), data: () => hit.data() }));
  };
  if (word.prefix) return engine.search(word.text);
  const own = word.related ? [] : await whole(word.text, 1);
  if (literal || own.length >= FEW * table.total) return own;
  const others = await Promise.all((table.related.get(stem(word.text)) ?? []).map((text) => whole(text, RELATED)));
  const best = new Map();
  for (const hit of [own, ...others].flat()) {
    const old = best.get(hit.id);
    if (!old || old.part * old.score < hit.part * hit.score) best.set(hit.id, hit);
  }
  return [...best.values()];
};

/** The words of a question without those of many pages where they are more than MOST: each has its part of the index. */
export const fewer = (words, lists) => {
  const often = new Set(lists.groups[1]);
  let spare = words.length - MOST;
  return words.filter(({ text }) => !(spare > 0 && often.has(text) && spare--));
};

/**
 * The whole way. `engine.search(text)` gives hits, `load(key)` a list; `early` is told the named pages before the
 * index has answered. With `literal` nothing is repaired.
 */
export const find = async (query, { engine, load, table, literal = false, early = () => {} }) => {
  const folded = fold(query.slice(0, 400), table);
  const typed = tokens(folded);
  if (!typed.length) return { rows: [], shown: "", changed: false, names: [] };
  const lists = merge([]);
  const seen = new Set();
  const bring = async (keys) => {
    const fresh = keys.filter((key) => !seen.has(key));
    fresh.forEach((key) => seen.add(key));
    merge(await Promise.all(fresh.map((key) => load(`of-${key}`))), lists);
  };
  engine.warm?.(typed.map((word) => word.text).filter((text) => !table.stop.has(text) && !table.common.has(text)).slice(0, 4));
  await bring(needed(typed, table));
  const words = literal ? typed : translate(typed, table, lists);
  await bring(needed(words, table));
  if (!literal) {
    await bring(neededFor(words, table, lists));
    await bring(neededFor(words, table, lists, true));
  }
  const meant = understand(words, table, lists, literal);
  if (meant.changed) await bring(needed(tokens(meant.shown), table));
  const names = named(folded, meant.shown, lists, meant.words, literal);
  early(names);
  meant.words = fewer(meant.words, lists);
  const searched = meant.words.filter((word) => !word.unknown);
  const together = meant.words.length > 1 && meant.words.every((word) => !word.unknown && !word.related);
  const [all, ...each] = await Promise.all([
    together ? engine.search(searched.map((word) => word.text).join(" ")) : [],
    ...searched.map((word) => hitsOf(word, engine, table, literal)),
  ]);
  for (const word of meant.words) word.topical = lists.topical.has(stem(word.text));
  const of = meant.words.map((word) => (word.unknown ? [] : each[searched.indexOf(word)]));
  const rows = fuse(meant.words, all, of, names, table, meant.other);
  return { rows, shown: meant.shown, changed: meant.changed, names, words: meant.words };
};

/** The pages whose names look most like a query for which nothing was found: shared words, then shared letter pairs. */
export const nearest = async (folded, { load, table }) => {
  const words = tokens(folded).map(({ text }) => text).filter((text) => !table.stop.has(text) && !table.foreign.has(text));
  const lists = merge(await Promise.all(needed(tokens(folded), table).slice(0, 8).map((key) => load(`of-${key}`))));
  const pairs = (text) => new Set([...text].slice(1).map((letter, at) => text[at] + letter));
  const wanted = pairs(words.join(" ").slice(0, 80));
  const found = new Map();
  for (const { name, page } of lists.names) {
    const own = pairs(name);
    const shared = [...own].filter((pair) => wanted.has(pair)).length;
    const whole = words.filter((word) => name.split(" ").includes(word)).length;
    const score = whole + (2 * shared) / (own.size + wanted.size || 1);
    if (score > 0.3 && score > (found.get(page.id)?.score ?? 0)) found.set(page.id, { page, score });
  }
  return [...found.values()].sort((one, other) => other.score - one.score || (one.page.title < other.page.title ? -1 : 1))
    .slice(0, 3).map(({ page }) => page);
};
