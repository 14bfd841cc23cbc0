// Leaving in a hurry: a tap on the link, or Shift or Escape three times. The page is blank at once, and only then goes
// away. Nobody who comes back finds an answer: a page that is left in any way is emptied before the browser keeps it.
(() => {
const doc = document, link = doc.getElementById("leave");
const to = new URLSearchParams(link.search).get("to");
let gone, key, times, before;

const wipe = () => {
  doc.querySelectorAll("form").forEach((form) => form.reset());
  doc.body?.remove();
  self.speechSynthesis?.cancel();
};
// Without signal the other site cannot be shown. A page of our own (on a tablet) can.
const go = () => location.replace(to ? navigator.onLine ? to : "about:blank" : link.href);
// From the first screen's place in the history, so that the way back does not lead to the questions.
const goAway = () => {
  const steps = history.state?.at;
  if (!steps) return go();
  addEventListener("popstate", go);
  setTimeout(go, 200);
  history.go(-steps);
};
// The empty page is on the screen before the going begins, which costs a slow telephone far more time.
const leave = () => {
  if (gone) return;
  gone = 1;
  wipe();
  doc.title = to || "";
  requestAnimationFrame(() => setTimeout(goAway));
};

link.onclick = (event) => { event.preventDefault(); leave(); };
addEventListener("keydown", (event) => {
  if (event.repeat) return;
  times = event.key === key && event.timeStamp - before < 2e3 ? times + 1 : 1;
  key = event.key;
  before = event.timeStamp;
  if (times > 2 && (key === "Shift" || key === "Escape")) leave();
}, true);
addEventListener("pagehide", wipe);
addEventListener("pageshow", (event) => {
  if (event.persisted) gone ? go() : location.replace(location.pathname + location.search);
});
})();
