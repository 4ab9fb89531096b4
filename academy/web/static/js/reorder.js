// Lists with data-reorder="<address>": drag by the handle, or press the buttons; either way the server keeps the order.
const token = () => document.querySelector('meta[name="csrf-token"]').content;

async function send(list, body) {
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(list.dataset.reorder, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    list.dispatchEvent(new CustomEvent("reordered", { bubbles: true }));
  } catch {
    location.reload();
  } finally {
    list.removeAttribute("aria-busy");
  }
}

const rows = (list) => [...list.children].filter((row) => row.dataset.key);
const order = (list) => new URLSearchParams({ order: rows(list).map((row) => row.dataset.key).join(",") });

function refreshButtons(list) {
  rows(list).forEach((row, place, all) => {
    const form = row.querySelector("form[data-move]");
    form.querySelector('[value="up"]').disabled = place === 0;
    form.querySelector('[value="down"]').disabled = place === all.length - 1;
  });
}

function moveByButton(list, event) {
  const form = event.target.closest("form[data-move]");
  const row = form?.closest("[data-key]");
  if (!form || row.parentElement !== list) return;
  event.preventDefault();
  const up = event.submitter.value === "up";
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (up) other.before(row); else other.after(row);
  refreshButtons(list);
  const next = event.submitter.disabled ? form.querySelector("button:not(:disabled)") : event.submitter;
  next?.focus();
  send(list, order(list));
}

export async function loadSortable() {
  if (window.Sortable) return window.Sortable;
  const script = document.createElement("script");
  script.src = new URL("../vendor/sortablejs/Sortable.min.js", import.meta.url).href;
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return window.Sortable;
}

export async function reorderLists(root) {
  const lists = [...root.querySelectorAll("[data-reorder]:not(.ready)")];
  if (!lists.length) return;
  for (const list of lists) {
    list.classList.add("ready");
    list.addEventListener("submit", (event) => moveByButton(list, event));
  }
  const Sortable = await loadSortable();
  for (const list of lists) {
    new Sortable(list, {
      handle: ".handle",
      draggable: "[data-key]",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
      ghostClass: "ghost",
      chosenClass: "chosen",
      onEnd: ({ oldIndex, newIndex }) => {
        if (oldIndex === newIndex) return;
        refreshButtons(list);
        send(list, order(list));
      },
    });
  }
}
