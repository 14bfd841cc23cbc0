// Gives the reading room its keys. Every key presses a button, follows a link or opens a part that stands on the page,
// so without this script nothing is missing but the speed.
const OFF = "voice-reading-keys-off";
const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=hidden]), select, textarea";
let isSending = false;

const areOff = () => {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false;
  }
};

const open = (part) => {
  part.open = !part.open;
  const inside = part.querySelector("input:not([type=hidden]), select, textarea");
  (part.open && inside ? inside : part.querySelector("summary")).focus();
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (event.target.matches(FIELDS)) {
      event.target.blur();
    }
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.matches(FIELDS) || areOff()) {
    return;
  }
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted || isSending) {
    return;
  }
  event.preventDefault();
  if (wanted.matches("details")) {
    open(wanted);
  } else {
    wanted.click();
  }
});

// A second press while the page is still going would do the same thing twice.
document.addEventListener("submit", () => {
  isSending = true;
});
window.addEventListener("pageshow", () => {
  isSending = false;
});

const toggle = document.getElementById("keys-switch");
if (toggle) {
  const show = () => {
    toggle.textContent = areOff() ? toggle.dataset.off : toggle.dataset.on;
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    localStorage.setItem(OFF, areOff() ? "no" : "yes");
    show();
  });
  show();
}

// Words to hide: the arrows go from word to word, and with Shift they tick on the way.
const board = document.querySelector(".reading__board");
if (board) {
  const words = [...board.querySelectorAll("input[type=checkbox]")];
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  board.addEventListener("keydown", (event) => {
    const at = words.indexOf(event.target);
    const next = words[at + (steps[event.key] ?? 0)];
    if (at < 0 || !steps[event.key]) {
      return;
    }
    event.preventDefault();
    if (next) {
      next.focus();
      if (event.shiftKey) {
        next.checked = event.target.checked;
      }
    }
  });
}
