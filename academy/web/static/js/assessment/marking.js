// Marking places on a picture: by mouse, touch or keyboard. The plain fields stay what is sent; a place is written there
// as percent across and down. Where areas lie is known to the academy alone.
const NEAR = 22;
const SVG = "http://www.w3.org/2000/svg";
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const filled = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name]);
const tenth = (value) => Math.round(Math.min(100, Math.max(0, value)) * 10) / 10;
const placeOf = (field) => field.value.trim().split(/\s+/).map(Number);

function draw(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const circle = (x, y, r) => draw("circle", { cx: `${x}%`, cy: `${y}%`, r });

export function marks(box, texts, say) {
  const stage = box.querySelector("[data-stage]");
  const layer = box.querySelector("[data-marks]");
  const fields = [...box.querySelectorAll("input[data-mark]")];
  const ticks = [...box.querySelectorAll("input:is([type=radio], [type=checkbox])")];
  const most = Number(box.dataset.most);
  const digits = (value) => new Intl.NumberFormat(document.documentElement.lang === "ar" ? "ar-SA-u-nu-latn" : "en").format(value);
  const told = (x, y) => ({ x: digits(x), y: digits(y) });
  let cross = [50, 50];
  const cursor = draw("g", { class: "picture-cross" });
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: texts.clear });

  const given = () => fields.filter((field) => field.value.trim());
  const ticked = () => ticks.filter((input) => input.checked);
  const changed = (field) => {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const refresh = () => {
    const groups = given().map(placeOf).filter(([x, y]) => x >= 0 && y >= 0).map(([x, y]) => {
      const group = draw("g", { class: "picture-mark" });
      group.append(circle(x, y, 13), circle(x, y, 2.5));
      return group;
    });
    layer.replaceChildren(...groups, cursor);
    clear.hidden = !given().length && !ticked().length;
  };
  const showCross = () => {
    const [x, y] = cross;
    cursor.replaceChildren(
      draw("line", { x1: `${x}%`, x2: `${x}%`, y1: "0%", y2: "100%" }),
      draw("line", { x1: "0%", x2: "100%", y1: `${y}%`, y2: `${y}%` }),
    );
  };
  const nearby = (x, y) => {
    const { width, height } = stage.getBoundingClientRect();
    return given().find((field) => {
      const [otherX, otherY] = placeOf(field);
      return Math.hypot(((otherX - x) * width) / 100, ((otherY - y) * height) / 100) <= NEAR;
    });
  };
  const mark = (x, y) => {
    const taken = nearby(x, y);
    if (taken) {
      taken.value = "";
      say(texts.removed);
    } else {
      if (most === 1) {
        for (const field of fields) field.value = "";
        for (const input of ticks) input.checked = false;
      }
      const free = fields.find((field) => !field.value.trim());
      if (!free || given().length + ticked().length >= most) return say(texts.full);
      free.value = `${x} ${y}`;
      say(filled(texts.marked, told(x, y)));
    }
    refresh();
    changed(taken ?? fields[0]);
  };

  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", `${texts.stage}: ${stage.querySelector("img").alt}`);
  stage.addEventListener("click", (event) => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    cross = [tenth(((event.clientX - left) / width) * 100), tenth(((event.clientY - top) / height) * 100)];
    showCross();
    mark(...cross);
  });
  stage.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (step) {
      event.preventDefault();
      const size = event.shiftKey ? 10 : 1;
      cross = cross.map((value, axis) => tenth(value + step[axis] * size));
      showCross();
      say(filled(texts.at, told(...cross)));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      mark(...cross);
    }
  });
  for (const input of ticks) {
    input.addEventListener("change", () => {
      const over = given().length + ticked().length - most;
      if (over > 0 && most === 1) for (const field of fields) field.value = "";
      else if (over > 0) {
        input.checked = false;
        say(texts.full);
      }
      refresh();
    });
  }
  for (const field of fields) field.addEventListener("input", refresh);
  clear.addEventListener("click", () => {
    for (const field of fields) field.value = "";
    for (const input of ticks) input.checked = false;
    refresh();
    say(texts.removed);
    changed(fields[0]);
    stage.focus();
  });
  stage.after(clear);
  showCross();
  refresh();
  return refresh;
}
