// The lesson editor: the preview follows the text, and pictures are uploaded and put where the cursor stands.
const token = () => document.querySelector('meta[name="csrf-token"]').content;
const headers = () => ({ "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json, text/html" });
const pair = document.querySelector("[data-markdown]");
const WAIT = 350;

function followText(source) {
  const shown = pair.querySelector(`[data-preview="${source.dataset.source}"]`);
  let timer = 0;
  let newest = 0;
  const draw = async () => {
    const mine = ++newest;
    const body = new URLSearchParams({ source: source.value });
    const answer = await fetch(pair.dataset.markdown, { method: "POST", body, headers: { ...headers(), Accept: "text/html" } });
    if (answer.ok && mine === newest) shown.innerHTML = await answer.text();
  };
  source.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => draw().catch(() => {}), WAIT); });
}

function insert(source, text) {
  const before = source.value.slice(0, source.selectionStart);
  const gap = before && !before.endsWith("\n\n") ? "\n\n" : "";
  source.setRangeText(`${gap}${text}\n\n`, source.selectionStart, source.selectionEnd, "end");
  source.dispatchEvent(new Event("input", { bubbles: true }));
  source.focus();
}

function bindPictures(box) {
  const form = box.closest("form");
  const said = box.querySelector("[data-picture-error]");
  box.querySelector("[data-insert-picture]").addEventListener("click", async (event) => {
    event.preventDefault();
    const body = new FormData();
    const chosen = form.elements.image.files[0];
    if (chosen?.size > Number(form.elements.image.dataset.most)) return form.elements.image.focus(); // the field says so already
    if (chosen) body.append("image", chosen);
    body.append("image_alt", form.elements.image_alt.value);
    const answer = await fetch(box.dataset.pictures, { method: "POST", body, headers: { ...headers(), Accept: "application/json" } });
    const told = await answer.json().catch(() => ({}));
    said.hidden = answer.ok;
    said.textContent = told.error || String(answer.status);
    if (!answer.ok) return;
    insert(form.querySelector(`[data-source="${form.elements.image_language.value}"]`), told.markdown);
    form.elements.image.value = "";
    form.elements.image_alt.value = "";
    box.open = false;
  });
}

pair.querySelectorAll("[data-source]").forEach(followText);
pair.querySelectorAll("[data-pictures]").forEach(bindPictures);
document.documentElement.classList.add("with-script");
