// The forms that this tablet can show without a connection: fetched by their hash, opened with a fresh sitting.
// A new set of forms takes the old one's place only when it is whole.

const PAGES = "tablet-pages"; // by hash, with what they need; it outlives every version of this program
const SITTINGS = "tablet-sittings";
const PART = "/tablet/part";
const GAP = "00000000-0000-4000-8000-000000000000";
const RECEIPT_GAP = "@@receipt@@";
const AT_ONCE = 4;
const FETCH_MILLISECONDS = 45000; // a page over a very slow line

// Fetch and read the whole reply within a time, so that a line that has gone silent holds up nothing for ever.
const fetchIn = async (address, options, read) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), FETCH_MILLISECONDS);
  const ours = { cache: "no-store", credentials: "omit", redirect: "error", signal: stop.signal };
  try {
    const reply = await fetch(address, { ...ours, ...options });
    return { status: reply.status, headers: reply.headers, body: await read(reply) };
  } finally {
    clearTimeout(timer);
  }
};
const fetchPart = async (address, options = {}) => {
  const reply = await fetchIn(address, options, (each) => each.arrayBuffer());
  if (reply.status !== 200) throw new Error(`${address}: ${reply.status}`);
  return reply;
};

const asTablet = (token, more = {}) => ({ ...more, Authorization: `Bearer ${token}` });
const pageKey = (hash) => `/tablet/pages/${hash}`;
const formPath = (form, { variant, point, lang, easy }) => (
  `/tablet/form/${form.slug}/${form.version}/${variant || "-"}/${point || "-"}/${lang}${easy ? "/easy" : ""}`
);

const hexOf = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// What a page needs beside itself: its script, and pictures if there are any.
const neededBy = (html) => [...html.matchAll(/<(?:script|link|img|source|audio)\b[^>]*?\b(?:src|href)="(\/[^"]+)"/g)]
  .map((found) => found[1].replaceAll("&amp;", "&"));

// Several points in the work may share a page.
const neededPages = (kit) => {
  const pages = [...kit.forms.flatMap((form) => form.pages), ...kit.thanks];
  return [...new Map(pages.map((page) => [page.hash, page])).values()];
};

// Fetch one page and what it needs, unless it is here. A page that does not have the promised bytes is not kept.
const keepPage = async (cache, page, token) => {
  const key = pageKey(page.hash);
  let kept = await cache.match(key);
  if (!kept) {
    const { body, headers } = await fetchPart(page.address, { headers: asTablet(token) });
    const hash = hexOf(await crypto.subtle.digest("SHA-256", body));
    if (hash !== page.hash) throw new Error("page changed under way");
    kept = new Response(body, { headers: keptHeaders(headers) });
    await cache.put(key, kept.clone());
  }
  await keepParts(cache, await kept.text());
};

const keepParts = async (cache, html) => {
  for (const address of neededBy(html)) {
    if (await cache.match(address)) continue;
    const { body, headers } = await fetchPart(address);
    await cache.put(address, new Response(body, { headers: keptHeaders(headers) }));
  }
};

