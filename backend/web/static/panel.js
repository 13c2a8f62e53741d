// Shows the calls as the backend sends them: the whole state each time, so nothing can be missed.
"use strict";

const MOST_ROWS = 6;
const FRESH_MS = 15000;
const calls = document.getElementById("calls");
const none = document.getElementById("none");
const waiting = document.getElementById("waiting");
const lost = document.getElementById("lost");
const seen = new Map();
let first = true;

function chime() {
  try {
    const audio = new AudioContext();
    for (const [at, hertz] of [[0, 880], [0.35, 660]]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0.2, audio.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.8);
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.8);
    }
  } catch {
    // A panel without sound still shows the call.
  }
}

function cell(text) {
  const made = document.createElement("td");
  made.textContent = text;
  return made;
}

function show(state) {
  const now = Date.now();
  let isNew = false;
  const rows = state.calls.slice(0, MOST_ROWS).map((call) => {
    const key = call.tag_number + " " + call.place + " " + call.times;
    if (!seen.has(key)) {
      seen.set(key, first ? 0 : now);
      isNew = isNew || !first;
    }
    const row = document.createElement("tr");
    row.className = now - seen.get(key) < FRESH_MS ? "new" : "";
    row.append(cell(call.tag_number), cell(call.place));
    return row;
  });
  calls.replaceChildren(...rows);
  calls.closest("table").hidden = rows.length === 0;
  none.hidden = rows.length > 0;
  waiting.textContent = String(state.waiting);
  if (isNew) chime();
  first = false;
}

let last = null;
const events = new EventSource(document.body.dataset.events);
events.onopen = () => { lost.hidden = true; };
events.onerror = () => {
  lost.hidden = false;
  // A browser gives up after an answer that is no stream; a panel never does.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10000);
};
events.onmessage = (event) => {
  last = JSON.parse(event.data);
  show(last);
};

function tick() {
  document.getElementById("clock").textContent =
    new Date().toLocaleTimeString("en-GB", { timeZone: "Asia/Hong_Kong", hour: "2-digit", minute: "2-digit" });
  if (last) show(last);
}
tick();
setInterval(tick, 5000);
