// Keeps the site on the device, so that it opens without a network. The builder writes BUILD, a digest of
// what is kept, and FILES, what is kept from the first visit on with the digest of each, above this text.
//
// With a network, every page and file comes from the network: what is kept is never older than what is
// shown. Only when there is no answer does the kept copy come. A new build is fetched beside the old one,
// each file held against its digest; until all of it is there the old one serves.

const SCOPE = new URL("./", self.location.href);
const OURS = `signpost ${SCOPE.pathname} `;
const NAME = OURS + BUILD;
const PATIENCE = 3000; // milliseconds until the kept copy comes
const VISITED = 200; // files kept because somebody opened them
const AT_A_TIME = 6;

// Where a file is kept: by its address, a page's without index.html.
const key = (path) => new URL(path.replace(/(^|\/)index\.html$/, "$1"), SCOPE).href;
const digests = new Map(FILES.map(([path, digest]) => [key(path), digest]));

const digestOf = async (bytes) => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// A copy that remembers its digest and no redirect.
const copyOf = (bytes, digest, from) =>
  new Response(bytes, { headers: { "Content-Type": from.headers.get("Content-Type") ?? "", "X-Signpost": digest } });

const fetched = async (address, digest) => {
  for (const mode of ["no-cache", "reload"]) {
    const answer = await fetch(address, { cache: mode, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    const bytes = await answer.arrayBuffer();
    if (await digestOf(bytes) === digest) return copyOf(bytes, digest, answer);
  }
  throw new Error(`${address} is of another build`);
};

const ourCaches = async () => (await caches.keys()).filter((name) => name.startsWith(OURS));

const keep = async () => {
  const cache = await caches.open(NAME);
  const olds = await Promise.all((await ourCaches()).filter((name) => name !== NAME).map((name) => caches.open(name)));
  const keepOne = async ([address, digest]) => {
    // What an attempt before this one, or the build before this one, has already fetched is not fetched again.
    for (const held of [cache, ...olds]) {
      const copy = await held.match(address);
      if (copy?.headers.get("X-Signpost") !== digest) continue;
      if (held !== cache) await cache.put(address, copy);
      return;
    }
    await cache.put(address, await fetched(address, digest));
  };
  const rest = [...digests];
  let failed = false;
  const line = async () => {
    for (let next = rest.shift(); next && !failed; next = rest.shift()) {
      await keepOne(next).catch((error) => { failed = true; throw error; });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, line));
};

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await Promise.all((await ourCaches()).filter((name) => name !== NAME).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A file that was opened and is not among those kept from the start.
const keepVisited = async (address, answer) => {
  if (!answer.ok || answer.type !== "basic" || answer.redirected) return;
  const cache = await caches.open(NAME);
  await cache.put(address, copyOf(await answer.arrayBuffer(), "", answer));
  const visited = (await cache.keys()).filter(({ url }) => !digests.has(url));
  await Promise.all(visited.slice(0, Math.max(0, visited.length - VISITED)).map((old) => cache.delete(old)));
};

let lostUntil = 0;

const answer = async (event) => {
  const { request } = event;
  const address = key(request.url.split(/[?#]/)[0]);
  const held = async () => (await caches.open(NAME)).match(address);
  const live = fetch(request).then((response) => {
    lostUntil = 0;
    // A file that is kept stays as it was held against its digest.
    if (!digests.has(address)) event.waitUntil(keepVisited(address, response.clone()).catch(() => {}));
    return response;
  });
  live.catch(() => {});
  // A network that just kept a page waiting is not waited for by each of its pictures.
  const patience = Date.now() < lostUntil ? 200 : PATIENCE;
  const late = new Promise((done) => { setTimeout(done, patience, "late"); });
  try {
    const first = await Promise.race([live, late]);
    if (first !== "late") return first;
    lostUntil = Date.now() + 30000;
    return (await held()) ?? (await live);
  } catch (error) {
    const copy = await held();
    if (copy) return copy;
    if (request.mode === "navigate") return Response.redirect(new URL("offline/", SCOPE), 302);
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(SCOPE.href) || request.headers.has("range")) return;
  event.respondWith(answer(event));
});
