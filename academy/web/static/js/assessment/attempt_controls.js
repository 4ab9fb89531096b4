// Reads and fills the controls of a question. The shapes are those that the server's question types read.
const inputs = (sheet, kind) => [...sheet.querySelectorAll(kind)].filter((input) => input.name.startsWith(sheet.dataset.prefix));
const token = (sheet, select) => select.name.slice(sheet.dataset.prefix.length + 1);

function selects(sheet, convert) {
  const filled = inputs(sheet, "select").filter((select) => select.value !== "");
  return Object.fromEntries(filled.map((select) => [token(sheet, select), convert(select.value)]));
}

function fillSelects(sheet, values) {
  for (const select of inputs(sheet, "select")) select.value = String(values?.[token(sheet, select)] ?? "");
}

function check(sheet, chosen) {
  for (const input of inputs(sheet, "input")) input.checked = chosen.includes(input.value);
}

const checked = (sheet) => inputs(sheet, "input:checked").map((input) => input.value);
const choice = { read: (sheet) => ({ choice: checked(sheet)[0] ?? "" }), fill: (sheet, raw) => check(sheet, [raw.choice]) };
const TYPED = "input[type=text], textarea";
const text = {
  read: (sheet) => ({ text: inputs(sheet, TYPED)[0].value }),
  fill: (sheet, raw) => { inputs(sheet, TYPED)[0].value = raw.text ?? ""; },
};

const pairs = {
  read: (sheet) => ({ pairs: selects(sheet, String) }),
  fill: (sheet, raw) => { fillSelects(sheet, raw.pairs); sheet.dispatchEvent(new Event("filled")); },
};

// One field for each gap, typed or chosen.
const gapFields = (sheet) => [...inputs(sheet, "input[type=text]"), ...inputs(sheet, "select")];
const fields = (sheet) => Object.fromEntries(gapFields(sheet).filter((field) => field.value !== "").map((field) => [token(sheet, field), field.value]));
function fillFields(sheet, values) {
  for (const field of gapFields(sheet)) field.value = values?.[token(sheet, field)] ?? "";
  sheet.dispatchEvent(new Event("filled"));
}

// One set of radio buttons for each statement.
const rated = (sheet) => Object.fromEntries(inputs(sheet, "input:checked").map((input) => [token(sheet, input), input.value]));
function rate(sheet, values) {
  for (const input of inputs(sheet, "input[type=radio]")) input.checked = values?.[token(sheet, input)] === input.value;
}

// Points typed or marked on a picture, and areas ticked in a list.
const points = (sheet) => inputs(sheet, "input[data-mark]");
const marked = (sheet) => ({ marks: [...points(sheet).map((field) => field.value).filter(Boolean), ...checked(sheet)] });
function mark(sheet, given) {
  const places = given.filter((each) => !/^p\d+$/.test(each));
  points(sheet).forEach((field, index) => { field.value = places[index] ?? ""; });
  for (const input of inputs(sheet, "input:is([type=radio], [type=checkbox])")) input.checked = given.includes(input.value);
  sheet.dispatchEvent(new Event("filled"));
}

// The fields of an imported item: every control by its name after the prefix, with the values it sends.
const named = (sheet) => inputs(sheet, "input, select, textarea").map((input) => [token(sheet, input), input]);
const ticked = (input) => input.type === "checkbox" || input.type === "radio";

function readAnswers(sheet) {
  const answers = {};
  for (const [name, input] of named(sheet)) {
    if (input.value !== "" && (!ticked(input) || input.checked)) (answers[name] ??= []).push(input.value);
  }
  return { answers };
}

function fillAnswers(sheet, { answers = {} }) {
  for (const [name, input] of named(sheet)) {
    const values = answers[name] ?? [];
    if (ticked(input)) input.checked = values.includes(input.value);
    else input.value = values[0] ?? "";
  }
}

const order = {
  read: (sheet) => ({ places: selects(sheet, Number) }),
  fill: (sheet, raw) => { fillSelects(sheet, raw.places); sheet.dispatchEvent(new Event("filled")); },
};

