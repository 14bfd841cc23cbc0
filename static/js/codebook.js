// Shows what a theme's phrases match while somebody writes them. Without this script the button does the same.
const form = document.querySelector("#theme");
const place = document.querySelector("#matches");
const PHRASES = new Set(["patterns", "hints", "unless"]);
const PAUSE = 1000; // each try reads comments and is noted in the record, so it waits until the hand rests
let waiting;
let asked = 0;

async function show() {
  const mine = ++asked;
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.dataset.matches, { method: "POST", body, credentials: "same-origin" });
    const text = await answer.text();
    // Another page, such as the sign-in page, is no answer to this.
    if (mine === asked && !answer.redirected && (answer.ok || answer.status === 422)) place.innerHTML = text;
  } catch {
    // The line is down: the button says so when it is pressed.
  }
}

form.addEventListener("input", (event) => {
  if (!PHRASES.has(event.target.name)) return;
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
});
