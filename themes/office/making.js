// Tells how many letters are made, and leads on when all are.
(() => {
  'use strict';
  const bar = document.getElementById('bar');
  const told = document.getElementById('told');
  let said = 0;
  const look = async () => {
    let state;
    try {
      state = await (await fetch('/making/state')).json();
    } catch {
      told.textContent = told.dataset.gone;
      return;
    }
    if (state.over) { location.reload(); return; }
    if (state.done > 0) {
      bar.max = state.of;
      bar.value = state.done;
      // Read out by tenths: who listens is not to hear every number.
      if (state.done - said >= state.of / 10) {
        said = state.done;
        told.textContent = told.dataset.words.replace('{done}', state.done).replace('{of}', state.of);
      }
    }
    setTimeout(look, 200);
  };
  look();
})();
