// Says a call: a chime, then each language from short clips, one call after the other. The caption
// shows what is being said for as long as it is said, also where there is no sound.

const LANGUAGES = (new URLSearchParams(location.search).get("voice") || "yue,en")
  .split(",").filter((language) => ["yue", "cmn", "en"].includes(language));
const STALE_MS = 60000;
const SHOWN_MS = 6000;

const clips = new Map();
const line = [];
let isSpeaking = false;
let told = null;
let audio = null;

try {
  audio = new AudioContext();
} catch {
  // A panel without sound still shows the call.
}

// Browsers give no sound before somebody touched the page, unless the kiosk's start says otherwise.
export function awaken(button) {
  if (audio === null) return;
  const look = () => { button.hidden = audio.state === "running"; };
  audio.addEventListener("statechange", look);
  document.addEventListener("click", () => audio.resume());
  document.addEventListener("keydown", () => audio.resume());
  setTimeout(look, 1000);
  // All at once, so that what is still to be said can be said while the line is lost.
  const digits = [..."0123456789"];
  for (const language of LANGUAGES) for (const name of ["tag", "goto", ...digits]) clip(language, name);
  for (const letter of "abcdefghijklmnopqrstuvwxyz") clip("en", letter);
}

export function announce(call, caption) {
  line.push({ call, caption, at: Date.now() });
  if (!isSpeaking) speakAll();
}

async function speakAll() {
  isSpeaking = true;
  while (line.length > 0) {
    const { call, caption, at } = line.shift();
    told = caption;
    if (Date.now() - at > STALE_MS) continue;
    caption(call);
    const [said] = await Promise.all([speak(call), pause(2000)]);
    if (!said) await pause(SHOWN_MS);
  }
  isSpeaking = false;
  await pause(SHOWN_MS);
  if (!isSpeaking && told) told(null);
}

// Tell whether it was heard.
async function speak(call) {
  if (audio === null || audio.state !== "running") return false;
  let at = chime(audio.currentTime + 0.05);
  for (const language of LANGUAGES) {
    const words = [
      [language, "tag"], ...spelled(language, call.tag_number),
      [language, "goto"], ...spelled(language, call.place),
    ];
    const sounds = await Promise.all(words.map(([from, name]) => clip(from, name)));
    at = Math.max(at, audio.currentTime) + 0.2;
    for (const sound of sounds.filter(Boolean)) at = play(sound, at);
  }
  await pause((at - audio.currentTime) * 1000 + 300);
  return true;
}

// Letters are said in English in every language, as people in Hong Kong do.
function spelled(language, text) {
  return [...text.toLowerCase()].filter((sign) => /[a-z0-9]/.test(sign))
    .map((sign) => [/[0-9]/.test(sign) ? language : "en", sign]);
}

function clip(language, name) {
  const address = `/static/voice/${language}/${name}.opus`;
  if (!clips.has(address)) {
    clips.set(address, fetch(address)
      .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(answer.status)))
      .then((bytes) => audio.decodeAudioData(bytes))
      .catch(() => { clips.delete(address); return null; }));
  }
  return clips.get(address);
}

function play(sound, at) {
  const node = audio.createBufferSource();
  node.buffer = sound;
  node.connect(audio.destination);
  node.start(at);
  return at + sound.duration;
}

function chime(from) {
  for (const [after, hertz] of [[0, 880], [0.35, 660]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, from + after);
    volume.gain.exponentialRampToValueAtTime(0.001, from + after + 0.8);
    tone.connect(volume).connect(audio.destination);
    tone.start(from + after);
    tone.stop(from + after + 0.8);
  }
  return from + 0.95;
}

function pause(ms) {
  return new Promise((done) => { setTimeout(done, ms); });
}
