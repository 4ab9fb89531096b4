// The wording of letters: variables are put where the cursor was, and the preview follows what is typed. The page works without it.
const form = document.querySelector("form.wording");
const shown = document.querySelector("[data-wording-preview]");
const WAIT = 400;
let last = form.querySelector("textarea, input[type=text]");
let timer = 0;
let newest = 0;

async function draw() {
  const mine = ++newest;
  const answer = await fetch(shown.dataset.wordingPreview, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "fetch", Accept: "text/html" },
  });
  if (answer.ok && mine === newest) shown.innerHTML = await answer.text();
}

form.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea, input[type=text]")) last = event.target;
});
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => draw().catch(() => {}), WAIT);
});
last.setSelectionRange(last.value.length, last.value.length);
for (const button of form.querySelectorAll("[data-insert]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    // At the end of what is selected: a field that the keyboard came to is selected as a whole, and must not be replaced.
    last.setRangeText(button.dataset.insert, last.selectionEnd, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
  });
}
