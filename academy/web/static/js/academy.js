// The entry: each behaviour is bound to elements that carry its data- attribute. Pages work without any of it.
import { carryTyped } from "./carried.js";
import { guardForms } from "./dirty.js";
import { confirmSubmits, openDialogs } from "./dialogs.js";
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

function closeMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function markDropTargets(root) {
  for (const input of root.querySelectorAll(".upload-input")) {
    input.ondragenter = () => input.classList.add("over");
    input.ondragleave = input.ondrop = () => input.classList.remove("over");
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
  markDropTargets(root);
  openDialogs(root);
  checkSizes(root);
  guardForms(root);
  reorderLists(root);
}

function showCurrentStep() {
  const box = document.querySelector(".outline-inner");
  const current = box?.querySelector("[aria-current]");
  if (current) box.scrollTop = current.offsetTop - box.clientHeight / 2;
}

function showCurrentSection() {
  for (const current of document.querySelectorAll(".sidenav [aria-current], .tabs [aria-current]")) {
    const list = current.closest("ul");
    const [box, item] = [list.getBoundingClientRect(), current.getBoundingClientRect()];
    if (item.left < box.left || item.right > box.right) list.scrollBy({ left: item.left + item.width / 2 - box.left - box.width / 2, behavior: "instant" });
  }
}

bind(document);
carryTyped();
showCurrentStep();
showCurrentSection();
closeMenus();
confirmSubmits();
forgetAnswers();
bindThemeSwitch();
document.querySelector("[data-error-summary], main [aria-invalid=true]")?.focus();
document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
