// Shows how far the reading of all comments is. Without this script the link “Look again” does the same.
const PAUSE = 5000;
const place = document.querySelector("#progress");

async function look() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("#progress");
    if (!answer.ok || answer.redirected) return; // signed out: the link leads to the sign-in page
    if (now === null) {
      place.textContent = "Everything has been read. Look again to compare.";
      place.setAttribute("role", "status");
      return;
    }
    place.innerHTML = now.innerHTML;
    if (now.dataset.running !== "yes") return;
  } catch {
    // The line is down; it may come back.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
