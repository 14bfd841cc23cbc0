// The start page of a tablet: shows the one screen that fits, hands forms over, and keeps an eye on what waits.
// While the tablet is locked it shows nothing but “please give the tablet back”.

const by = (id) => document.getElementById(id);
const SCREENS = ["unfit", "enrol", "getting", "start", "ended", "back", "pin"];
const LOOK_AGAIN = 30000, ASK_AGAIN = 1800000, LEFT_ALONE = 600000;
const heard = new BroadcastChannel("tablet");
let registration = null, shown = "", kit = null, progress = null, looking = Promise.resolve();
let touched = performance.now(), hiddenAt = Date.now();

const show = (name, title = by(name)) => {
  if (shown === name) return;
  shown = name;
  SCREENS.forEach((screen) => { by(screen).hidden = screen !== name; });
  Object.assign(by("title"), { textContent: title.dataset.title, lang: title.lang, dir: title.dir, className: name });
  by("title").focus({ preventScroll: true });
  scrollTo(0, 0);
};

// Ask the worker for something and wait until it has done it.
const ask = (message) => new Promise((done) => {
  const worker = registration && registration.active;
  if (!worker) return done();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  worker.postMessage(message, [port2]);
});

const say = (id, text) => {
  by(id).textContent = text;
  by(id).hidden = !text;
};

const plural = (number) => (number === 1 ? "1 answer waits" : `${number} answers wait`);

const waitingLine = (waiting, sent) => {
  const last = sent ? ` Last sent ${dayAndTime(sent)}.` : " Nothing has been sent from here yet.";
  return `${waiting ? `${plural(waiting)} to be sent.` : "Nothing waits to be sent."}${last}`;
};

const showBack = (lang) => {
  const all = [...document.querySelectorAll(".give")];
  const wanted = all.find((each) => each.lang === lang) || all[0];
  all.forEach((each) => { each.hidden = each !== wanted; });
  show("back", wanted);
};

const showChoice = (choice) => {
  const known = offers(kit);
  const chosen = known.some((offer) => offer.key === choice.form) ? choice.form : known[0] && known[0].key;
  showOffers(by("forms"), kit, chosen);
  const languages = kit.languages.map(({ code, name }) => ({ key: code, label: name }));
  showChips(by("languages"), by("languages-box"), "lang", languages, choice.lang || "en");
  tellChosen(choice.point);
};

const tellChosen = (point = new FormData(by("choice")).get("point")) => {
  showPoints(by("points"), by("points-box"), by("choice"), kit, point);
  const chosen = chosenNow(by("choice"), kit);
  by("hand-over").disabled = !chosen;
  if (!chosen) return say("chosen", "This form is not there in that language.");
  const language = kit.languages.find(({ code }) => code === chosen.page.lang);
  const parts = [chosen.offer.title, chosen.offer.age, language && language.name, chosen.point && chosen.point.label];
  say("chosen", parts.filter(Boolean).join(" · "));
};

const TROUBLES = {
  storage: "This tablet has almost no room left. Free some space on it. Do not hand over a form until this line has gone.",
  line: "The newest forms could not be fetched yet. The ones here still work.",
};

const showStart = async (facts) => {
  const isNew = !kit || kit.version !== facts.kit.version || shown !== "start";
  kit = facts.kit;
  by("who").textContent = [kit.tablet.name, kit.team || kit.service].filter(Boolean).join(" · ");
  say("waiting", waitingLine(facts.waiting, facts.sent));
  by("send-now").hidden = !facts.waiting;
  say("trouble", facts.kitTrouble === "storage" ? TROUBLES.storage : "");
  const late = facts.kitTrouble === "line" ? ` ${TROUBLES.line}` : "";
  const at = facts.kitAt ? `The forms were last checked ${dayAndTime(facts.kitAt)}.` : "";
  const newer = registration && registration.waiting ? " A newer version of this page starts as soon as no form is open." : "";
  say("newest", at + late + newer);
  await showHelp(by("help"), by("help-list"), tryAgain);
  if (isNew) showChoice((await state("choice")) || {});
  show("start");
};

const showEnded = (facts, why) => {
  say("ended-line", why);
  say("ended-waiting", waitingLine(facts.waiting, facts.sent));
  by("ended-send").hidden = !facts.waiting;
  show("ended");
};

const readFacts = async () => {
  const names = ["tablet", "kit", "kitAt", "kitTrouble", "locked", "revoked", "unknown", "sent", "lastLanguage"];
  const values = await Promise.all(names.map(state));
  const facts = Object.fromEntries(names.map((name, place) => [name, values[place]]));
  return { ...facts, waiting: (await everything("waiting")).length };
};

const ENDED = "Someone has switched it off on the staff pages. It offers no new form. What waits here is still sent.";
const FORGOTTEN = "The server does not know this tablet any more. Make a new code on the staff pages, under Tablets. What waits here is kept.";

