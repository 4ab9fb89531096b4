// What was typed and not sent goes along when the language of the page changes: kept for this tab alone, and taken out on arrival.
import { leaveQuietly, unsent } from "./dirty.js";

const KEPT = "typed";
const GROWS = "[hx-post], [name=act][value$=':add']";
const TICKED = "[type=checkbox], [type=radio]";

const addressOf = (text) => { const { pathname, search } = new URL(text, location.href); return pathname + search; };
const fieldsOf = (form) => [...form.elements].filter((each) => each.name && each.name !== "csrf_token" && each.matches("input, select, textarea"));
const keyOf = (field) => (field.matches(TICKED) ? `${field.name}=${field.value}` : field.name);
const isHidden = (field) => field.type === "hidden";
const isSafe = (field) => (isHidden(field) ? field.value === field.defaultValue : !(field.value && field.matches("[type=password], [type=file]")));

function valueOf(field) {
  if (field.matches(TICKED)) return field.checked;
  return field.multiple && field.options ? [...field.selectedOptions].map((option) => option.value) : field.value;
}

function fill(field, value) {
  if (field.matches(TICKED)) field.checked = value;
  else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
}

const typedIn = (form) => fieldsOf(form).filter((field) => !isHidden(field));

// Forms that grow, or that scripts write into, cannot be filled again so simply: the browser asks before they are left.
function keep(address) {
  const forms = unsent();
  if (!forms.length || !forms.every((form) => !form.querySelector(GROWS) && fieldsOf(form).every(isSafe))) return;
  const typed = forms.map((form) => [form.getAttribute("action"), typedIn(form).map((field) => [keyOf(field), valueOf(field)])]);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([address, typed]));
    leaveQuietly();
  } catch { /* storage may be forbidden; the browser asks then */ }
}

// Choices may stand in another order in the other language, so fields are known by what they are called.
function fillForm(form, typed) {
  for (const field of typedIn(form)) {
    const place = typed.findIndex(([key]) => key === keyOf(field));
    const [found] = place < 0 ? [] : typed.splice(place, 1);
    if (found && String(found[1]) !== String(valueOf(field))) fill(field, found[1]);
  }
}

function fillAgain() {
  try {
    const [address, forms] = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    sessionStorage.removeItem(KEPT);
    if (address !== addressOf(location.href)) return;
    for (const [action, typed] of forms) {
      const form = [...document.querySelectorAll("form[data-guard]")].find((each) => each.getAttribute("action") === action);
      if (form) fillForm(form, typed);
    }
  } catch { /* storage may be forbidden; nothing was kept then */ }
}

export function carryTyped() {
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("form.language")) keep(addressOf(target.elements.next.value));
  });
  fillAgain();
}
