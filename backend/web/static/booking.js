// While somebody types, the place stays held. Without this script it is held until the next page.
"use strict";
const form = document.querySelector("form[data-keep]");
const MINUTE_MS = 60000;
let last = 0;
if (form) {
  form.addEventListener("input", () => {
    if (Date.now() - last < MINUTE_MS) return;
    last = Date.now();
    fetch(form.dataset.keep, { method: "POST" }).catch(() => { last = 0; });
  });
}
