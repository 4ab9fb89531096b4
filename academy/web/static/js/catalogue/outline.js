// The outline of a course: units and activities are dragged by their handles, activities from unit to unit too.
import { loadSortable } from "../reorder.js";

const token = () => document.querySelector('meta[name="csrf-token"]').content;
const box = document.querySelector("[data-units]");
const keys = (list) => [...list.querySelectorAll(":scope > [data-key]")].map((row) => row.dataset.key);
const units = () => [...box.querySelectorAll(":scope > [data-unit]")];

async function send(address, body) {
  box.setAttribute("aria-busy", "true");
  try {
    const headers = { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" };
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(body), headers });
    if (!answer.ok) throw new Error(String(answer.status));
    refreshButtons();
  } catch {
    location.reload();
  } finally {
    box.removeAttribute("aria-busy");
  }
}

function refreshButtons() {
  const rows = [...box.querySelectorAll("[data-key]")];
  for (const all of [units(), rows]) {
    all.forEach((row, place) => {
      const form = row.querySelector("form[data-move]");
      form.querySelector('[value="up"]').disabled = place === 0;
      form.querySelector('[value="down"]').disabled = place === all.length - 1;
    });
  }
}

const sendUnits = () => send(box.dataset.units, { order: units().map((unit) => unit.dataset.unit).join(",") });
const sendActivities = () => send(box.dataset.activities, {
  plan: units().map((unit) => `${unit.dataset.unit}:${keys(unit.querySelector("[data-activity-list]")).join(",")}`).join(";"),
});

// Moved by a button, the row is in another place of a new page, and the button keeps the focus for the next step.
const MOVED = "moved";

function keepFocus() {
  box.addEventListener("submit", ({ target, submitter }) => {
    const row = target.matches("form[data-move]") && target.closest("[data-key], [data-unit]");
    if (row) sessionStorage.setItem(MOVED, JSON.stringify([row.id, submitter.value]));
  });
  const [id, way] = JSON.parse(sessionStorage.getItem(MOVED)) ?? [];
  sessionStorage.removeItem(MOVED);
  const form = id && document.getElementById(id)?.querySelector("form[data-move]");
  const button = form?.querySelector(`[value="${way}"]:not(:disabled)`) ?? form?.querySelector("button:not(:disabled)");
  // A browser that goes to the row that the address names takes the focus away until the page is there.
  if (button) addEventListener("load", () => requestAnimationFrame(() => button.focus()));
}

if (box) {
  try {
    keepFocus();
  } catch { /* storage may be forbidden; the focus is lost then */ }
  const Sortable = await loadSortable();
  const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150;
  box.classList.add("ready");
  new Sortable(box, { draggable: "[data-unit]", handle: "header .handle", animation, ghostClass: "ghost", onEnd: sendUnits });
  for (const list of box.querySelectorAll("[data-activity-list]")) {
    new Sortable(list, { group: "activities", draggable: "[data-key]", handle: ".handle", animation, ghostClass: "ghost", onEnd: sendActivities });
  }
}
