// A file field with data-most refuses a larger file at once, before anything is sent: the sentence stands beside the field.
const bound = new WeakSet();

function judge(input) {
  const most = Number(input.dataset.most);
  const over = [...input.files].some((file) => file.size > most);
  const said = document.getElementById(`${input.id}-size`) ?? sentence(input);
  said.textContent = over ? input.dataset.tooLarge : "";
  said.hidden = !over;
  input.closest(".field")?.classList.toggle("wrong", over);
  if (over) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  return over;
}

function sentence(input) {
  const said = document.createElement("p");
  said.id = `${input.id}-size`;
  said.className = "error";
  said.setAttribute("role", "alert");
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
  (input.closest(".file-box") ?? input).before(said);
  return said;
}

export function checkSizes(root) {
  for (const input of root.querySelectorAll("input[type=file][data-most]")) {
    if (bound.has(input)) continue;
    bound.add(input);
    input.addEventListener("change", () => judge(input));
    input.form?.addEventListener("submit", (event) => {
      if (!judge(input) || !input.checkVisibility()) return; // one that the form hides is not what is asked for
      event.preventDefault();
      event.stopImmediatePropagation();
      input.focus();
    }, { capture: true });
  }
}
