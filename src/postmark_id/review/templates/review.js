// Keys for the buttons, links and fields of a page; it works without them, too.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (field) {
    if (event.key === "Escape") {
      field.blur();
      event.preventDefault();
    }
    // Enter in a field saves, but for a note of several lines.
    if (event.key !== "Enter" || field.matches("textarea")) return;
  }
  const goal = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const into = field ? null : document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
  if (goal) goal.click();
  else if (into) into.focus();
  else return;
  event.preventDefault();
});
