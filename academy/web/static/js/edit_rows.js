// Rows of a form are exchanged by htmx; this puts the focus where the work goes on: into a new row, or along
// with a row that was moved.
function focusAfter(list, act) {
  const [, place, verb] = act.split(":");
  const rows = [...list.querySelectorAll(":scope > ol > li")];
  if (place === "add") {
    rows.at(-1)?.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    return;
  }
  const step = { up: -1, down: 1, remove: 0 }[verb] ?? 0;
  const row = rows[Math.min(Number(place) + step, rows.length - 1)];
  const button = row?.querySelector(`button[value$=":${verb}"]:not(:disabled)`) ?? row?.querySelector("button:not(:disabled)");
  (button ?? list.querySelector('button[value$=":add"]'))?.focus();
}

document.addEventListener("htmx:afterSettle", (event) => {
  const pressed = event.detail.requestConfig?.elt;
  const list = pressed && document.getElementById(event.detail.target?.id ?? "");
  if (list && pressed.name === "act") focusAfter(list, pressed.value);
});
