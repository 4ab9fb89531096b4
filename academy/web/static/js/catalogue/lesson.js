// The lesson editor: the preview follows the text, and pictures are uploaded and put where the cursor stands.
const token = () => document.querySelector('meta[name="csrf-token"]').content;
const headers = () => ({ "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json, text/html" });
const pair = document.querySelector("[data-markdown]");
const WAIT = 350;

function followText(source) {
  const shown = pair.querySelector(`[data-preview="${source.dataset.source}"]`);
  let timer = 0;
  let newest = 0;
  source.addEventListener("focus", () => visited.add(source));
  const draw = async () => {
    const mine = ++newest;
    const body = new URLSearchParams({ source: source.value });
    const answer = await fetch(pair.dataset.markdown, { method: "POST", body, headers: { ...headers(), Accept: "text/html" } });
    if (answer.ok && mine === newest) shown.innerHTML = await answer.text();
  };
  source.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => draw().catch(() => {}), WAIT); });
}

const visited = new WeakSet(); // in a text that nobody has entered the cursor stands before the first word

function insert(source, text) {
  if (!visited.has(source)) source.setSelectionRange(source.value.length, source.value.length);
  const before = source.value.slice(0, source.selectionStart);
  const gap = before && !before.endsWith("\n\n") ? "\n\n" : "";
  source.setRangeText(`${gap}${text}\n\n`, source.selectionStart, source.selectionEnd, "end");
  source.dispatchEvent(new Event("input", { bubbles: true }));
  source.focus();
}

// What was refused stands in the field that it is about, above its control.
function tell(said, fields, told) {
  fields.forEach((control) => {
    const wrong = Boolean(told) && control.name === (told.field || "image");
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    control.closest(".field").classList.toggle("wrong", wrong);
    if (!wrong) return;
    (control.closest(".file-box") || control).before(said);
    control.setAttribute("aria-describedby", [...new Set([...(control.getAttribute("aria-describedby") || "").split(" "), said.id])].join(" ").trim());
    control.focus();
  });
  said.hidden = !told;
  said.textContent = told?.error || "";
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
    tell(said, [form.elements.image, form.elements.image_alt], answer.ok ? null : { error: String(answer.status), ...told });
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
