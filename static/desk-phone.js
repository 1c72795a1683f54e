"use strict";
// Open a preview in a window as wide as a phone; without script the link opens the page itself.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-phone]");
  if (!link) return;
  if (window.open(link.href, "phone", "width=390,height=844,resizable=yes,scrollbars=yes")) event.preventDefault();
});
