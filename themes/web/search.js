// Searches the site's own index, which lies in parts beside the search page: nothing is asked of any
// other site, and it works from a folder, a stick and without a network. The parts are scripts because a
// page from a folder may load nothing else. How they are written is told in the generator's source, in
// the module “search”; words are folded here as there.
(() => {
  "use strict";

  const place = document.getElementById("page--search");
  if (!place) return;
  const says = place.dataset;
  const languages = JSON.parse(says.languages);
  const form = place.querySelector("form");
  const input = form.elements.namedItem("q");
  const choice = form.elements.namedItem("lang");
  const status = document.getElementById("page--search-status");
  const list = document.getElementById("page--search-results");
  const more = document.getElementById("page--search-more");

  const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const AT_ONCE = 8; // results shown at once
  const SIBLINGS = 2; // parts of lists fetched for longer words that begin like a typed one
  const SLIPS = 5; // words tried in place of one with a typing error
  const LONGEST = 40; // letters of a word

  // Folding.

  const PASSED = "\\u00AD\\u02BC\\u0300-\\u036F\\u0483-\\u0487\\u0591-\\u05C7\\u0610-\\u061A\\u0640\\u064B-\\u065F\\u0670\\u06D6-\\u06ED\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u200C\\u200D\\u20D0-\\u20FF";
  const KEPT = "\\u093C\\u094D\\u09BC\\u09CD\\u0A3C\\u0A4D\\u0ABC\\u0ACD\\u0B3C\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA\\u0E4E";
  const PART = `[\\p{Alphabetic}\\p{N}${PASSED}${KEPT}]`;
  const WORD = new RegExp(`${PART}(?:['’]?${PART})*`, "gu");
  const NO_PART = new RegExp(`(?!${PART})[^]`, "gu");
  const PASSED_OVER = new RegExp(`['’${PASSED}]`, "gu");
  const UNSPACED = /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/gu;
  const ZEROS = [0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xBE6, 0xC66, 0xCE6, 0xD66];
  const SAME = {
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l",
    "ς": "σ", "ى": "ي", "ی": "ي", "ے": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ٱ": "ا",
  };
  const DIFFERENT = new RegExp(`[${Object.keys(SAME).join("")}]`, "gu");

  const ourDigit = (letter) => {
    const value = ZEROS.map((zero) => letter.codePointAt(0) - zero).find((value) => value >= 0 && value < 10);
    return value === undefined ? letter : String(value);
  };

  const cut = (word) => Array.from(word).slice(0, LONGEST).join("");

  // The folded parts of one run of letters.
  const fold = (run) =>
    run.replace(/(.)['’ʼ]s$/iu, "$1").normalize("NFKD").toLowerCase()
      .replace(DIFFERENT, (letter) => SAME[letter])
      .replace(PASSED_OVER, "")
      .replace(/\p{Nd}/gu, ourDigit)
      .replace(NO_PART, " ")
      .replace(UNSPACED, " $& ")
      .split(" ").filter(Boolean)
      .map(cut);

  // What was typed, as terms; each is a list of ways to say it, and a way is a list of words.
  const termsOf = (typed) => {
    const terms = [];
    let compound = [];
    let end = -1;
    const close = () => {
      if (compound.length > 1) terms.push([compound, [cut(compound.join(""))]]);
      else if (compound.length) terms.push([compound]);
      compound = [];
    };
    for (const found of typed.matchAll(WORD)) {
      const joined = end >= 0 && /^[-‐‑]$/u.test(typed.slice(end, found.index));
      if (!joined) close();
      const words = fold(found[0]);
      // Letters of a script without spaces are words of their own, and all of them are meant.
      if (words.length > 1 && !joined) { terms.push([words]); end = -1; continue; }
      compound.push(...words);
      end = found.index + found[0].length;
    }
    close();
    return terms;
  };

  // Parts.

  const base = new URL("../search/", document.currentScript.src);
  const wanted = new Map();
  const waiting = new Map();
  window.signpostPart = (name, value) => waiting.get(name)?.(value);
  const part = (name) => {
    if (!wanted.has(name)) {
      wanted.set(name, new Promise((found, lost) => {
        waiting.set(name, found);
        const script = document.createElement("script");
        script.src = new URL(`${name}.js`, base).href;
        script.onerror = () => { wanted.delete(name); lost(new Error(name)); };
        document.head.append(script);
      }));
    }
    return wanted.get(name);
  };
  const after = (parts, is) => { // the number of the first part for which it is so
    let [low, high] = [0, parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (is(parts[middle])) high = middle; else low = middle + 1;
    }
    return low;
  };

  const read = new Map();
  const dictionary = async ([, first, name]) => {
    if (!read.has(name)) {
      const words = [];
      let letters = [];
      for (const [, shared, rest, power] of (await part(name)).matchAll(/([A-Z])([^A-Z]*)([A-Z])/g)) {
        letters = letters.slice(0, SIGNS.indexOf(shared)).concat(Array.from(rest));
        words.push({ word: letters.join(""), letters: letters.length, number: first + words.length, power: SIGNS.indexOf(power) });
      }
      read.set(name, words);
    }
    return read.get(name);
  };
  const beginning = async (parts, start) => {
    const from = Math.max(0, after(parts, ([first]) => first > start) - 1);
    const to = after(parts, ([first]) => first > start && !first.startsWith(start));
    const words = await Promise.all(parts.slice(from, to).map(dictionary));
    return words.flat().filter((entry) => entry.word.startsWith(start));
  };

  const partWith = (parts, number) => parts[after(parts, ([first]) => first > number) - 1];
  const pagesWith = async (table, entry) => {
    const [first, name] = partWith(table.lists, entry.number);
    const text = (await part(name)).split(" ")[entry.number - first];
    const pages = [];
    let [next, value, shift] = [0, 0, 0];
    for (const sign of text) {
      const digit = SIGNS.indexOf(sign);
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit & 32) continue;
      next += value >> 2;
      pages.push([next, value & 3]);
      [next, value, shift] = [next + 1, 0, 0];
    }
    return pages;
  };

  // One letter wrong, missing, too many, or two changed round.
  const oneSlip = (a, b) => {
    let same = 0;
    while (same < a.length && a[same] === b[same]) same++;
    [a, b] = [a.slice(same), b.slice(same)];
    const tail = (n, m) => a.slice(n).join("") === b.slice(m).join("");
    return (a.length && b.length && tail(1, 1)) || (b.length && tail(0, 1)) || (a.length && tail(1, 0)) ||
      (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0] && tail(2, 2));
  };

  // Searching.

  // Words of the index that a typed word may mean, with how much each counts.
  const meant = async (table, word, forgiving) => {
    const letters = Array.from(word);
    const begins = await beginning(table.words, word);
    const whole = begins.filter((entry) => entry.word === word).map((entry) => ({ ...entry, counts: 1 }));
    const longer = [];
    if (letters.length > 2 && forgiving) {
      const parts = new Set(whole.map((entry) => partWith(table.lists, entry.number)));
      const room = parts.size + SIBLINGS;
      for (const entry of begins.sort((a, b) => b.power - a.power || a.letters - b.letters)) {
        parts.add(partWith(table.lists, entry.number));
        if (parts.size > room) break;
        if (entry.word !== word) longer.push({ ...entry, counts: 0.4 + 0.4 * letters.length / entry.letters });
      }
    }
    if (whole.length || letters.length < 5 || !forgiving) return { words: whole.concat(longer), near: [] };
    const half = letters.length >> 1;
    const backwards = (text) => Array.from(text).reverse().join("");
    const found = new Map();
    for (const entry of await beginning(table.words, letters.slice(0, half).join(""))) found.set(entry.word, entry);
    for (const entry of await beginning(table.endings, backwards(letters.slice(half + 1)))) {
      const forwards = backwards(entry.word);
      if (!found.has(forwards)) found.set(forwards, { ...entry, word: forwards, number: undefined });
    }
    // A word that is still being typed may have its slip already; the first half is right then.
    const begun = (entry) => entry.number !== undefined && [-1, 0, 1].some((more) =>
      oneSlip(letters, Array.from(entry.word).slice(0, letters.length + more)));
    const strongest = (entries, counts) => entries.sort((a, b) => b.power - a.power).map((entry) => ({ ...entry, counts }));
    const all = [...found.values()];
    const slips = strongest(all.filter((entry) => oneSlip(letters, Array.from(entry.word))), 0.5);
    const unfinished = strongest(all.filter((entry) => !slips.some(({ word }) => word === entry.word) && begun(entry)), 0.3);
    const near = await Promise.all(slips.concat(unfinished).slice(0, SLIPS).map(async (entry) => {
      if (entry.number !== undefined) return entry;
      const same = (await beginning(table.words, entry.word)).find((other) => other.word === entry.word);
      return { ...same, counts: entry.counts };
    }));
    const words = longer.concat(near.filter((entry) => !longer.some((other) => other.word === entry.word)));
    return { words, near: longer.length ? [] : near.map((entry) => entry.word) };
  };

  // Pages with one word: page to [score, the word it was found by].
  const pagesOf = async (table, word, near, forgiving) => {
    const { words, near: instead } = await meant(table, word, forgiving);
    for (const other of instead) near.set(other, word);
    const pages = new Map();
    await Promise.all(words.map(async (entry) => {
      const all = await pagesWith(table, entry);
      const rare = Math.log(1 + table.pages / all.length);
      for (const [page, strength] of all) {
        const score = entry.counts * rare * [1, 2, 4, 8][strength];
        if (!(pages.get(page)?.[0] >= score)) pages.set(page, [score, [entry.word]]);
      }
    }));
    return pages;
  };

  // Pages with a term: with every word of one of its ways.
  const pagesOfTerm = async (table, ways, near) => {
    const all = new Map();
    for (const way of ways) {
      // “e-mail” joined is meant as “email” alone.
      const forgiving = way === ways[0];
      const each = await Promise.all(way.map((word) => pagesOf(table, word, near, forgiving)));
      for (const page of each[0].keys()) {
        if (!each.every((pages) => pages.has(page))) continue;
        const sum = each.reduce((sum, pages) => sum + pages.get(page)[0], 0) / each.length;
        if (!(all.get(page)?.[0] >= sum)) all.set(page, [sum, each.flatMap((pages) => pages.get(page)[1])]);
      }
    }
    return all;
  };

  const search = async (code, typed) => {
    const terms = termsOf(typed);
    const language = languages.find((language) => language.code === code) ?? languages[0];
    if (!terms.length || !language) return null;
    const table = await part(language.table);
    const near = new Map();
    const each = await Promise.all(terms.map((ways) => pagesOfTerm(table, ways, near)));
    const pages = new Map();
    for (const found of each) {
      for (const [page, [score, words]] of found) {
        const sofar = pages.get(page) ?? { page, terms: 0, score: 0, words: [] };
        pages.set(page, { page, terms: sofar.terms + 1, score: sofar.score + score, words: sofar.words.concat(words) });
      }
    }
    let results = [...pages.values()].sort((a, b) => b.terms - a.terms || b.score - a.score || a.page - b.page);
    const all = results.filter((result) => result.terms === terms.length);
    const some = !all.length && results.length > 0;
    if (all.length) results = all;
    return { results, near, some, table, terms: terms.length };
  };

  const shownOf = async (table, page) => {
    const [first, name] = partWith(table.shown, page);
    const [address, title, summary, ...sections] = (await part(name))[page - first];
    const file = address === "" || address.endsWith("/") ? `${address}index.html` : address;
    return { href: new URL(`../${file}`, base).href, title: title || file, summary, sections };
  };

  // Showing.

  const element = (name, text, properties) => Object.assign(document.createElement(name), text === undefined ? {} : { textContent: text }, properties);
  const holds = (text, words) => (text.match(WORD) ?? []).some((run) => fold(run).some((word) => words.includes(word)));

  // The text with its found words marked.
  const marked = (name, text, words) => {
    const whole = element(name);
    let end = 0;
    for (const found of text.matchAll(WORD)) {
      if (!fold(found[0]).some((word) => words.includes(word))) continue;
      whole.append(text.slice(end, found.index), element("mark", found[0]));
      end = found.index + found[0].length;
    }
    whole.append(text.slice(end));
    return whole;
  };

  const show = async ({ table, results }, from) => {
    const slice = results.slice(from, from + AT_ONCE);
    const pages = await Promise.all(slice.map((result) => shownOf(table, result.page)));
    return pages.map((page, at) => {
      const { words } = slice[at];
      const item = element("li");
      // The browser goes to the word on the page, where it can.
      const link = marked("a", page.title, words);
      link.href = holds(page.title, words) ? page.href : `${page.href}#:~:text=${encodeURIComponent(words[0]).replace(/-/g, "%2D")}`;
      const heading = element("h2");
      heading.append(link);
      item.append(heading);
      if (page.summary) item.append(marked("p", page.summary, words));
      const parts = element("ul", undefined, { className: "within" });
      for (let at = 0; at + 1 < page.sections.length && parts.children.length < 3; at += 2) {
        if (!holds(page.sections[at + 1], words)) continue;
        const part = element("li");
        const there = marked("a", page.sections[at + 1], words);
        there.href = `${page.href}#${encodeURIComponent(page.sections[at])}`;
        part.append(there);
        parts.append(part);
      }
      if (parts.children.length) item.append(parts);
      return item;
    });
  };

  const told = (typed, found) => {
    const { results, near, some } = found;
    const number = results.length;
    const sentences = [];
    if (!number) sentences.push(says.none.replace("{typed}", typed));
    else if (some) sentences.push(says.some);
    else sentences.push((number === 1 ? says.one : says.many).replace("{number}", number));
    const shown = [...near.keys()].filter((word) => results.some((result) => result.words.includes(word)));
    if (shown.length) {
      const quoted = shown.slice(0, 3).map((word) => `“${word}”`).join(", ");
      sentences.push(says.near.replace("{typed}", near.get(shown[0])).replace("{found}", quoted));
    }
    return sentences.join(" ");
  };

  let newest = 0;
  let current = null;
  let shownSoFar = 0;
  const clear = (words) => {
    current = null;
    list.replaceChildren();
    more.hidden = true;
    status.textContent = words;
  };
  const run = async () => {
    const mine = ++newest;
    const typed = input.value.trim();
    if (!typed) return clear("");
    try {
      const found = await search(choice?.value ?? languages[0]?.code, typed);
      if (mine !== newest) return;
      if (!found) return clear(says.none.replace("{typed}", typed));
      const items = await show(found, 0);
      if (mine !== newest) return;
      current = found;
      shownSoFar = items.length;
      list.replaceChildren(...items);
      more.hidden = shownSoFar >= found.results.length;
      status.textContent = told(typed, found);
    } catch {
      if (mine === newest) clear(says.failed);
    }
  };

  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(run, 250);
  });
  choice?.addEventListener("change", run);
  form.addEventListener("submit", (event) => {
    // A page from a folder may not change its address: there the form goes its own way.
    if (location.protocol === "file:") return;
    event.preventDefault();
    clearTimeout(timer);
    const address = new URL(location.href);
    address.searchParams.set("q", input.value.trim());
    if (choice) address.searchParams.set("lang", choice.value);
    history.replaceState(null, "", address);
    run();
  });
  more.addEventListener("click", async () => {
    const found = current;
    if (!found) return;
    try {
      const items = await show(found, shownSoFar);
      if (found !== current) return;
      shownSoFar += items.length;
      list.append(...items);
      more.hidden = shownSoFar >= found.results.length;
      items[0]?.querySelector("a").focus();
    } catch {
      status.textContent = says.failed;
    }
  });

  const asked = new URLSearchParams(location.search);
  if (choice) {
    for (const { code } of languages) {
      // In the language itself, as its readers call it.
      let name = code;
      try { name = new Intl.DisplayNames([code], { type: "language" }).of(code); } catch { /* The code will do. */ }
      choice.append(element("option", name, { value: code, lang: code }));
    }
    const code = asked.get("lang");
    if (languages.some((language) => language.code === code)) choice.value = code;
  }
  form.hidden = false;
  input.value = asked.get("q") ?? "";
  if (input.value) run(); else input.focus();

  // For whoever wants to know without the page: addresses of what was found, best first.
  window.signpostSearch = async (typed, code = languages[0]?.code) => {
    const found = await search(code, typed);
    if (!found) return [];
    return Promise.all(found.results.map(async ({ page }) => (await shownOf(found.table, page)).href));
  };
})();
