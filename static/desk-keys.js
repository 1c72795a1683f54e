"use strict";
// Keys of the desk: move in a list, look for something, open the list of keys. Left out when switched off.
const help = document.getElementById("desk-keys");
const rows = () => [...document.querySelectorAll("#result_list tbody tr, .board tbody tr")];
const linkOf = (row) => row.querySelector("th a, td a");

// The row whose link has the focus; -1 before the first move.
const here = () => rows().findIndex((row) => row.contains(document.activeElement));

const move = (step) => {
  const all = rows().filter(linkOf);
  if (!all.length) return false;
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
  linkOf(all[next]).focus();
  all[next].scrollIntoView({ block: "nearest" });
  return true;
};

const focusOn = (selector) => {
  const found = document.querySelector(selector);
  if (!found) return false;
  found.focus();
  found.scrollIntoView({ block: "center" });
  return true;
};

const choose = () => {
  const row = rows()[here()];
  const box = row && row.querySelector("input.action-select");
  if (!box) return false;
  box.click();
  return true;
};

const back = () => {
  const crumbs = document.querySelectorAll(".breadcrumbs a");
  if (!crumbs.length) return false;
  crumbs[crumbs.length - 1].click();
  return true;
};

const show = () => {
  if (help && !help.open) help.showModal();
  return Boolean(help);
};

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: choose,
  "/": () => focusOn("#searchbar"),
  r: () => focusOn("#id_reply_text"),
  n: () => focusOn("#id_note_text"),
  u: back,
  "?": show,
};

const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (isTyping(event.target) || (help && help.open)) return;
  const act = KEYS[event.key];
  if (act && act()) event.preventDefault();
});
