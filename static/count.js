// Says how many characters are left, once typing pauses; the server counts in any case.
"use strict";
for (const area of document.querySelectorAll("textarea[maxlength][data-left]")) {
  const said = document.createElement("p");
  said.className = "hint count-left";
  said.setAttribute("aria-live", "polite");
  area.after(said);
  let pause;
  const say = () => {
    const left = area.maxLength - area.value.length;
    said.textContent = area.dataset.left.replace("{n}", left);
  };
  area.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(say, 600);
  });
  say();
}
