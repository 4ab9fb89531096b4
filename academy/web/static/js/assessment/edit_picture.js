// The picture of a question in the editor: areas are drawn on it and spots put on it by hand. The fields with numbers stay
// what is sent; they can be written as well, and the picture follows.
const SVG = "http://www.w3.org/2000/svg";
const FAR = 0.8;
const box = document.querySelector("[data-edit-picture]");
const stage = box?.querySelector("[data-stage]");
const tenth = (value) => Math.round(Math.min(100, Math.max(0, value)) * 10) / 10;
const latin = (text) => text.replace(/[٠-٩]/g, (digit) => "٠١٢٣٤٥٦٧٨٩".indexOf(digit)).replace(/٫/g, ".");
const numbersIn = (field) => latin(field.value).split(/[\s;،؛|]+/).filter(Boolean).map((word) => parseFloat(word));

function shape(kind, attributes) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function start() {
  const texts = JSON.parse(box.dataset.texts);
  const layer = stage.querySelector("[data-shapes]");
  const voice = box.querySelector("[data-drawing]");
  const picture = stage.querySelector("img");
  const spots = box.dataset.editPicture === "drag_on_image";
  const fields = () => [...document.querySelectorAll("input[data-place]")];
  const kindOf = (field) => (spots ? "spot" : field.closest("li").querySelector("select[name$='-shape']").value);
  const ratio = () => picture.naturalWidth / picture.naturalHeight || 1; // 0/0 until it is here; it is drawn again then
  let field = null;
  let from = null;
  let corners = [];

  const outline = (kind, numbers) => {
    if (numbers.some(Number.isNaN)) return null;
    if (kind === "spot" && numbers.length === 2) return shape("ellipse", { cx: numbers[0], cy: numbers[1], rx: 1.6, ry: 1.6 * ratio() });
    if (kind === "rectangle" && numbers.length === 4) return shape("rect", { x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3] });
    if (kind === "circle" && numbers.length === 3) return shape("ellipse", { cx: numbers[0], cy: numbers[1], rx: numbers[2], ry: numbers[2] * ratio() });
    return kind === "polygon" && numbers.length >= 4 && numbers.length % 2 === 0 ? shape("polygon", { points: numbers.join(" ") }) : null;
  };
  const refresh = () => {
    const drawn = fields().map((each) => {
      const made = outline(kindOf(each), numbersIn(each));
      const right = each.closest("li").querySelector("input[name$='-correct']")?.checked;
      made?.setAttribute("class", `edit-area${right ? " right-area" : ""}${each === field ? " current" : ""}`);
      return made;
    });
    layer.replaceChildren(...drawn.filter(Boolean));
  };
  const write = (numbers) => {
    field.value = numbers.map(tenth).join(" ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const finish = () => {
    if (!field) return;
    const done = field;
    voice.textContent = texts.done.replace("{numbers}", done.value);
    field = from = null;
    corners = [];
    stage.classList.remove("drawing");
    refresh();
    done.focus();
  };
  const begin = (chosen) => {
    field = chosen;
    corners = [];
    stage.classList.add("drawing");
    voice.textContent = { spot: texts.placing, polygon: texts.corners }[kindOf(chosen)] ?? texts.drawing;
    stage.scrollIntoView({ block: "center", behavior: "instant" });
    refresh();
  };
  const at = (event) => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return [tenth(((event.clientX - left) / width) * 100), tenth(((event.clientY - top) / height) * 100)];
  };
  const between = ([x, y]) => {
    if (kindOf(field) === "circle") return [...from, Math.hypot(x - from[0], (y - from[1]) / ratio())];
    return [Math.min(x, from[0]), Math.min(y, from[1]), Math.abs(x - from[0]), Math.abs(y - from[1])];
  };

  stage.addEventListener("pointerdown", (event) => {
    if (!field || event.button !== 0) return;
    event.preventDefault();
    const kind = kindOf(field);
    if (kind === "polygon") {
      corners.push(...at(event));
      write(corners);
    } else if (kind === "spot") {
      write(at(event));
      finish();
    } else {
      from = at(event);
      stage.setPointerCapture(event.pointerId);
    }
  });
  stage.addEventListener("pointermove", (event) => { if (field && from) write(between(at(event))); });
  stage.addEventListener("pointerup", (event) => {
    if (!field || !from) return;
    const [x, y] = at(event);
    if (Math.hypot(x - from[0], y - from[1]) < FAR) from = null;
    else finish();
  });
  document.addEventListener("keydown", (event) => {
    if (!field || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    finish();
  });
  const addButtons = () => {
    for (const each of fields()) {
      if (each.parentElement.querySelector("[data-draw]")) continue;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: texts.draw });
      button.dataset.draw = "";
      button.addEventListener("click", () => begin(each));
      each.after(button);
    }
    refresh();
  };
  document.addEventListener("input", (event) => { if (event.target.closest(".question-rows")) refresh(); });
  document.addEventListener("htmx:afterSettle", () => { field = from = null; addButtons(); });
  picture.addEventListener("load", refresh);
  addButtons();
}

if (stage) start();
