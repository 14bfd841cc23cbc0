// Which form, language and point in the work: everything on one screen, with the last choice chosen already, so that a
// form is handed over by one tap, or by two when it is another.

const GROUPS = { child: "For children and young people", parent: "For parents and carers" };
const GROUP_OTHERWISE = "For professionals";

// Each form once for each of its ages, so that an age needs no tap of its own.
const offers = (kit) => kit.forms.flatMap((form) => {
  const ages = form.variants && form.variants.length ? form.variants : [null];
  return ages.map((age) => ({
    key: `${form.slug}/${(age && age.key) || "-"}`,
    form,
    variant: (age && age.key) || "",
    title: form.short_title || form.title,
    age: age ? age.label : "",
    respondent: (age && age.respondent) || form.respondent,
  }));
});

const choiceLabel = (name, value, text, small, isChosen) => {
  const label = document.createElement("label"), box = document.createElement("input"), words = document.createElement("span");
  label.className = "choice";
  Object.assign(box, { type: "radio", name, value, checked: isChosen });
  words.textContent = text;
  if (small) {
    const more = document.createElement("small");
    more.textContent = small;
    words.append(more);
  }
  label.append(box, words);
  return label;
};

const showOffers = (box, kit, chosen) => {
  const groups = new Map();
  for (const offer of offers(kit)) {
    const heading = GROUPS[offer.respondent] || GROUP_OTHERWISE;
    groups.set(heading, [...(groups.get(heading) || []), offer]);
  }
  box.replaceChildren(...[...groups].flatMap(([heading, group]) => {
    const line = document.createElement("h2");
    line.textContent = heading;
    return [line, ...group.map((offer) => choiceLabel("form", offer.key, offer.title, offer.age, offer.key === chosen))];
  }));
};

const showChips = (box, around, name, chips, chosen) => {
  around.hidden = chips.length < 2;
  box.replaceChildren(...chips.map(({ key, label }) => choiceLabel(name, key, label, "", key === chosen)));
};

// The points of the form that is chosen; the one that stood chosen stays, where the form has it.
const showPoints = (box, around, form, kit, wanted) => {
  const offer = offers(kit).find((each) => each.key === new FormData(form).get("form"));
  const points = offer ? offer.form.points : [];
  const chosen = points.some(({ key }) => key === wanted) ? wanted : "";
  showChips(box, around, "point", [{ key: "", label: "Not said" }, ...points], chosen);
};

// What stands chosen now, and where its page is; null when the form does not exist in that language.
const chosenNow = (form, kit) => {
  const fields = new FormData(form), lang = fields.get("lang") || "en", wanted = fields.get("point") || "";
  const offer = offers(kit).find((each) => each.key === fields.get("form"));
  const point = offer && offer.form.points.find(({ key }) => key === wanted);
  const isIt = (page) => !page.easy && (page.variant || "") === offer.variant && page.point === (point ? point.key : "") && page.lang === lang;
  const page = offer && offer.form.pages.find(isIt);
  return page ? { offer, page, point } : null;
};

const addressOf = ({ offer, page }, id) => (
  `/tablet/form/${offer.form.slug}/${offer.form.version}/${page.variant || "-"}/${page.point || "-"}/${page.lang}?h=${id}`
);
