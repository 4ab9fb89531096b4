// A form with data-guard warns before the page is left with something typed and not sent.
const guarded = new Set();

const written = (form) => new URLSearchParams(
  [...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]),
).toString();

export function guardForms(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    if ([...guarded].some((entry) => entry.form === form)) continue;
    const entry = { form, before: written(form), sent: false };
    form.addEventListener("submit", () => { entry.sent = true; });
    guarded.add(entry);
  }
}

const isUnsent = ({ form, before, sent }) => !sent && form.isConnected && written(form) !== before;

/** The forms that hold what was typed and is kept nowhere: changed since the page was opened, or refused. */
export function unsent() {
  return [...guarded].filter((entry) => isUnsent(entry) || entry.form.querySelector("[aria-invalid=true]")).map(({ form }) => form);
}

/** A form was not sent after all. */
export function stay(form) {
  for (const entry of guarded) if (entry.form === form) entry.sent = false;
}

/** Let the page be left without a warning, once. */
export function leaveQuietly() {
  for (const entry of guarded) entry.sent = true;
}

window.addEventListener("beforeunload", (event) => {
  if ([...guarded].some(isUnsent)) event.preventDefault();
});
window.addEventListener("pageshow", () => { for (const entry of guarded) entry.sent = false; });
