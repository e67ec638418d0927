// Keeps an open page up to date while it is being written: new words come into it without a jump, and
// what is wrong is told over the last good page. Only the preview has this; a published site does not.
(() => {
  'use strict';
  // site.js then keeps no page for later: what was just saved is to be seen.
  window.signpostPreview = true;
  const own = document.currentScript;
  const base = own.dataset.base;
  const words = JSON.parse(own.dataset.words || '{}');
  const framed = window.parent !== window;
  let here = decodeURIComponent(location.pathname.slice(base.length));
  if (here === '' || here.endsWith('/')) here += 'index.html';

  // Everything of a page but its main part: where that differs, the page is loaded afresh.
  const frame = (page) => {
    const copy = page.documentElement.cloneNode(true);
    copy.querySelectorAll('main, #signpost-panel, script').forEach((part) => part.remove());
    return copy.querySelector('title').textContent.length + copy.querySelector('body').className + copy.querySelector('body').textContent;
  };
  const read = async () => new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  const mark = (page) => page.querySelector('script[data-mark]')?.dataset.mark;
  // What is on the screen now: the mark of the page, and everything around its main part.
  let shown = own.dataset.mark;
  let around;
  const begin = read().then((page) => { if (mark(page) === shown) around = frame(page); });

  const keep = 'signpost-scroll ' + location.pathname;
  const kept = sessionStorage.getItem(keep);
  if (kept !== null) {
    sessionStorage.removeItem(keep);
    history.scrollRestoration = 'manual';
    addEventListener('load', () => scrollTo(0, Number(kept)));
  }
  const afresh = () => {
    sessionStorage.setItem(keep, String(scrollY));
    location.reload();
  };

  let turn = 0;
  let pictures = false;
  // A new picture under an old name is to be seen though not a word of the page changed.
  const update = async (withPictures = false) => {
    const mine = ++turn;
    pictures ||= withPictures;
    try {
      await begin;
      const page = await read();
      if (mine !== turn || (mark(page) === shown && !pictures)) return;
      const from = page.querySelector('main');
      const to = document.querySelector('main');
      if (!from || !to || frame(page) !== around) return afresh();
      shown = mark(page);
      pictures = false;
      const at = scrollY;
      const focused = document.activeElement && document.activeElement.id;
      document.title = page.title;
      to.replaceChildren(...document.importNode(from, true).childNodes);
      scrollTo({ top: at, behavior: 'instant' });
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      requestAnimationFrame(() => setTimeout(() => document.dispatchEvent(new Event('signpost:painted'))));
    } catch {
      // The program was ended; the page stays as it is.
    }
  };

  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const say = (text, values) => (text || '').replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const show = (found) => {
    document.getElementById('signpost-panel')?.remove();
    if (framed || found.errors + found.warnings === 0) return;
    const count = found.errors || found.warnings;
    const which = (found.errors ? 'errors' : 'warnings') + (count === 1 ? '_one' : '_many');
    const panel = make('aside');
    panel.id = 'signpost-panel';
    panel.setAttribute('role', found.errors ? 'alert' : 'status');
    panel.setAttribute('aria-label', words.label);
    const fold = make('details');
    if (found.errors) fold.open = true;
    else panel.className = 'only-warnings';
    fold.append(make('summary', say(words[which], { count })));
    if (found.errors) fold.append(make('p', words.beneath, 'beneath'));
    const list = make('ol');
    for (const problem of found.problems.slice(0, 50)) {
      const item = make('li');
      item.append(make('p', problem.what, 'what'));
      item.append(make('p', say(problem.line ? words.place : words.file, problem), 'where'));
      if (problem.text) {
        const line = make('code', '', 'line');
        const letters = [...problem.text];
        const from = problem.column - 1;
        const to = from + problem.length;
        line.append(letters.slice(0, from).join(''), make('mark', letters.slice(from, to).join('')), letters.slice(to).join(''));
        item.append(line);
      }
      const mend = make('p', undefined, 'mend');
      mend.append(make('b', words.mend), ' ', problem.mend);
      item.append(mend);
      list.append(item);
    }
    fold.append(list);
    panel.append(fold);
    document.body.append(panel);
  };

  const news = new EventSource(base + '.signpost/news');
  // What happened before anybody listened, or while the connection was lost, is not told again.
  news.addEventListener('open', () => update());
  news.addEventListener('page', (event) => { if (JSON.parse(event.data) === here) update(); });
  news.addEventListener('site', (event) => {
    const files = JSON.parse(event.data);
    // The search's parts change with every word; no open page has them.
    if (files.some((file) => /\.(css|js)$/.test(file) && !file.startsWith('search/'))) afresh();
    else if (files.some((file) => /\.(svg|png|jpe?g|webp)$/.test(file))) update(true);
    else if (files.includes(here)) update();
  });
  news.addEventListener('everything', () => update(true));
  news.addEventListener('findings', (event) => show(JSON.parse(event.data)));
})();
