// The service worker: shows start page and forms without a connection, and takes what a form sends. It answers only
// for addresses under /tablet; staff pages and everything else of the site pass by untouched.
// VERSION, SHELL_FILES, KIOSK_SCRIPT and SAID (what is said to children, by language) stand above, put there by the server.

const SHELL = `tablet-shell-${VERSION}`;
const START = "/tablet";
const FORM = "/tablet/form/";
const LARGEST_BODY = 120000; // the server takes 128 kB; what is longer must be said before it is kept
const LONGEST_WORDS = 5000; // letters in one answer, as the server has it
const RECEIPT_MILLISECONDS = 3000;
let remembered = null; // of the form that was opened last, for when the storage cannot be read any more

self.addEventListener("install", (event) => {
  const files = SHELL_FILES.map((address) => new Request(address, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(files)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([clients.claim(), dropOldShells(), send(true)]).catch(() => {}));
});

self.addEventListener("sync", (event) => event.waitUntil(send(true)));

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (address.origin !== location.origin) return;
  const path = address.pathname;
  if (path === START || SHELL_FILES.includes(path + address.search)) event.respondWith(shellFile(request, path));
  else if (path.startsWith(FORM) && request.method === "POST") event.respondWith(takeAnswers(event, address));
  else if (path.startsWith(FORM)) event.respondWith(openForm(address));
  else if (path.startsWith(PART + "/")) event.respondWith(part(address));
  else if (path.startsWith(READ + "/")) event.respondWith(pageToRead(path));
});

// The old version's files stay while answers wait that were given to it.
const dropOldShells = async () => {
  const { waiting } = await counts();
  if (waiting) return;
  for (const name of await caches.keys()) {
    if (name.startsWith("tablet-shell-") && name !== SHELL) await caches.delete(name);
  }
};

const shellFile = async (request, path) => {
  const kept = await caches.open(SHELL).then((cache) => cache.match(path === START ? START : request)).catch(() => null);
  return kept || fetch(request);
};

const part = async (address) => {
  const real = address.pathname.slice(PART.length) + address.search;
  const kept = await caches.open(PAGES).then((cache) => cache.match(real)).catch(() => null);
  return kept || fetch(real);
};

const pageToRead = async (path) => {
  const kept = await caches.open(PAGES).then((cache) => cache.match(path));
  if (!kept) return toStart();
  const lang = path.split("/").pop(), around = path.slice(0, -lang.length);
  const inLanguage = (asked) => around + (asked.get("lang") || lang);
  return htmlResponse(withKiosk(await kept.text(), lang, SAID, inLanguage), kept);
};

const toStart = () => Response.redirect(START, 303);

const formsOpen = async (but) => {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  return open.filter((client) => new URL(client.url).pathname.startsWith(FORM) && client.id !== but).length;
};

// Find what an address means: /tablet/form/<slug>/<version>/<age or ->/<point or ->/<language>?h=<hand-over>.
const formAt = (kit, path) => {
  for (const form of kit.forms) {
    const page = form.pages.find((each) => formPath(form, each) === path);
    if (page) return { form, page };
  }
  return null;
};

// What of a form is needed to keep an answer to it, also when a newer kit has come meanwhile.
const ownOf = ({ form: { slug, version, title, short_title: short, asks, variants, look, respondent }, page }) => (
  { form: { slug, version, title, short_title: short, asks, variants, look, respondent }, page }
);

// Show a form that was handed over, with a sitting of its own each time; nothing else opens one.
const openForm = async (address) => {
  try {
    const id = address.searchParams.get("h") || "";
    const [kit, tablet, handed, revoked] = await Promise.all([state("kit"), state("tablet"), one("handed", id), state("revoked")]);
    const found = kit && formAt(kit, address.pathname);
    if (!found || !handed || handed.finished || revoked) return toStart();
    const cached = await (await caches.open(PAGES)).match(pageKey(found.page.hash));
    if (!cached) return toStart();
    const html = await cached.text(), sitting = await takeSitting(), own = ownOf(found);
    const opened = await openHanded(id, own, sitting).catch(() => ({ ...handed, found: own, sittings: [sitting] }));
    remembered = { kit, tablet, handed: opened };
    return htmlResponse(withKiosk(html.replaceAll(GAP, sitting), found.page.lang, SAID, otherPlaces(found, handed)), cached);
  } catch {
    return toStart();
  }
};

// Where a form's own links lead: the same form in another language or in easy mode; else nowhere.
const otherPlaces = ({ form, page }, handed) => (asked) => {
  const lang = asked.get("lang") || page.lang, easy = asked.has("easy"), age = asked.get("age") || page.variant || "";
  const isIt = (each) => each.lang === lang && Boolean(each.easy) === easy && (each.variant || "") === age && each.point === page.point;
  const other = form.pages.find(isIt);
  return other ? `${formPath(form, other)}?h=${handed.id}` : "#none";
};

// What a form needs to be kept; from memory when the system has closed the storage under an open form.
const neededToKeep = async (id) => {
  try {
    const [kit, tablet, handed] = await Promise.all([state("kit"), state("tablet"), one("handed", id)]);
    if (kit && tablet && handed && handed.found) return { kit, tablet, handed };
  } catch { /* as below */ }
  return remembered && remembered.handed.id === id ? remembered : null;
};

const plainText = (text, status) => new Response(text, { status, headers: { "Content-Type": "text/plain" } });