// Look at what is known and show the screen that fits. One look after the other, so that the last one shows how it is:
// an older one that was held up shall not show the start page again after the tablet has been locked.
const look = () => {
  looking = looking.then(lookNow, lookNow);
  return looking;
};
const lookNow = async () => {
  const facts = await readFacts();
  if (shown === "pin" && facts.locked) return;
  if (!facts.tablet) return show("enrol");
  if (facts.locked) return showBack(facts.lastLanguage);
  if (shown === "enrol" && !facts.revoked && !facts.unknown && facts.kit) return;
  if (facts.revoked) return showEnded(facts, ENDED);
  if (facts.unknown) return showEnded(facts, FORGOTTEN);
  if (facts.kit) return showStart(facts);
  const bar = by("getting-bar");
  if (progress) Object.assign(bar, { max: progress.of, value: progress.done });
  say("getting-trouble", facts.kitTrouble ? TROUBLES[facts.kitTrouble].replace(" The ones here still work.", "") : "");
  by("getting-again").hidden = !facts.kitTrouble;
  show("getting");
};

const tryAgain = async (sitting) => {
  await waitAgain(sitting, ((await state("tablet")) || {}).token);
  await ask({ ask: "send", forced: true });
  await look();
};

const handOverNow = async () => {
  const chosen = chosenNow(by("choice"), kit), id = crypto.randomUUID();
  if (!chosen) return;
  try {
    await setState({ choice: { form: chosen.offer.key, lang: chosen.page.lang, point: chosen.page.point } });
    await handOver({ id, at: new Date().toISOString() });
  } catch {
    return say("trouble", TROUBLES.storage);
  }
  heard.postMessage("locked");
  location.assign(addressOf(chosen, id));
};

const enrolBy = async (code) => {
  const trouble = await enrol(code);
  say("enrol-trouble", trouble);
  if (trouble) return show("enrol");
  progress = null;
  shown = "";
  if (navigator.storage && navigator.storage.persist) await navigator.storage.persist().catch(() => {});
  await look();
  await ask({ ask: "refresh" });
  return look();
};

const tryTyped = async () => {
  const typed = by("pin-box").value;
  by("pin-box").value = "";
  say("pin-trouble", "");
  const outcome = await tryPin(typed, (await state("kit")).pin);
  if (outcome === "right") {
    shown = "";
    await look();
    return ask({ ask: "refresh" });
  }
  const minutes = Math.ceil(outcome / 60000);
  const wait = minutes < 2 ? "a minute" : `${minutes} minutes`;
  return say("pin-trouble", outcome === "wrong" ? "That is not the PIN." : `Too many tries. Wait ${wait}, then try again.`);
};

const listen = () => {
  by("enrol-form").onsubmit = (event) => { event.preventDefault(); enrolBy(by("enrol-code").value); };
  by("pin-form").onsubmit = (event) => { event.preventDefault(); tryTyped(); };
  by("choice").onsubmit = (event) => { event.preventDefault(); handOverNow(); };
  by("choice").onchange = () => tellChosen();
  by("to-pin").onclick = () => { say("pin-trouble", ""); show("pin"); by("pin-box").focus(); };
  by("pin-away").onclick = () => { shown = ""; look(); };
  by("enrol-anew").onclick = () => show("enrol");
  by("getting-again").onclick = by("refresh").onclick = () => ask({ ask: "refresh" }).then(look);
  by("send-now").onclick = by("ended-send").onclick = () => ask({ ask: "send", forced: true }).then(look);
  by("lock").onclick = () => lock().then(look);
  heard.onmessage = ({ data }) => { progress = data.progress || progress; look(); };
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => { touched = performance.now(); });
  addEventListener("online", () => ask({ ask: "send", forced: true }));
  document.addEventListener("visibilitychange", awake);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
  setInterval(() => goOn(false), LOOK_AGAIN);
  setInterval(() => ask({ ask: "refresh" }), ASK_AGAIN);
};

// Every window of this tablet shows at once that it is locked.
const lock = async () => {
  await setState({ locked: true });
  heard.postMessage("locked");
};

// Timers stand still while a tablet sleeps, so the clock on the wall counts for that.
const awake = () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (Math.abs(Date.now() - hiddenAt) > LEFT_ALONE) touched = -LEFT_ALONE;
  if (!document.hidden) goOn(true);
};

// Now and then: send what waits, lock a tablet that lies about, start a newer version of this program. A window that
// nobody sees locks nothing: the worker may be busy in another.
const goOn = async (isForced) => {
  if (shown === "start" && !document.hidden && performance.now() - touched > LEFT_ALONE) await lock();
  if (registration) registration.update().catch(() => {});
  await ask({ ask: "send", forced: isForced });
  await takeNewer();
  await look();
};

const takeNewer = async () => {
  if (!registration || !registration.waiting || !["start", "back", "enrol", "ended"].includes(shown)) return;
  registration.waiting.postMessage({ ask: "takeOver" });
};

const canBeTablet = () => window.isSecureContext && navigator.serviceWorker && window.indexedDB && window.caches
  && navigator.locks && window.BroadcastChannel && crypto.subtle && crypto.randomUUID;

const begin = async () => {
  if (!canBeTablet()) return show("unfit");
  const code = codeOfAddress();
  try {
    registration = await navigator.serviceWorker.register("/tablet-worker.js", { scope: "/", updateViaCache: "none" });
    const hadWorker = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => { if (hadWorker) location.reload(); });
    await navigator.serviceWorker.ready;
    await readFacts();
  } catch {
    return show("unfit");
  }
  await ask({ ask: "home" });
  listen();
  if (code && !(await state("locked"))) await enrolBy(code);
  else await look();
  await ask({ ask: "refresh" });
  await takeNewer();
  return look();
};
begin();
