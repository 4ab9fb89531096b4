// Without a line a form stays where it is: the browser would put a page of its own in its place, and what was typed would be out of sight.
import { stay } from "./dirty.js";

const passing = new WeakSet();

// A browser without any network says so even where the academy is on the same machine: only an answer tells.
async function answers() {
  try {
    await fetch("/health/live", { method: "HEAD", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

function tell() {
  forget();
  const notice = document.querySelector("#no-line").content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-close]").hidden = false;
  notice.querySelector("[data-close]").onclick = forget;
  document.body.append(notice);
}

function forget() {
  document.querySelector(".no-line")?.remove();
}

export function holdOffline() {
  addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (navigator.onLine || event.defaultPrevented || form.method === "dialog" || passing.delete(form)) return;
    event.preventDefault();
    stay(form);
    if (!(await answers())) return tell();
    passing.add(form);
    form.requestSubmit(submitter);
  });
  document.addEventListener("htmx:sendError", tell);
  addEventListener("online", forget);
}
