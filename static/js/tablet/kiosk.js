// Stands in a form that is open on a shared tablet: nothing of one child stays for the next. After finishing, leaving or
// 90 seconds alone everything is wiped and the start page comes back. It never wipes answers that a child has sent and
// that could be neither kept nor passed on: those it covers until they have gone.
(() => {
const doc = document, said = JSON.parse(doc.currentScript.dataset.said);
const START = "/tablet", IDLE = 90000, WARNED = 15000, SEND_AGAIN = 60000, LONGEST_GOODBYE = 400;
const handed = new URLSearchParams(location.search).get("h") || "";
let touched = performance.now(), hiddenAt = 0, isUnsent = false, isOver = false;

const ask = (message) => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  setTimeout(done, LONGEST_GOODBYE);
  if (navigator.serviceWorker.controller) navigator.serviceWorker.controller.postMessage(message, [port2]);
  else done();
});

const empty = () => {
  doc.querySelectorAll("form").forEach((form) => form.reset());
  doc.querySelectorAll("input:not([type=hidden]),textarea").forEach((box) => {
    if (box.type !== "checkbox" && box.type !== "radio") box.value = "";
    else box.checked = false;
  });
};

// Everything goes, at once; then the start page takes this page's place.
const end = async () => {
  if (isOver) return;
  isOver = true;
  if (window.speechSynthesis) speechSynthesis.cancel();
  empty();
  doc.body?.replaceChildren();
  await ask({ ask: "over", id: handed });
  location.replace(START);
};

// One window for all that is said here. Its look is set by script, because the page's policy lets no other style in.
const box = doc.createElement("dialog"), heading = doc.createElement("h2"), line = doc.createElement("p");
const button = doc.createElement("button");
button.type = "button";
button.className = "go";
button.textContent = said.here;
box.setAttribute("role", "alertdialog");
box.setAttribute("aria-labelledby", "tablet-says");
heading.id = "tablet-says";
Object.assign(box.style, { position: "fixed", inset: "0", zIndex: "2", width: "min(26rem, 92vw)", height: "fit-content", boxShadow: "0 0 0 100vmax rgb(0 0 0 / 35%)", margin: "auto", padding: "1.6rem 2rem", border: "0", borderRadius: "1.5rem", background: "Canvas", color: "inherit", font: "inherit", textAlign: "center" });
box.append(heading, line, button);
box.addEventListener("cancel", (event) => event.preventDefault());
const tell = (title, text, canClose) => {
  if (heading.textContent !== title) heading.textContent = title;
  line.textContent = text;
  button.hidden = !canClose;
  if (!box.isConnected) doc.body.append(box);
  if (box.open) return;
  // A warning leaves “Leave this page” within reach; what covers unsent answers lets nobody past.
  if (!canClose) return box.showModal();
  box.show();
  button.focus();
};
const hush = () => { if (box.open) box.close(); };

const isSpeaking = () => window.speechSynthesis && speechSynthesis.speaking;
const tick = () => {
  if (isOver || !doc.body) return;
  if (isSpeaking()) touched = performance.now();
  const left = IDLE - (performance.now() - touched);
  if (isUnsent) return left <= 0 ? tell(said.unsent, "", false) : hush();
  if (left <= 0) return end();
  if (left <= WARNED) return tell(said.still, said.clearing.replace("{n}", Math.ceil(left / 1000)), true);
  return hush();
};
const touch = () => {
  touched = performance.now();
  if (!isUnsent) hush();
};
["pointerdown", "keydown", "input"].forEach((sign) => addEventListener(sign, touch, { passive: true }));
button.addEventListener("click", touch);
setInterval(tick, 500);

// A tablet that slept: its timers stood still, so the clock on the wall counts for that.
doc.addEventListener("visibilitychange", () => {
  if (doc.hidden) hiddenAt = Date.now();
  else if (hiddenAt && Math.abs(Date.now() - hiddenAt) >= IDLE && !isUnsent) end();
});

// Did what the child sent get through? Only then may it be wiped.
const { fetch: realFetch } = window;
window.fetch = async (...asked) => {
  const isSending = asked[1] && asked[1].method === "POST";
  try {
    const reply = await realFetch(...asked);
    if (isSending) wentThrough(reply.status < 500);
    return reply;
  } catch (fault) {
    if (isSending) wentThrough(false);
    throw fault;
  }
};
const wentThrough = (isThrough) => {
  // Whoever waited for it shall see the thanks, however long they did not touch anything.
  if (isUnsent && isThrough) touched = performance.now();
  isUnsent = !isThrough;
  const old = doc.getElementById("tablet-unsent");
  if (!isUnsent && old) old.remove();
  if (!isUnsent || old) return;
  const note = doc.createElement("p");
  note.id = "tablet-unsent";
  note.className = "say";
  note.setAttribute("role", "alert");
  note.textContent = said.unsent;
  doc.querySelector("main").prepend(note);
};

// The ways out are the last page's button and “Leave this page”, which leads to the locked start page. Whatever else
// would lead out of the tablet's own pages leads nowhere.
doc.querySelectorAll('a[href="#none"]').forEach((link) => link.remove());
doc.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isBack = event.target.closest("[data-tablet-back]");
  const isAway = link && link.protocol.startsWith("http") && !(link.origin === location.origin && link.pathname.startsWith(START));
  if (isBack || isAway) event.preventDefault();
  if (isBack) end();
}, true);

// The way back leads nowhere else: the lowest step of this page is a floor.
if (handed) {
  const { state: first } = history;
  history.replaceState({ ...first, floor: true }, "");
  history.pushState(first, "");
  addEventListener("popstate", ({ state }) => { if (state && state.floor && doc.body) history.forward(); });
} else {
  const away = doc.createElement("button");
  Object.assign(away, { type: "button", className: "go", textContent: said.return });
  away.addEventListener("click", () => history.back());
  doc.querySelector("main").append(away);
}

// A page that was put aside whole must not come back with anything in it.
addEventListener("pagehide", () => { if (!isUnsent) empty(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) end(); });

doc.addEventListener("contextmenu", (event) => event.preventDefault());
doc.querySelectorAll("input[type=text]").forEach((field) => { if (field.maxLength < 0) field.maxLength = 200; });

// The whole screen, where the browser has one and the tablet's start page does not give it already.
addEventListener("click", () => {
  if (!matchMedia("(pointer: coarse)").matches || matchMedia("(display-mode: fullscreen)").matches) return;
  if (doc.documentElement.requestFullscreen) doc.documentElement.requestFullscreen().catch(() => {});
}, { once: true });

setInterval(() => ask({ ask: "send" }), SEND_AGAIN);
addEventListener("online", () => ask({ ask: "send", forced: true }));
})();
