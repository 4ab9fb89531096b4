// A file field speaks the language of the page: browsers write on it in their own. The field itself stays, unseen, over what is shown.
const dressed = new WeakSet();

const span = (css) => Object.assign(document.createElement("span"), { className: css });

function name(input, shown) {
  const names = [...input.files].map((file) => file.name);
  shown.textContent = names.length ? "" : input.dataset.none;
  names.forEach((each, place) => {
    if (place) shown.append(document.documentElement.lang === "ar" ? "، " : ", ");
    shown.append(Object.assign(document.createElement("bdi"), { textContent: each }));
  });
}

function dress(input) {
  const [box, face, shown] = [span("file-box"), span("btn btn-quiet"), span("file-name")];
  face.textContent = input.dataset.choose;
  for (const each of [face, shown]) each.setAttribute("aria-hidden", "true"); // a voice reads the field
  box.classList.toggle("file-drop", input.classList.contains("upload-input"));
  input.replaceWith(box);
  box.append(input, face, shown);
  name(input, shown);
  input.addEventListener("change", () => name(input, shown));
  input.form?.addEventListener("reset", () => setTimeout(() => name(input, shown)));
  input.addEventListener("dragenter", () => box.classList.add("over"));
  for (const left of ["dragleave", "drop"]) input.addEventListener(left, () => box.classList.remove("over"));
}

export function dressFiles(root) {
  for (const input of root.querySelectorAll("input[type=file][data-choose]")) {
    if (dressed.has(input)) continue;
    dressed.add(input);
    dress(input);
  }
}
