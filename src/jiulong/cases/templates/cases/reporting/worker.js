// Serves the quick report where there is no network. Only its own page and files; nothing else.
const SHELF = "jiulong-report-1";
const HOME = "{{ home|escapejs }}";
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("jiulong-report-") && name !== SHELF) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  ),
);

const late = () => new Promise((_done, fail) => setTimeout(() => fail(new Error("late")), PATIENCE_MS));

// The page as the network has it; the kept one when there is none, or it takes too long.
async function page(request) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await Promise.race([fetch(request), late()]);
    // Behind the door there is another page: what we kept stays.
    if (answer.ok && !answer.redirected && answer.type === "basic") await shelf.put(HOME, answer.clone());
    return answer;
  } catch {
    return (await shelf.match(HOME)) || Response.error();
  }
}

async function file(request) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shelf.put(request, answer.clone());
    return answer;
  } catch {
    return (await shelf.match(request, { ignoreVary: true })) || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === HOME) event.respondWith(page(request));
  else if (url.pathname.includes("/static/")) event.respondWith(file(request));
});
