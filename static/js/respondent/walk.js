// One question a screen. Without this script the same page is one long form that works, so everything here is ease:
// a path that shows how far, only the questions that are asked, and a sending that does not give up.
// Nothing is stored in the browser, and nothing is sent before the child says so.
(() => {
const doc = document, root = doc.documentElement;
const by = (id) => doc.getElementById(id);
const form = by("form");
if (!form || !form.classList.contains("one")) return;
const say = form.dataset;
const cards = [...form.querySelectorAll(".q")];
const [start] = cards, end = by("end"), leaving = by("leaving"), before = leaving ? 1 : 0;
const nav = form.querySelector("nav"), trail = form.querySelector(".trail");
const [, walked] = trail.querySelectorAll("path"), walker = trail.querySelector("circle");
let here = start;

const boxes = (card, which) => [...card.querySelectorAll("input" + which)];
const chosen = (key) => [...form.querySelectorAll(`[name="${key}"]:checked`)].map((box) => box.value);
const answered = (card) => boxes(card, ":checked").length
  || [...card.querySelectorAll("textarea,[type=text]")].some((field) => field.value.trim());

// Is this question asked, after the answers so far? A question may offer only what was ticked at another.
const asked = (card) => {
  const [key, ...wanted] = (card.dataset.if || "").split(" ");
  if (key && !(asked(by("c-" + key)) && chosen(key).some((value) => wanted.includes(value)))) return false;
  const from = card.dataset.from;
  if (!from) return true;
  const ticked = chosen(from);
  boxes(card, "").forEach((box) => {
    const out = !ticked.includes(box.value);
    box.closest("label").hidden = out;
    if (out) box.checked = false;
  });
  return ticked.length > 0;
};
const beside = (step) => {
  const steps = cards.filter(asked);
  return steps[steps.indexOf(here) + step] || here;
};

const refresh = () => {
  const last = here === end;
  by("skip").classList.toggle("gone", last || here === leaving || "must" in here.dataset || answered(here));
  by("next").classList.toggle("gone", last);
};
const show = (card, isBack) => {
  const steps = cards.filter(asked), place = steps.indexOf(card) - before, most = steps.length - 1 - before;
  here = card;
  cards.forEach((one) => one.classList.toggle("on", one === card));
  root.classList.toggle("asking", card !== start);
  nav.hidden = card === start;
  trail.hidden = place < 1;
  trail.lastElementChild.textContent = place < most ? say.of.replace("{n}", place).replace("{m}", most - 1) : "";
  walked.setAttribute("stroke-dashoffset", 1 - place / most);
  if (place > 0) {
    const spot = walked.getPointAtLength(walked.getTotalLength() * place / most);
    walker.setAttribute("cx", spot.x);
    walker.setAttribute("cy", spot.y);
  }
  refresh();
  if (!isBack) history.pushState({ card: card.id, at: (history.state?.at || 0) + 1 }, "");
  (card.querySelector("h2") || doc.querySelector("h1")).focus({ preventScroll: true });
  scrollTo(0, 0);
};

// Say something on a card, perhaps with a button; said again, it replaces what was said before.
const tell = (card, text, label, act) => {
  card.querySelectorAll(".said").forEach((old) => old.remove());
  if (!text) return;
  const note = doc.createElement("div");
  note.className = "said";
  note.setAttribute("role", "alert");
  note.innerHTML = "<p class=say></p>";
  note.firstChild.textContent = text;
  card.querySelector("h2").after(note);
  if (!label) return;
  const button = doc.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.onclick = act;
  note.append(button);
};
const move = (step) => { tell(here); show(beside(step)); };
const goOn = () => {
  const only = boxes(here, "[data-only]:checked");
  if ("must" in here.dataset && !answered(here)) return tell(here, say.need);
  if (only.length && boxes(here, ":checked").length > 1 && !here.both) {
    const card = here;
    const words = say.both.replace("{answer}", only[0].closest("label").textContent.trim());
    return tell(here, words, say.yes, () => { card.both = 1; move(1); });
  }
  move(1);
};

// The reply takes the page's place. A form that must be mended comes back as one long form, every word in it.
const replace = (html) => {
  // Without its style: this page has its own, and its policy allows no other.
  const page = new DOMParser().parseFromString(html.replace(/<style.*?style>/, ""), "text/html");
  root.classList.remove("js", "asking");
  const help = page.querySelector("aside");
  if (!help) doc.querySelectorAll("aside,header .plain").forEach((old) => old.remove());
  doc.querySelector("main").replaceWith(page.querySelector("main"));
  doc.title = page.title;
  history.replaceState({ at: history.state?.at }, "");
  doc.querySelector("h1").focus({ preventScroll: true });
  scrollTo(0, 0);
};
const send = async () => {
  const body = new URLSearchParams(new FormData(form)), button = end.querySelector("button");
  button.hidden = nav.hidden = true;
  for (let wait = 2e3; ; wait = Math.min(wait * 2, 6e4)) {
    let reply, html;
    tell(end, say.busy);
    try {
      reply = await fetch(location.href, { method: "POST", body });
      html = await reply.text();
    } catch { reply = 0; }
    const status = reply ? reply.status : 503;
    if ([200, 409, 410, 422].includes(status)) return replace(html);
    if (status < 500) {
      button.hidden = nav.hidden = false;
      return tell(end, status === 413 ? say.long : say.refused);
    }
    await new Promise((done) => {
      tell(end, say.waiting, say.again, done);
      setTimeout(done, wait);
      addEventListener("online", done, { once: true });
    });
  }
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (here === end) send(); else goOn();
});
// A tap on what is chosen rubs it out, for radios too.
const held = {};
form.addEventListener("click", ({ target: box }) => {
  if (box.type === "radio") {
    if (held[box.name] === box) box.checked = false;
    held[box.name] = box.checked && box;
  }
  refresh();
});
form.addEventListener("input", refresh);
by("begin").onclick = by("next").onclick = goOn;
by("skip").onclick = () => move(1);
by("back").onclick = () => move(-1);
doc.addEventListener("click", (event) => {
  const link = event.target.closest('aside a[href^="#c-"]'), card = link && form.isConnected && by(link.hash.slice(1));
  if (!card) return;
  event.preventDefault();
  by("talk-help").open = false;
  show(card);
});
addEventListener("popstate", ({ state }) => {
  if (!state || !form.isConnected) return;  // a jump within the page has no state
  const card = by(state.card);
  show(card && asked(card) ? card : start, true);
});
history.replaceState({ card: "start", at: 0 }, "");
start.classList.add("on");
root.classList.add("js");
})();
