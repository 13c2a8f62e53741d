// Keeps style, icons and the offline page of one language. Pages about a person never pass a cache.
const KEPT = "smartics-{{ version }}-{{ lang }}";
const OFFLINE = "/offline?lang={{ lang }}";
const FILES = {{ kept | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT)
      .then((cache) => cache.addAll([OFFLINE, ...FILES]))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (FILES.includes(address.pathname + address.search)) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
