// What the server did not take: shown to the worker with what to do, never what was said. Nothing is ever thrown away
// here; each stays sealed until the server has it.

const HELP = {
  401: "The server does not know this tablet any more. Set the tablet up again, then press “Try again”.",
  409: "Other answers had come from the same form before. The server has kept these as well, and a person will look at them. Tell your safeguarding lead.",
  410: "The child took this answer back. It is not kept again. Tell your data-protection officer if that is wrong.",
  413: "It is longer than the server takes. Call your administrator and leave it on this tablet until they say so.",
  422: "The server could not read it. Call your administrator and leave it on this tablet until they say so.",
};
const HELP_OTHERWISE = "The server refused it. Call your administrator and leave it on this tablet until they say so.";

const dayAndTime = (moment) => new Date(moment).toLocaleString("en-GB", {
  day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit",
});

const helpItem = (item, tryAgain) => {
  const entry = document.createElement("li"), button = document.createElement("button");
  for (const text of [`${item.title}, filled in ${dayAndTime(item.at)} by this tablet’s clock.`, HELP[item.status] || HELP_OTHERWISE]) {
    const line = document.createElement("p");
    line.textContent = text;
    entry.append(line);
  }
  button.type = "button";
  button.textContent = "Try again";
  button.onclick = () => tryAgain(item.sitting);
  entry.append(button);
  return entry;
};

const showHelp = async (box, list, tryAgain) => {
  const items = (await everything("help")).sort((first, second) => first.at - second.at);
  box.hidden = !items.length;
  list.replaceChildren(...items.map((item) => helpItem(item, tryAgain)));
  return items.length;
};
