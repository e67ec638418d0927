// Looks every few seconds whether somebody at a kiosk calls for a grown-up, shows it and makes a sound until somebody
// goes. Without this script a page shows the calls that there were when it was loaded.
"use strict";
(() => {
  const EVERY = 4000;
  const section = document.getElementById("calls");
  const list = section && section.querySelector("div");
  const deaf = document.getElementById("deaf");
  if (!list) return;

  // A chime of three notes: no sound file, and nothing to wait for.
  let sound = null;
  const chime = (louder) => {
    try {
      sound = sound || new AudioContext();
      if (sound.state === "suspended") sound.resume();
      [660, 880, 1100].forEach((pitch, place) => {
        const tone = sound.createOscillator();
        const volume = sound.createGain();
        const at = sound.currentTime + place * 0.22;
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(louder ? 0.5 : 0.25, at);
        volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
        tone.connect(volume).connect(sound.destination);
        tone.start(at);
        tone.stop(at + 0.5);
      });
    } catch {
      // A browser without sound still shows the call.
    }
  };

  const part = (name, text, kind) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const shown = (call) => {
    const form = part("form", "", call.louder ? "call louder" : "call");
    form.method = "post";
    form.action = "/calls/" + call.kiosk;
    const words = part("p");
    words.append(part("strong", call.place + ": somebody needs a grown-up now."), " ");
    words.append(part("span", call.since + (call.louder ? ". Nobody has gone yet" : "")));
    const token = part("input");
    token.type = "hidden";
    token.name = "form_token";
    token.value = section.dataset.token;
    const button = part("button", "I am going");
    button.append(part("span", " to " + call.place, "unseen"));
    button.type = "submit";
    form.append(words, token, button);
    return form;
  };

  const title = document.title;
  let last = "";
  const look = async () => {
    let calls = null;
    try {
      const answer = await fetch("/calls", { cache: "no-store" });
      if (answer.ok) calls = await answer.json();
    } catch {
      // The hub does not answer: said below.
    }
    if (deaf) deaf.hidden = calls !== null;
    if (calls === null) return;
    const now = JSON.stringify(calls);
    // Only what changed is put in anew: a button that somebody is about to press stays.
    if (now !== last) {
      last = now;
      list.replaceChildren(...calls.map(shown));
      section.hidden = calls.length === 0;
    }
    document.title = calls.length > 0 ? "(!) " + calls[0].place + " calls" : title;
    if (calls.length > 0) chime(calls.some((call) => call.louder));
  };
  look();
  setInterval(look, EVERY);
})();
