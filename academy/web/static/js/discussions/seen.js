// Tells the academy that a thread was read, so that its posts are not new any more. Without scripts there is a button for that in the list.
const thread = document.querySelector("[data-seen]");

if (thread) {
  const form = new FormData();
  form.append("csrf_token", document.querySelector("meta[name=csrf-token]").content);
  fetch(thread.dataset.seen, { method: "POST", body: form, keepalive: true }).catch(() => undefined);
}
