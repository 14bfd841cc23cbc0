// Tells, beside the code that sets a tablet up, when the tablet has used it. Without this script a link does the same.
const PAUSE = 3000;
const state = document.querySelector("#state");
const said = document.querySelector("#said");

async function look() {
  try {
    const answer = await fetch(state.dataset.address, { credentials: "same-origin" });
    if (answer.redirected) return; // signed out: the link leads to the sign-in page
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("#tablet")?.dataset.state;
    if (now === "done" || now === "over") {
      said.textContent = state.dataset[now];
      document.querySelector(".voice-picture").hidden = true;
      return;
    }
  } catch {
    // The line is down; it may come back.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
