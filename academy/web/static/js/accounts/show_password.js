// A button beside each password that shows what was typed. Its words lie on the script element.
for (const field of document.querySelectorAll("input[type=password]")) {
  const words = document.getElementById("password-words");
  if (!words) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link btn-sm show-password";
  button.textContent = words.dataset.show;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = shown ? words.dataset.hide : words.dataset.show;
    field.focus();
  });
  field.form?.addEventListener("submit", () => { field.type = "password"; });
  const row = document.createElement("div");
  row.append(button);
  field.after(row);
}
