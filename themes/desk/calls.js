// Looks every few seconds whether somebody at a kiosk calls for a grown-up, shows it and makes a sound until somebody
// goes. Where it cannot know that any more, or not be heard, it says so. Without this script a page shows the calls that
// there were when it was loaded.
"use strict";
(() => {
  const EVERY = 4000;
  // The longest that one answer is waited for: a hub that hangs must not look like one at which nobody calls.
  const PATIENCE = 10000;
  // A hub that is started anew, or a network that stumbles, is back before so many looks have failed.
  const MISSES = 3;
  const section = document.getElementById("calls");
  const list = section && section.querySelector("div");
  if (!list) return;
  const deafness = {
    ended: document.getElementById("deaf-ended"),
    gone: document.getElementById("deaf-gone"),
  };
  const unheard = document.getElementById("unheard");

  let sound = null;
  try {
    sound = new AudioContext();
  } catch {
    // A browser without sound still shows the call.
  }
  // Many browsers hold sound back until somebody has pressed something on the page: any press or key will do.
  const heard = () => {
    unheard.hidden = sound === null || sound.state === "running";
  };
  const wake = () => {
    if (sound && sound.state !== "running") sound.resume().then(heard, () => {});
  };
  if (sound) {
    sound.addEventListener("statechange", heard);
    for (const kind of ["click", "keydown", "touchend"]) document.addEventListener(kind, wake, true);
  }

  // A chime of a few notes: no sound file, and nothing to wait for.
  const chime = (notes, volume) => {
    if (!sound || sound.state !== "running") return;
    notes.forEach((pitch, place) => {
      const tone = sound.createOscillator();
      const gain = sound.createGain();
      const at = sound.currentTime + place * 0.22;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(volume, at);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
      tone.connect(gain).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.5);
    });
  };

  const part = (name, text, kind) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const shown = (call) => {
    const row = part(call.go ? "form" : "div", "", call.louder ? "call louder" : "call");
    const words = part("p");
    words.append(part("strong", call.place + ": somebody needs a grown-up now."), " ");
    let state = call.since;
    if (call.given_back) state += ". Whoever was going cannot go after all";
    else if (call.louder) state += ". Nobody has gone yet";
    if (!call.go) state += ". Go, or sign in and say that you are going";
    words.append(part("span", state));
    row.append(words);
    if (!call.go) {
      const link = part("a", "Sign in", "button");
      link.append(part("span", " and go to " + call.place, "unseen"));
      link.href = "/";
      row.append(link);
      return row;
    }
    row.method = "post";
    row.action = "/calls/" + call.go.kiosk;
    const token = part("input");
    token.type = "hidden";
    token.name = "form_token";
    token.value = call.go.form_token;
    const button = part("button", "I am going");
    button.append(part("span", " to " + call.place, "unseen"));
    button.type = "submit";
    row.append(token, button);
    return row;
  };

  // The calls; or why there are none to be had: "ended" where this page may not hear any more, "gone" where nobody answers.
  const ask = async () => {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), PATIENCE);
    try {
      const answer = await fetch("/calls", { cache: "no-store", signal: over.signal });
      if (answer.status === 403) return "ended";
      return answer.ok ? await answer.json() : "gone";
    } catch {
      return "gone";
    } finally {
      clearTimeout(timer);
    }
  };

  const title = document.title;
  let misses = 0;
  let deaf = "";
  const tellDeaf = (why) => {
    for (const [name, told] of Object.entries(deafness)) told.hidden = name !== why;
    // Once: a page that nobody can mend must not ring all night.
    if (why && !deaf) chime([440, 330], 0.5);
    if (why) document.title = "(!) Hears no calls – " + title;
    else if (deaf) document.title = title;
    deaf = why;
  };

  let last = "";
  const look = async () => {
    const told = await ask();
    misses = told === "gone" ? misses + 1 : 0;
    if (told === "ended" || misses >= MISSES) tellDeaf(told);
    else if (told !== "gone") tellDeaf("");
    heard();
    if (typeof told === "string") return;
    const now = JSON.stringify(told);
    // Only what changed is put in anew: a button that somebody is about to press stays.
    if (now !== last) {
      last = now;
      list.replaceChildren(...told.map(shown));
      section.hidden = told.length === 0;
    }
    document.title = told.length > 0 ? "(!) " + told[0].place + " calls" : title;
    if (told.length > 0) chime([660, 880, 1100], told.some((call) => call.louder) ? 0.5 : 0.25);
  };
  const round = async () => {
    try {
      await look();
    } finally {
      setTimeout(round, EVERY);
    }
  };
  round();
})();
