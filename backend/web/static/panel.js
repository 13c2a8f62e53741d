// Shows the calls as the backend sends them: the whole state each time, so nothing can be missed,
// and which of the calls this panel has not announced yet. What it knew survives an outage.
import { announce, awaken } from "./voice.js";

const MOST_OTHERS = 6;
const FRESH_MS = 20000;
const SILENCE_MS = 40000; // the backend says something every 15 seconds
const PAUSES_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const KEPT_FOR_MS = 12 * 3600 * 1000;

const office = document.body.dataset.office;
const shelf = "panel " + office;
const byId = (id) => document.getElementById(id);
const clockOf = (at) => new Date(at).toLocaleTimeString("en-GB", {
  timeZone: "Asia/Hong_Kong", hour: "2-digit", minute: "2-digit",
});

let known = recall(); // { state, heardAt } as last heard
let spoken = null; // the call that is said at this moment
const freshUntil = new Map();
let isLost = false;
let failures = 0;
let heardAt = Date.now();
let source = null;

// Tags and places only: nothing that the hall does not show anyway.
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(shelf));
    if (kept && Date.now() - kept.heardAt < KEPT_FOR_MS) return kept;
  } catch {
    // No storage, or not ours: the panel begins empty.
  }
  return null;
}

function keep() {
  try {
    localStorage.setItem(shelf, JSON.stringify(known));
  } catch {
    // Then it is kept in memory only.
  }
}

const name = (call) => call.tag_number + " " + call.place + " " + call.revision;
const isFresh = (call) => Date.now() < (freshUntil.get(name(call)) || 0);

function show() {
  if (known) showCalls(known.state);
  byId("lost").hidden = !isLost;
  byId("clock").textContent = clockOf(Date.now());
}

function showCalls({ calls, waiting }) {
  // While a call is said it stands large, so that eye and ear are told the same.
  const newest = calls.find((call) => spoken && name(call) === name(spoken)) || calls[0];
  const others = calls.filter((call) => call !== newest);
  byId("newest").hidden = !newest;
  byId("none").hidden = Boolean(newest);
  byId("others").hidden = others.length === 0;
  byId("waiting").textContent = String(waiting);
  if (newest) {
    byId("tag").textContent = newest.tag_number;
    byId("place").textContent = newest.place;
    byId("newest").dataset.letters = Math.max(newest.tag_number.length, newest.place.length);
  }
  byId("newest").classList.toggle("new", Boolean(newest) && isFresh(newest));
  byId("calls").replaceChildren(...others.slice(0, MOST_OTHERS).map((call) => {
    const row = document.createElement("tr");
    const tag = document.createElement("th");
    tag.scope = "row";
    tag.textContent = call.tag_number;
    const place = document.createElement("td");
    place.textContent = call.place;
    row.append(tag, place);
    row.className = isFresh(call) ? "new" : "";
    return row;
  }));
}

function lose() {
  if (!isLost) {
    isLost = true;
    const since = clockOf(known ? known.heardAt : heardAt);
    for (const part of byId("lost").children) {
      part.textContent = part.dataset.lost.replace("#", since);
    }
  }
  show();
}

function caption(call) {
  spoken = call;
  for (const part of byId("said").children) {
    part.textContent = call
      ? part.dataset.said.replace("#", call.tag_number).replace("@", call.place)
      : "";
  }
  show();
}

function heard(event) {
  heardAt = Date.now();
  failures = 0;
  isLost = false;
  const state = JSON.parse(event.data);
  known = { state, heardAt };
  keep();
  for (const call of state.announce) {
    freshUntil.set(name(call), Date.now() + FRESH_MS);
    announce(call, caption);
  }
  show();
}

function listen() {
  // What was seen last: the page itself, if nothing else. Calls since then are still to be said.
  const after = known ? known.state.revision : document.body.dataset.revision;
  source = new EventSource("/v1/display/" + encodeURIComponent(office) + "/events?after=" + after);
  source.onmessage = heard;
  source.onerror = retry;
}

function retry() {
  source.close();
  lose();
  const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
  failures += 1;
  setTimeout(listen, pause * (0.75 + Math.random() / 2));
}

setInterval(() => {
  show();
  // A line can die without an end, when a cable is pulled.
  if (source.readyState !== EventSource.CLOSED && Date.now() - heardAt > SILENCE_MS) {
    heardAt = Date.now();
    retry();
  }
}, 1000);

awaken(byId("muted"));
show();
listen();
