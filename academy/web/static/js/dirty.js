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

window.addEventListener("beforeunload", (event) => {
  const unsent = [...guarded].some(({ form, before, sent }) => !sent && form.isConnected && written(form) !== before);
  if (unsent) event.preventDefault();
});
window.addEventListener("pageshow", () => { for (const entry of guarded) entry.sent = false; });
