// Dialogs: openers for browsers without invoker commands, and a question before a form that carries data-confirm.
export function openDialogs(root) {
  if ("commandForElement" in HTMLButtonElement.prototype) return;
  for (const button of root.querySelectorAll("[data-dialog-open]")) {
    button.onclick = () => document.getElementById(button.dataset.dialogOpen).showModal();
  }
  for (const button of root.querySelectorAll("[data-dialog-close]")) {
    button.onclick = () => button.closest("dialog").close();
  }
}

export function ask({ title, text, ok, grave }) {
  const dialog = document.querySelector("[data-confirm-dialog]");
  const heading = dialog.querySelector("[data-confirm-title]");
  const button = dialog.querySelector("[data-confirm-ok]");
  heading.textContent = title || heading.dataset.default;
  dialog.querySelector("[data-confirm-text]").textContent = text;
  button.textContent = ok || button.dataset.default;
  button.className = grave ? "btn btn-danger" : "btn btn-primary";
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

export function confirmSubmits() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const asked = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!asked.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopPropagation();
    const { confirm: text, confirmLabel: ok, confirmTitle: title } = asked.dataset;
    const { submitter } = event;
    if (!(await ask({ title, text, ok, grave: submitter?.classList.contains("btn-danger") }))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  }, true);
}
