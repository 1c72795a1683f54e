// Carries what was typed over a change of language; without script what was kept as a draft stays.
"use strict";
const PLACE = "typed";
const link = document.querySelector("a[data-carries]");
const fields = () =>
  [...document.querySelectorAll("main form :is(input, select, textarea)[name]")].filter(
    (one) => !one.matches("[type=hidden], [type=password], [type=file], [type=submit], [autocomplete=one-time-code]"),
  );
const given = (one) => {
  if (isTicked(one)) return one.checked;
  return one.multiple && one.options ? [...one.selectedOptions].map((option) => option.value) : one.value;
};
const give = (one, value) => {
  if (isTicked(one)) one.checked = value;
  else if (Array.isArray(value)) for (const option of one.options) option.selected = value.includes(option.value);
  else one.value = value;
};

try {
  // Taken out at once: what was typed is nobody else's on a computer that several use.
  const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  if (kept?.address === location.pathname + location.search)
    fields().forEach((one, place) => {
      const [name, value] = kept.fields[place] ?? [];
      if (name === one.name && value !== null) give(one, value);
    });

  link?.addEventListener("click", () => {
    // After a refused form everything was typed; on a fresh page what stood there is in its language.
    const all = link.dataset.carries === "all";
    const found = fields().map((one) => [one.name, all || isChanged(one) ? given(one) : null]);
    const to = new URL(link.href);
    if (found.some(([, value]) => value !== null))
      sessionStorage.setItem(PLACE, JSON.stringify({ address: to.pathname + to.search, fields: found }));
  });
} catch {
  // No storage: the page is shown in the other language all the same.
}
