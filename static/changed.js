// What of a field is no longer as the page came: shared by whatever keeps or carries what was typed.
"use strict";
const isTicked = (one) => one.matches("[type=checkbox], [type=radio]");
const isChanged = (one) => {
  if (isTicked(one)) return one.checked !== one.defaultChecked;
  if (one.options) return [...one.options].some((option) => option.selected !== option.defaultSelected);
  return one.matches("input, textarea") && one.value !== one.defaultValue; // a button has a value too
};
