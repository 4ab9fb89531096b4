// The editor of a template: the preview follows what is typed and chosen. The page works without it, by saving.
const form = document.querySelector("form.designer-form");
const shown = document.querySelector("[data-preview]");
const WAIT = 500;
let timer = 0;
let newest = 0;

async function draw() {
  const mine = ++newest;
  shown.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(shown.dataset.preview, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch", Accept: "text/html" },
    });
    if (answer.ok && mine === newest) {
      const kept = shown.querySelector("img");
      shown.innerHTML = await answer.text();
      if (kept && !shown.querySelector("img")) shown.append(kept);
    }
  } finally {
    if (mine === newest) shown.removeAttribute("aria-busy");
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => draw().catch(() => {}), WAIT);
}
form.addEventListener("input", later);
form.addEventListener("change", later);
