// Types a paper form by keys: one for each answer, Enter to the next question, Backspace or ← back, Escape to clear.
// Every key does what a tap on the page does, so without this script nothing is missing but the speed.
const form = document.getElementById("paper");
const steps = [...form.querySelectorAll("[data-step]")];
const movesOn = form.hasAttribute("data-moves-on");
const UNREADABLE = form.dataset.unreadable;
const isText = (field) => field.matches("textarea, input:not([type])");
const fieldsOf = (step) => [...step.querySelectorAll("input:not([type=hidden]), textarea, button")];
const stepOf = (field) => steps.find((step) => step.contains(field));

const enter = (step) => {
  const fields = fieldsOf(step);
  const field = fields.find((one) => one.type === "radio" && one.checked) ?? fields[0];
  field.focus({ preventScroll: true });
  if (isText(field)) {
    field.select();
  }
  step.scrollIntoView({ block: "center" });
  for (const one of steps) {
    one.classList.toggle("typing__step--here", one === step);
  }
};

const go = (step, by) => enter(steps[Math.min(Math.max(steps.indexOf(step) + by, 0), steps.length - 1)]);

// Lines of one's own are one step with several fields: Enter goes through them first.
const nextOf = (step, field) => {
  const texts = fieldsOf(step).filter(isText);
  const place = texts.indexOf(field);
  if (place >= 0 && place < texts.length - 1 && field.value) {
    texts[place + 1].focus();
  } else {
    go(step, 1);
  }
};

const clear = (step) => {
  for (const field of fieldsOf(step)) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = false;
    } else if (isText(field) && field.value) {
      // Typed away rather than set to nothing, so that the browser's own undo brings it back.
      field.focus();
      field.select();
      document.execCommand("delete");
    }
  }
};

const choose = (step, key) => {
  const option = step.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!option) {
    return false;
  }
  if (option.type === "radio" && option.checked) {
    option.checked = false;
    return true;
  }
  option.checked = option.type === "radio" || !option.checked;
  option.focus();
  if (option.type === "radio" && movesOn) {
    go(step, 1);
  }
  return true;
};

const markUnreadable = (field) => {
  const before = field.value.slice(0, field.selectionStart);
  field.setRangeText(`${before && !before.endsWith(" ") ? " " : ""}${UNREADABLE} `, field.selectionStart, field.selectionEnd, "end");
};

const doKey = (event, step) => {
  const field = event.target;
  const inText = isText(field);
  switch (event.key) {
    case "Enter":
      if (event.ctrlKey) {
        form.requestSubmit();
      } else if (event.shiftKey || field.matches("button")) {
        return false;
      } else {
        nextOf(step, field);
      }
      return true;
    case "Escape":
      clear(step);
      return true;
    case "F2":
      if (inText && field.id !== "number") {
        markUnreadable(field);
      }
      return inText;
    case "Backspace":
    case "ArrowLeft":
      if (inText && (field.value || event.key === "ArrowLeft")) {
        return false;
      }
      go(step, -1);
      return true;
    case "ArrowRight":
      if (inText) {
        return false;
      }
      go(step, 1);
      return true;
    default:
      return !inText && !event.ctrlKey && event.key.length === 1 && choose(step, event.key.toLowerCase());
  }
};

form.addEventListener("keydown", (event) => {
  const step = stepOf(event.target);
  if (step && !event.altKey && !event.metaKey && !event.repeat && !event.isComposing && doKey(event, step)) {
    event.preventDefault();
  }
});
form.addEventListener("focusin", (event) => {
  const here = stepOf(event.target);
  for (const step of steps) {
    step.classList.toggle("typing__step--here", step === here);
  }
});
// A page that comes back from the browser's own store would be sent a second time; what it holds is kept already.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
if (!document.querySelector(".govuk-error-summary")) {
  enter(steps[0].querySelector("#number").value ? steps[1] : steps[0]);
}
