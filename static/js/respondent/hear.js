// Hear it: a tap on “Listen” reads the screen aloud with the device's own voices; from then on what is chosen, or reached
// by keyboard, says its words. It never starts by itself, stops when the screen changes or is left, and shows no button
// where no voice of the device speaks the page's language. Voices that a browser fetches from elsewhere are never used.
(() => {
const doc = document, voice = self.speechSynthesis, button = doc.getElementById("hear");
if (!voice || !button) return;
const label = button.lastChild, listen = label.textContent;
let asked, told;

const tongue = (code) => code.slice(0, 2).toLowerCase();
const speaker = (lang) => {
  const own = voice.getVoices().filter((one) => one.localService && tongue(one.lang) === tongue(lang));
  return own.find((one) => one.lang.slice(3, 5) === "GB") || own[0];
};
const look = () => button.classList.toggle("gone", !speaker(doc.documentElement.lang));
const point = (block) => {
  told?.classList.remove("heard");
  told = block;
  told?.classList.add("heard");
  told?.scrollIntoView({ block: "nearest" });
  label.textContent = told ? button.dataset.stop : listen;
};
const hush = () => { voice.cancel(); point(); };
const say = (blocks) => {
  hush();
  blocks.forEach((block) => {
    const one = speaker(block.closest("[lang]").lang);
    if (!one) return;
    const words = new SpeechSynthesisUtterance(block.innerText);
    words.voice = one;
    words.lang = one.lang;
    words.rate = .9;
    words.onstart = () => point(block);
    words.onend = () => { if (told === block) point(); };
    voice.speak(words);
  });
};
// Every block of words that can be seen: first what is asked and answered, then the help, then what stands on top.
const seen = () => {
  const blocks = new Set();
  ["main", "aside", ".demo", "header"].forEach((which) => doc.querySelectorAll(which).forEach((part) => gather(part, blocks)));
  return [...blocks];
};
const gather = (part, blocks) => {
  const walk = doc.createTreeWalker(part, 4);
  while (walk.nextNode()) {
    const { parentElement: place } = walk.currentNode;
    const block = place.closest("h1,h2,h3,p,li,label,button,summary,a") || place;
    if (walk.currentNode.data.trim() && place.checkVisibility({ visibilityProperty: true })
      && block.offsetWidth > 1 && block !== button && !place.closest("textarea")) blocks.add(block);
  }
};

button.onclick = () => {
  asked = label.textContent === listen;
  asked ? say(seen()) : hush();
};
doc.addEventListener("click", ({ target }) => {
  if (button.contains(target)) return;
  hush();
  if (asked && /radio|checkbox/.test(target.type)) say([target.closest("label")]);
}, true);
doc.addEventListener("focusin", ({ target }) => {
  const block = target.matches(":focus-visible") && target !== button && target.closest("label,button,summary,a");
  if (asked && block) say([block]);
});
doc.addEventListener("submit", hush, true);
doc.addEventListener("visibilitychange", hush);
addEventListener("pagehide", hush);
addEventListener("popstate", hush);
voice.onvoiceschanged = look;
look();
})();
