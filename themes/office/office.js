// The editor: shows words in the page beside them as they are typed, lists what is to be mended, and
// leads to it. Saving is an ordinary form and needs none of this.
(() => {
  'use strict';
  const editor = document.getElementById('editor');
  if (!editor) return;
  const body = document.getElementById('body');
  const file = editor.dataset.file;
  const list = document.getElementById('found');
  const none = document.getElementById('none');
  let linesBefore = Number(editor.dataset.lines);
  let problems = [];
  let changed = editor.querySelector('[name=over]') !== null;
  let saving = false;

  const fields = () => new URLSearchParams(new FormData(editor));
  let waiting;
  let sending = false;
  let again = false;
  const send = async () => {
    if (sending) { again = true; return; }
    sending = true;
    try {
      const answer = await fetch('/edit/try', { method: 'POST', body: fields() });
      if (answer.ok) linesBefore = (await answer.json()).lines_before;
    } catch {
      // The program was ended; the words stay in the page.
    }
    sending = false;
    if (again) { again = false; send(); }
  };
  const touched = () => {
    changed = true;
    document.getElementById('unsaved').hidden = false;
    clearTimeout(waiting);
    waiting = setTimeout(send, 120);
  };
  editor.addEventListener('input', touched);
  if (changed) touched();
  editor.addEventListener('submit', () => { saving = true; });
  addEventListener('beforeunload', (event) => { if (changed && !saving) event.preventDefault(); });
  addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      editor.requestSubmit(editor.querySelector('.bar .button'));
    }
  });

  // Puts the cursor on a place of the file: in the words, or in the setting that its line is about.
  const go = (place) => {
    const line = place.line - linesBefore;
    if (line < 1) {
      const before = editor.querySelector('[name=front]').value.split('\n');
      const text = place.text || before[place.line - 2] || '';
      const key = (/^\s*(\w+)\s*=/.exec(text) || [])[1];
      const about = editor.querySelector('details.about');
      if (about) about.open = true;
      const field = document.getElementById('set-' + key) || editor.querySelector('.about input:not([type=hidden])');
      if (field) { field.focus(); field.scrollIntoView({ block: 'center' }); }
      return;
    }
    const lines = body.value.split('\n');
    let at = 0;
    for (let n = 0; n < Math.min(line - 1, lines.length); n += 1) at += lines[n].length + 1;
    const letters = [...(lines[line - 1] || '')];
    const from = at + letters.slice(0, place.column - 1).join('').length;
    const to = from + letters.slice(place.column - 1, place.column - 1 + place.length).join('').length;
    body.focus();
    body.setSelectionRange(from, to);
    const height = parseFloat(getComputedStyle(body).lineHeight);
    body.scrollTop = Math.max(0, (line - 4) * height);
    body.scrollIntoView({ block: 'nearest' });
  };

  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const show = () => {
    list.replaceChildren(...problems.map((problem) => {
      const item = make('li', undefined, 'problem ' + problem.severity);
      item.append(make('p', problem.what, 'what'));
      if (problem.line) {
        const line = problem.line - linesBefore;
        item.append(make('p', line < 1 ? list.dataset.settings : list.dataset.line.replace('{line}', line), 'where'));
      }
      const mend = make('p', undefined, 'mend');
      mend.append(make('b', list.dataset.mend), ' ', problem.mend);
      item.append(mend);
      if (problem.line) {
        const button = make('button', list.dataset.there, 'button small');
        button.type = 'button';
        button.addEventListener('click', () => go(problem));
        item.append(button);
      }
      return item;
    }));
    none.hidden = problems.length > 0;
  };
  const news = new EventSource('/site/.signpost/news');
  news.addEventListener('findings', (event) => {
    problems = JSON.parse(event.data).problems.filter((problem) => problem.file === file);
    show();
  });

  const asked = new URLSearchParams(location.search);
  if (asked.has('line')) {
    const number = (name) => Number(asked.get(name)) || 1;
    go({ line: number('line'), column: number('column'), length: number('length') });
  }

  // The page beside, as wide as a phone, a computer or a sheet, made smaller where it does not fit.
  const frame = document.getElementById('frame');
  const result = document.getElementById('result');
  const buttons = [...document.querySelectorAll('.widths button')];
  const fit = () => {
    const width = Number(buttons.find((one) => one.getAttribute('aria-pressed') === 'true').dataset.width);
    const scale = Math.min(1, frame.clientWidth / width);
    result.style.width = width + 'px';
    result.style.height = frame.clientHeight / scale + 'px';
    result.style.transform = 'scale(' + scale + ')';
    result.style.marginLeft = Math.max(0, (frame.clientWidth - width * scale) / 2) + 'px';
  };
  buttons.forEach((button) => button.addEventListener('click', () => {
    buttons.forEach((one) => one.setAttribute('aria-pressed', String(one === button)));
    const address = ('print' in button.dataset ? '/print/' : '/site/') + result.dataset.address;
    if (!result.src.endsWith(address)) result.src = address;
    fit();
  }));
  addEventListener('resize', fit);
  fit();
})();
