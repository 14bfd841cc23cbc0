// Lets Escape close what marked words say, wherever they stand. Without this script they say it all the same, and stop
// when the pointer or the keyboard goes on.
const hush = (isHushed) => {
  for (const words of document.querySelectorAll(".reading__words")) {
    words.classList.toggle("reading__words--hushed", isHushed);
  }
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    hush(true);
  }
});
for (const mark of document.querySelectorAll(".reading__mark")) {
  mark.addEventListener("focus", () => hush(false));
  mark.addEventListener("pointerenter", () => hush(false));
}