const KINDS = {
  single: choice,
  true_false: choice,
  multiple: { read: (sheet) => ({ choices: checked(sheet) }), fill: (sheet, raw) => check(sheet, raw.choices ?? []) },
  numeric: text,
  short_text: text,
  essay: text,
  ordering: order,
  ranking: order,
  qti: { read: readAnswers, fill: fillAnswers },
  matching: pairs,
  categories: pairs,
  drag_on_image: pairs,
  hotspot: { read: marked, fill: (sheet, raw) => mark(sheet, raw.marks ?? []) },
  calculated: text,
  gap_fill: { read: (sheet) => ({ gaps: fields(sheet) }), fill: (sheet, raw) => fillFields(sheet, raw.gaps) },
  matrix: { read: (sheet) => ({ ratings: rated(sheet) }), fill: (sheet, raw) => rate(sheet, raw.ratings) },
};

export const read = (sheet) => KINDS[sheet.dataset.kind].read(sheet);
export const fill = (sheet, raw) => KINDS[sheet.dataset.kind].fill(sheet, raw);
export const isTyped = (field) => field.matches("input[type=text], textarea, [data-typed]");

// The words of an essay, counted as the academy counts them; a file that is chosen is sent at once, and with it the page.
export function helpWriting(sheet, inDigits) {
  const count = sheet.querySelector("[data-word-count]");
  const area = sheet.querySelector("textarea");
  if (!count || !area) return;
  const words = () => (area.value.match(/[\p{L}\p{N}\p{M}\u200c\u200d'’_-]+(?:[.,٫٬](?=\p{N})[\p{N}]+)*/gu) ?? []).filter((run) => /[\p{L}\p{N}]/u.test(run)).length;
  const show = () => { count.textContent = count.dataset.wordCount.replace("{count}", inDigits(words())); };
  area.addEventListener("input", show);
  count.hidden = false;
  show();
}

export function sendFiles(sheet) {
  const now = sheet.querySelector("[data-upload-now]");
  sheet.querySelector("[data-upload]")?.addEventListener("change", (event) => { if (event.target.files.length) now.click(); });
}

// Putting in order with buttons: the selects stay what is sent, the rows move.
export function orderByButtons(sheet, say, texts, digits) {
  const list = sheet.querySelector("[data-order-list]");
  if (!list) return;
  const rows = () => [...list.querySelectorAll("[data-order-row]")];
  const place = (row) => Number(row.querySelector("select").value || 1e6);
  const shown = (number) => String(number).replace(/\d/g, (digit) => digits[digit]);
  const agree = document.createElement("button");

  const refresh = () => {
    const answered = rows().every((row) => row.querySelector("select").value);
    list.classList.toggle("answered", answered);
    agree.hidden = answered;
    rows().forEach((row, index, all) => {
      row.dataset.place = shown(index + 1);
      row.querySelector("[data-up]").disabled = index === 0;
      row.querySelector("[data-down]").disabled = index === all.length - 1;
    });
  };
  const sort = () => {
    list.append(...rows().sort((one, other) => place(one) - place(other)));
    refresh();
  };
  const settle = () => {
    rows().forEach((row, index) => { row.querySelector("select").value = String(index + 1); });
    refresh();
    list.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const move = (row, up, button) => {
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (up) other.before(row); else other.after(row);
    settle();
    (button.disabled ? row.querySelector(".order-moves button:not(:disabled)") : button).focus();
    const place = shown(rows().indexOf(row) + 1);
    say(texts.placed.replace("{title}", row.dataset.title).replace("{place}", place).replace("{total}", shown(rows().length)));
  };

  for (const row of rows()) {
    const moves = document.createElement("span");
    moves.className = "order-moves";
    for (const up of [true, false]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn-bare";
      button.dataset[up ? "up" : "down"] = "";
      button.setAttribute("aria-label", (up ? texts.up : texts.down).replace("{title}", row.dataset.title));
      button.append(document.querySelector(up ? "#order-icons .up" : "#order-icons .down").cloneNode(true));
      button.addEventListener("click", () => move(row, up, button));
      moves.append(button);
    }
    row.append(moves);
  }
  agree.type = "button";
  agree.className = "btn btn-quiet btn-sm";
  agree.textContent = texts.keepOrder;
  agree.addEventListener("click", () => { settle(); list.querySelector(".order-moves button:not(:disabled)").focus(); });
  list.after(agree);
  list.classList.add("ready");
  sheet.addEventListener("filled", sort);
  sort();
}
