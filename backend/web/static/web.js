// What a script adds to pages that are whole without it: saving while one types, the queue as it moves.
// A browser too old for this file leaves it aside, and nothing is missing.
"use strict";

// Sends what changed in a form that is kept. One message at a time; what could not be sent waits here,
// in memory only, and is sent again. Nothing is written on the phone.
class Keeper {
  constructor(form) {
    this.form = form;
    this.address = form.getAttribute("action"); // form.action is the button of that name
    this.line = form.querySelector("[data-status]");
    this.waiting = new Set();
    this.isSending = false;
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("submit", () => this.waiting.clear());
    addEventListener("online", () => this.send());
    addEventListener("beforeunload", (event) => { if (this.waiting.size) event.preventDefault(); });
  }

  changed(field) {
    if (!field.name || field.type === "hidden") return;
    const date = field.name.match(/^(.+)-(day|month|year)$/);
    if (date && [...this.group(date[1])].some((part) => !part.value)) return;
    this.waiting.add(date ? date[1] : field.name);
    this.send();
  }

  group(name) {
    return this.form.querySelectorAll(`[name="${name}"], [name^="${name}-"]`);
  }

  async send() {
    if (this.isSending || !this.waiting.size) return;
    this.isSending = true;
    const names = [...this.waiting];
    const body = new URLSearchParams({ action: "save" });
    for (const [name, value] of new FormData(this.form)) {
      if (names.some((one) => name === one || name.startsWith(`${one}-`))) body.append(name, value);
    }
    // The codes of a name stand or fall with the name.
    if (names.includes("chinese_name") || names.includes("chinese_codes")) {
      for (const name of ["chinese_name", "chinese_codes"]) body.set(name, this.form.elements[name].value);
    }
    this.waiting.clear();
    this.say(this.form.dataset.saving);
    try {
      const answer = await fetch(this.address, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = (await answer.json()).errors;
      for (const name of names) this.mark(name, told[name]);
      if (names.includes("chinese_name")) this.mark("chinese_codes", told.chinese_codes);
      const time = new Date().toTimeString().slice(0, 5);
      this.say(this.form.dataset.kept.replace("00:00", time));
    } catch {
      for (const name of names) this.waiting.add(name);
      this.say(this.form.dataset.waiting, true);
      setTimeout(() => this.send(), 10000);
      this.isSending = false;
      return;
    }
    this.isSending = false;
    this.send();
  }

  mark(name, sentence) {
    const fields = [...this.group(name)];
    const box = fields[0]?.closest(".field");
    if (!box) return;
    box.querySelector(".error")?.remove();
    box.classList.toggle("wrong", Boolean(sentence));
    const described = box.matches("fieldset") ? box : fields[0];
    const hint = document.getElementById(`${name}-hint`) ? `${name}-hint` : "";
    const ids = [hint, sentence ? `${name}-error` : ""].filter(Boolean).join(" ");
    if (ids) described.setAttribute("aria-describedby", ids); else described.removeAttribute("aria-describedby");
    for (const field of fields) {
      if (sentence && field.type !== "radio") field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    }
    if (!sentence) return;
    const line = document.createElement("p");
    line.className = "error";
    line.id = `${name}-error`;
    line.textContent = sentence;
    const head = box.querySelector(".hint") || box.querySelector("legend, label");
    head.after(line);
  }

  say(sentence, isLost = false) {
    this.line.textContent = sentence;
    this.line.classList.toggle("lost", isLost);
  }
}

// Asks for the page anew and takes over the part that shows the queue; a half-filled form stays as it is.
class Live {
  static every = 10000;

  constructor(part) {
    this.part = part;
    this.hideLink();
    setInterval(() => { if (!document.hidden) this.ask(); }, Live.every);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
  }

  async ask() {
    let text;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      text = await answer.text();
    } catch {
      this.part.querySelector("[data-as-of]").textContent = this.part.dataset.lost;
      return;
    }
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(this.part.id);
    if (!fresh) return;
    const isNews = fresh.dataset.state !== this.part.dataset.state;
    if (isNews) {
      this.part.className = fresh.className;
      this.part.dataset.state = fresh.dataset.state;
    }
    // A screen reader hears of news only, not of every look at the clock.
    const [news, known] = [fresh, this.part].map((part) => part.querySelector("[data-news]"));
    if (news.innerHTML !== known.innerHTML) known.replaceChildren(...news.childNodes);
    this.part.querySelector("[data-as-of]").replaceWith(fresh.querySelector("[data-as-of]"));
    this.hideLink();
    if (isNews && fresh.dataset.state.startsWith("called")) {
      document.title = known.textContent.trim().split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 2).join(" ");
      navigator.vibrate?.([300, 150, 300, 150, 600]);
    }
  }

  hideLink() {
    this.part.querySelector("[data-without-script]").hidden = true;
  }
}

for (const form of document.querySelectorAll("form[data-keeps]")) new Keeper(form);
for (const part of document.querySelectorAll("[data-live]")) new Live(part);
document.querySelector("[data-first]")?.focus();
document.querySelector("[data-again]")?.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/" }).catch(() => {}));
}