// The headers that say what a page is and that guard it, as the server sent them.
const keptHeaders = (headers) => Object.fromEntries(
  ["Content-Type", "Content-Security-Policy", "Referrer-Policy", "Permissions-Policy", "X-Content-Type-Options", "X-Frame-Options",
    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"]
    .filter((name) => headers.has(name)).map((name) => [name, headers.get(name)]),
);

// Pages to read that forms lead to.
const READ = "/tablet/read";
const TO_READ = ["privacy", "about-browsing"];

const keepPagesToRead = async (cache, languages) => {
  for (const name of TO_READ) {
    for (const { code } of languages) {
      const { body, headers } = await fetchPart(`/${name}?lang=${code}`);
      await keepParts(cache, new TextDecoder().decode(body));
      await cache.put(`${READ}/${name}/${code}`, new Response(body, { headers: keptHeaders(headers) }));
    }
  }
};

// Fetch everything of a kit, some at once; tell how far. Only then does it take the old kit's place.
const takeKit = async (kit, token, tell) => {
  const { sittings = [], ...rest } = kit;
  await keepSittings(sittings);
  const cache = await caches.open(PAGES);
  const pages = neededPages(rest), faults = [];
  let done = 0;
  const lane = async (queue) => {
    for (let page = queue.pop(); page; page = queue.pop()) {
      try {
        await keepPage(cache, page, token);
      } catch (fault) {
        if (fault.name === "QuotaExceededError") throw fault;
        faults.push(fault);
      }
      tell({ done: done += 1, of: pages.length });
    }
  };
  const queue = [...pages].reverse();
  await Promise.all(Array.from({ length: AT_ONCE }, () => lane(queue)));
  await keepPagesToRead(cache, rest.languages).catch(() => {});
  if (faults.length) throw new Error(`${faults.length} pages are missing: ${faults[0].message}`);
  await setState({ kit: rest, kitAt: Date.now() });
  await tidyPages(cache, rest);
};

// Let go of pages that nobody needs any more: not those of this kit, nor of a form that is open, nor of a version
// whose answers still wait.
const tidyPages = async (cache, kit) => {
  const [handed, waiting, help] = await Promise.all([everything("handed"), everything("waiting"), everything("help")]);
  if (handed.length || waiting.length || help.length) return;
  const wanted = new Set(neededPages(kit).map((page) => pageKey(page.hash)));
  const pathOf = ({ url }) => new URL(url).pathname + new URL(url).search;
  const isPage = (path) => path.startsWith(pageKey("")) || path.startsWith(READ);
  const parts = new Set();
  for (const request of await cache.keys()) {
    const path = pathOf(request);
    if (path.startsWith(pageKey("")) && !wanted.has(path)) await cache.delete(request);
    else if (isPage(path)) neededBy(await (await cache.match(request)).text()).forEach((address) => parts.add(address));
  }
  for (const request of await cache.keys()) {
    const path = pathOf(request);
    if (!isPage(path) && !parts.has(path)) await cache.delete(request);
  }
};

// Sittings that the server made beforehand, each with its three words, so that a child has them offline too. They lie
// in the cache, one file each, and not in IndexedDB: its log would keep the words long after they were deleted.
const freeKey = (id) => `/tablet/sittings/free/${id}`;
const heldKey = (id) => `/tablet/sittings/held/${id}`;
const idOf = (request) => new URL(request.url).pathname.split("/").pop();
const sittingsBehind = async (cache, key) => (await cache.keys())
  .filter((request) => new URL(request.url).pathname.startsWith(key("")));

const withSittings = async (act) => navigator.locks.request("tablet-sittings", async () => act(await caches.open(SITTINGS)));

// One that ever stood around an answer is never taken again, whatever the server still thinks.
const keepSittings = (sittings) => withSittings(async (cache) => {
  const used = new Set(await state("used")), held = new Set((await sittingsBehind(cache, heldKey)).map(idOf));
  for (const { id, receipt } of sittings) {
    if (!used.has(id) && !held.has(id)) await cache.put(freeKey(id), new Response(receipt));
  }
});

// Take one for a form that opens; no two forms ever get the same. Without any, or without storage, an id of our own.
const takeSitting = () => withSittings(async (cache) => {
  const used = new Set(await state("used"));
  const free = (await sittingsBehind(cache, freeKey)).find((request) => !used.has(idOf(request)));
  if (!free) return crypto.randomUUID();
  const id = idOf(free), words = await (await cache.match(free)).text();
  await cache.put(heldKey(id), new Response(words));
  await cache.delete(free);
  return id;
}).catch(() => crypto.randomUUID());

const wordsOf = (id) => withSittings(async (cache) => {
  const held = await cache.match(heldKey(id));
  return held ? held.text() : "";
}).catch(() => "");

// Let go of what a form held: an unused sitting may serve another form, a used one is wiped with its words. (One that
// is still open for reading would stay on the disk for a while, so a used one is not even looked at.)
const dropSitting = (id, isUsed) => withSittings(async (cache) => {
  const held = isUsed ? null : await cache.match(heldKey(id));
  if (held) await cache.put(freeKey(id), new Response(await held.text()));
  await cache.delete(heldKey(id));
});

// After a crash: whatever is held by no form.
const dropLostSittings = (kept) => withSittings(async (cache) => {
  for (const request of await sittingsBehind(cache, heldKey)) if (!kept.has(idOf(request))) await cache.delete(request);
});

const htmlResponse = (html, cached) => new Response(html, {
  headers: { ...Object.fromEntries(cached.headers), "Cache-Control": "no-store" },
});

// Put this program's script into a page, with what it says in the page's language; and keep the page's parts and links
// within the tablet's own addresses, so that nothing else of the site is ever touched. “Leave this page” leads to the
// start page, which is locked. `places` says where the page's own links (?lang=, ?easy=) lead on a tablet.
const withKiosk = (html, lang, words, places) => {
  const said = JSON.stringify(words[lang] || words.en).replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  let page = html;
  for (const address of neededBy(html)) {
    const written = address.replaceAll("&", "&amp;");
    page = page.replaceAll(`"${written}"`, `"${PART}${written}"`).replaceAll(`"${address}"`, `"${PART}${address}"`);
  }
  return page.replace(/href="\/go\?[^"]*"/g, 'href="/tablet"')
    .replace(/href="\/(privacy|about-browsing)(?:\?[^"]*)?"/g, (_, name) => `href="${READ}/${name}/${lang}"`)
    .replace(/href="(\?[^"]*)"/g, (_, query) => `href="${places(new URLSearchParams(query.replaceAll("&amp;", "&")))}"`)
    .replace("</head>", () => `<script src="${KIOSK_SCRIPT}" data-said="${said}" defer></script>\n</head>`);
};
