// The entry: each behaviour is bound to elements that carry its data- attribute. Pages work without any of it.
import { carryTyped } from "./carried.js";
import { guardForms } from "./dirty.js";
import { confirmSubmits, openDialogs } from "./dialogs.js";
import { dressFiles } from "./files.js";
import { bindMenus, sendOnce, showPlaces, tellOutcome } from "./frame.js";
import { holdOffline } from "./line.js";
import { reorderLists } from "./reorder.js";
import { checkSizes } from "./sizes.js";
import { bindThemeSwitch } from "./appearance.js";

const autosubmitted = new WeakSet();

function closeNotices(root) {
  for (const button of root.querySelectorAll("[data-closable] [data-close]")) {
    button.hidden = false;
    button.onclick = () => button.closest("[data-closable]").remove();
  }
}

function submitFilters(root) {
  for (const form of root.querySelectorAll("form[data-autosubmit]")) {
    if (autosubmitted.has(form)) continue;
    autosubmitted.add(form);
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
    });
  }
}

function copyTexts(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const label = button.querySelector("[data-copy-label]");
      button.title = button.dataset.done;
      if (label) label.textContent = button.dataset.done;
      button.classList.add("btn-done");
    };
  }
}

// Answers that an attempt keeps in this browser until they are saved belong to the person who signs out.
function forgetAnswers() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.action?.endsWith?.("/sign-out")) return;
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("attempt.")) localStorage.removeItem(key);
    } catch { /* storage may be forbidden; nothing is kept then */ }
  });
}

function bind(root) {
  closeNotices(root);
  submitFilters(root);
  copyTexts(root);
  dressFiles(root);
  openDialogs(root);
  checkSizes(root);
  guardForms(root);
  reorderLists(root);
}

bind(document);
carryTyped();
showPlaces();
bindMenus();
confirmSubmits();
forgetAnswers();
bindThemeSwitch();
holdOffline();
sendOnce();
tellOutcome();
document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