// Take what a form sends: seal it, put it into the queue, thank. If it cannot be put there, try to send it at once; if
// that fails too, say so: the page holds every word and tries again. The same page's sending again is the same answer.
const takeAnswers = async (event, address) => {
  const needed = await neededToKeep(address.searchParams.get("h") || "");
  if (!needed) return plainText("This form is not known on this tablet.", 503);
  const { kit, tablet, handed } = needed, { found } = handed;
  const sent = [...(await event.request.formData())], fields = sent.filter(([name]) => name !== "sitting");
  const [, sitting] = sent.find(([name]) => name === "sitting") || [];
  if (!handed.sittings.includes(sitting)) return plainText("This page is not known on this tablet.", 503);
  if (fields.some(([, value]) => value.length > LONGEST_WORDS)) return plainText("Too long.", 413);
  const thanks = { kit, found, sitting, worried: asksForSomebody(found.form, fields) };
  if ((handed.finished || []).includes(sitting)) return thanksPage(thanks);
  const item = await sealedItem({ kit, tablet, handed, sitting, fields });
  if (JSON.stringify(item).length > LARGEST_BODY) return plainText("Too long.", 413);
  try {
    await keepWaiting(item, handed.id);
  } catch {
    const reply = await deliver(item);
    if (!reply.isKept) return plainText("It can neither be kept nor sent now.", 503);
    return thanksPage(withTold(thanks, reply));
  }
  told.set(item.sitting, {});
  const sending = sendAfter();
  event.waitUntil(sending);
  return thanksPage(withTold(thanks, await soonTold(item, sending)));
};

// A tick that asks for a person is known here, too; a worry in words only the server can find.
const asksForSomebody = (form, fields) => (form.asks || []).some(
  ([question, option]) => fields.some(([name, value]) => name === question && value === option),
);

const withTold = (thanks, { receipt, worried }) => ({ ...thanks, receipt, worried: thanks.worried || Boolean(worried) });

const sealedItem = async ({ kit, tablet, handed, sitting, fields }) => {
  const { form, page } = handed.found;
  const sealed = await seal(kit.key, sitting, {
    code: null,
    slug: form.slug,
    version: form.version,
    variant: page.variant || null,
    language: page.lang,
    fields,
    setting: { point: page.point || "", session_date: null, conference: null },
    handed_over_at: handed.at,
    finished_at: new Date().toISOString(),
  });
  return { sitting, ...sealed, token: tablet.token, at: Date.now(), title: form.short_title || form.title };
};

const sendAfter = async () => {
  await self.registration.sync?.register("answers").catch(() => {});
  await send();
};

// Online the server's word comes within a moment: whether somebody should be met with kindness at once, and the three
// words of a sitting that had none. Nobody waits longer for it than three seconds.
const soonTold = async (item, sending) => {
  await Promise.race([sending.catch(() => {}), new Promise((done) => setTimeout(done, RECEIPT_MILLISECONDS))]);
  const reply = told.get(item.sitting) || {};
  told.delete(item.sitting);
  return reply;
};

// The cached page of thanks that fits, with the three words if there are any.
const thanksPage = async ({ kit, found: { form, page }, sitting, receipt, worried }) => {
  const variant = (form.variants || []).find((each) => (each.key || "") === (page.variant || "")) || {};
  const look = variant.look || form.look, respondent = variant.respondent || form.respondent;
  const words = receipt || (await wordsOf(sitting));
  const fits = (each) => each.look === look && each.respondent === respondent && each.lang === page.lang
    && each.receipt === Boolean(words);
  const ours = kit.thanks.filter(fits);
  const wanted = ours.find((each) => each.worried === Boolean(worried)) || ours[0];
  const cached = wanted && await caches.open(PAGES).then((cache) => cache.match(pageKey(wanted.hash))).catch(() => null);
  const said = SAID[page.lang] || SAID.en;
  const back = `<form action="${START}"><button class="go" data-tablet-back>${said.back}</button></form>`;
  if (!cached) {
    const html = `<!doctype html><html lang="${page.lang}"><head><title>${said.thanks}</title></head><body><main id="main"><section class="q on thanks"><h1 tabindex="-1">${said.thanks}</h1><p>${said.kept}</p>${words ? `<p class="receipt">${words.replaceAll("-", " ")}</p>` : ""}${back}</section></main></body></html>`;
    return htmlResponse(html, new Response("", { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  }
  const html = (await cached.text()).replaceAll(RECEIPT_GAP, words.replaceAll("-", " "));
  return htmlResponse(withKiosk(html, page.lang, SAID, () => "#none").replace("</main>", () => `${back}\n</main>`), cached);
};

// A form is over: finished, left, or nobody was there. Its sittings go; those that were used go with their words.
const over = async (id) => {
  const handed = await one("handed", id);
  if (!handed) return;
  await endHanded(id);
  for (const sitting of handed.sittings || []) await dropSitting(sitting, (handed.finished || []).includes(sitting));
};

// The start page is shown: with no form open anywhere, nothing of any form is left.
const home = async () => {
  if (await formsOpen()) return;
  for (const { id } of await everything("handed")) await over(id);
  await dropLostSittings(new Set());
  remembered = null;
};

const ASKED = {
  send: ({ forced }) => send(Boolean(forced)),
  refresh: async () => {
    await pulse();
    if (!(await formsOpen())) await refresh();
    await send();
    await dropOldShells();
    tellPages();
  },
  over: ({ id }) => over(id),
  home,
  takeOver: async () => {
    if (!(await formsOpen())) await self.skipWaiting();
  },
};

self.addEventListener("message", (event) => {
  const act = ASKED[event.data && event.data.ask];
  if (!act) return;
  const done = Promise.resolve(act(event.data)).catch(() => {}).then(() => event.ports[0]?.postMessage("done"));
  event.waitUntil(done);
});
