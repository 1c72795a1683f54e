// Keeps the answers of a page while they are given; without script they are kept when the page is sent.
"use strict";
const form = document.querySelector("form[data-autosave]");
if (form) {
  const said = document.createElement("p");
  said.className = "hint";
  said.setAttribute("role", "status");
  form.append(said);
  let pause, keeping, waits = false;

  const keep = async () => {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name); // files go with the page
    body.set("autosave", "1");
    try {
      const answer = await fetch(location.href, { method: "POST", body, redirect: "error" });
      const kept = answer.ok ? await answer.json() : { said: "" };
      if (kept.seen) form.elements.seen.value = kept.seen;
      said.textContent = kept.said;
    } catch {
      said.textContent = ""; // offline, or signed out: what was typed goes with the page
    }
    keeping = undefined;
    if (waits) start();
  };
  const start = () => {
    waits = Boolean(keeping);
    keeping ??= keep();
  };

  const soon = (after) => {
    clearTimeout(pause);
    pause = setTimeout(start, after);
  };
  // On a slow line something may have been answered before this script came.
  if ([...form.elements].some(isChanged)) soon(800);
  form.addEventListener("input", () => soon(3000));
  form.addEventListener("change", () => soon(800));
  // A page sent while its answers are being kept would look like a second window.
  form.addEventListener("submit", async (event) => {
    clearTimeout(pause);
    waits = false;
    if (!keeping) return;
    event.preventDefault();
    const button = event.submitter;
    await keeping;
    form.requestSubmit(button);
  });
}
