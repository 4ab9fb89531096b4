// An attempt's page: keeps its answers saved, its clock right, and says honestly when either is not so.
import { Clock } from "./attempt_clock.js";
import { fill, helpWriting, isTyped, orderByButtons, read, sendFiles } from "./attempt_controls.js";
import { Company, deviceOf, isElsewhere } from "./attempt_presence.js";
import { act, isSaid, notice, showMessages } from "./attempt_notices.js";
import { arrive, rememberWay } from "./attempt_way.js";
import { placeByHand } from "./placing.js";
import { recorders } from "./recording.js";
import { Saver } from "./attempt_saving.js";
import * as store from "./attempt_store.js";
import { Stopwatch } from "./attempt_time.js";

const ASK_EVERY = 60000;
const MORE_TIME = 20;

const data = JSON.parse(document.getElementById("attempt-data").textContent);
const { texts, digits } = data;
const form = document.querySelector("[data-attempt-form]");
const submitForm = document.querySelector("[data-attempt-submit]");
const state = document.querySelector("[data-saved]");
const sheets = new Map([...document.querySelectorAll("[data-sheet]")].map((sheet) => [Number(sheet.dataset.sheet), sheet]));
const inDigits = (value) => String(value).replace(/\d/g, (digit) => digits[digit]);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const listed = (positions) => inDigits(positions.sort((one, other) => one - other).join(document.documentElement.lang === "ar" ? "، " : ", "));
const sureness = (sheet) => Number(sheet.querySelector("[data-sureness]:checked")?.value) || null;
const passing = new WeakSet();
const device = deviceOf(data.attempt);
const watch = new Stopwatch(sheets, data);
let restored = "";
let heardAt = performance.now();

function say(sentence) {
  document.querySelector("[data-attempt-say]").textContent = sentence;
}

function showState(saver) {
  if (!saver.unsaved) {
    notice("stay");
    if (restored) {
      notice("restored", `${restored} ${texts.restoredDone}`);
      restored = "";
      setTimeout(() => notice("restored"), 15000);
    }
  } else if (restored && !saver.sendable.length) {
    notice("restored"); // what is left waits for a decision, and says so itself
    restored = "";
  }
  const stuck = saver.failures > 0 || saver.late;
  const failing = stuck || [...saver.waiting.values()].some((entry) => entry.held);
  if (!saver.sendable.length) notice("waiting");
  else if (stuck) notice("waiting", texts.waiting);
  if (!state) return;
  if (!saver.unsaved) {
    if (state.dataset.state !== "none") state.dataset.state = saver.closed ? "unsaved" : "saved";
  } else if (!navigator.onLine) state.dataset.state = "offline";
  else state.dataset.state = failing ? "unsaved" : "saving";
}

function markSaved({ position, known, answered, notes }) {
  sheetError(position);
  const sheet = sheets.get(position);
  if (sheet) {
    sheet.querySelector("[data-known]").value = known;
    showNotes(sheet, notes ?? "");
  }
  const entry = document.querySelector(`[data-question="${position}"]`);
  if (!entry) return;
  const doubtful = answered && Boolean(notes);
  entry.classList.toggle("answered", answered && !doubtful);
  entry.classList.toggle("doubtful", doubtful);
  const word = entry.querySelector("[data-answered-word]");
  const { yes, no, doubt } = word.closest("[data-yes]").dataset;
  word.textContent = doubtful ? doubt : answered ? yes : no;
  const count = document.querySelectorAll("[data-question].answered").length;
  const sentence = texts.answered.replace("{answered}", inDigits(count)).replace("{total}", inDigits(data.total));
  document.querySelector("[data-answered-count]").textContent = sentence;
}

// What the academy says of a saved answer, such as that it cannot be read as a number.
function showNotes(sheet, notes) {
  const before = sheet.querySelector(".sheet-notes");
  if ((before?.textContent ?? "") === notes) return;
  before?.remove();
  if (!notes) return;
  const line = Object.assign(document.createElement("p"), { className: "sheet-notes", id: `${sheet.dataset.prefix}-notes`, textContent: notes });
  sheet.querySelector("[data-sheet-error]").before(line);
  say(notes);
}

// Put the clock right by the academy's; whoever was granted more time in the meantime is told.
function setTime(left) {
  if (left === null || !clock) return;
  if (left > clock.left() + MORE_TIME) {
    notice("more", texts.moreTime);
    say(texts.moreTime);
  }
  clock.set(left);
  clock.tick();
}

// The page as it was opened shows the newest answers already; later it has to be asked for anew.
function noteSaver(savedBy, ...acts) {
  notice("elsewhere", isElsewhere(savedBy, device) && texts.elsewhere, ...acts);
}

const anew = { url: location.pathname + location.search, label: texts.reload };

function showReceipt({ said, seconds_left: left, before }) {
  heardAt = performance.now();
  notice("signedOut");
  notice("place");
  setTime(left);
  noteSaver(before, anew);
  if (!state) return;
  state.dataset.state = "saved";
  state.querySelector("[data-saved-at]").textContent = said;
}

function sheetError(position, item) {
  if (!item) notice("stay");
  const sheet = sheets.get(position);
  if (!sheet) return errorElsewhere(position, item);
  const line = sheet.querySelector("[data-sheet-error]");
  const choices = sheet.querySelector("[data-sheet-conflict]");
  line.hidden = !item;
  line.querySelector("[data-sheet-error-text]").textContent = item?.message ?? "";
  choices.hidden = item?.verdict !== "newer";
  if (choices.hidden) return;
  const mine = act({ label: texts.keepHere, act: () => keepMine(position, item.known) });
  const newer = act({ label: texts.takeNewer, act: () => { saver.yieldTo(position); location.reload(); } });
  mine.dataset.keepMine = newer.dataset.takeNewer = "";
  choices.replaceChildren(mine, newer);
}

function keepMine(position, known) {
  sheetError(position);
  saver.insist(position, known);
}

// A question that is not on this page: said above, with the way to it and what can be decided here.
function errorElsewhere(position, item) {
  const kind = `item-${position}`;
  if (!item) return notice(kind);
  const newer = item.verdict === "newer";
  const sentence = (newer ? texts.newerThere : texts.refusedThere).replace("{number}", inDigits(position)).replace("{reason}", item.message);
  const acts = newer ? [{ label: texts.keepMine, act: () => keepMine(position, item.known) }] : [];
  const giveUp = () => { saver.yieldTo(position); sheetError(position); showState(saver); };
  acts.push({ label: newer ? texts.keepNewer : texts.giveUp, act: giveUp });
  if (data.questionUrl) acts.unshift({ url: data.questionUrl.replace("{number}", position), label: texts.toQuestion.replace("{number}", inDigits(position)) });
  return notice(kind, sentence, ...acts);
}

const saver = new Saver({
  attempt: data.attempt,
  saveUrl: data.saveUrl,
  device,
  watch,
  hooks: {
    state: showState,
    saved: markSaved,
    receipt: showReceipt,
    refused: (item) => sheetError(item.position, item),
    closed: ({ error, result_url: url }) => {
      notice("closed", error, { url, label: texts.toResult });
      clock?.stop();
    },
    elsewhere: (error) => notice("place", error),
    signedOut: () => notice("signedOut", texts.signedOut, { url: data.signInUrl, label: texts.signIn, tab: true }),
    stranger: () => notice("stranger", texts.stranger),
    stale: () => renew(),
  },
});

// Ask the academy for this page again: a fresh token after signing in anew, the true time left after sleep.
async function renew() {
  try {
    const answer = await fetch(data.pageUrl, { headers: { "X-Requested-With": "fetch", Accept: "text/html" } });
    if (answer.status === 401) return saver.hooks.signedOut();
    if (!answer.ok) return false;
    if (new URL(answer.url).pathname === data.resultUrl) return location.assign(data.resultUrl);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('meta[name="csrf-token"]').content;
    document.querySelector('meta[name="csrf-token"]').content = token;
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
    const left = page.querySelector("[data-time-left]")?.dataset.timeLeft;
    if (left !== undefined) setTime(Number(left));
    saver.soon(0);
    return true;
  } catch {
    return false;
  }
}

// Ask the academy what this page cannot know: more time, answers from elsewhere, the end of the attempt.
async function ask() {
  try {
    const answer = await fetch(data.timeUrl, { headers: { "X-Requested-With": "fetch", Accept: "application/json" } });
    if (!answer.ok) return null;
    const now = await answer.json();
    heardAt = performance.now();
    if (!now.open) {
      notice("closed", texts.ended, { url: now.result_url, label: texts.toResult });
      clock?.stop();
      return now;
    }
    setTime(now.seconds_left);
    noteSaver(now.saved_by, anew);
    return now;
  } catch {
    return null;
  }
}

setInterval(() => {
  if (document.visibilityState === "visible" && performance.now() - heardAt > ASK_EVERY - 1000 && !saver.closed) ask();
}, ASK_EVERY);

async function timeIsOver() {
  if ((await ask())?.seconds_left > 0) return;
  notice("over", texts.timeOver);
  await saver.flush();
  await Promise.all(recording.map((each) => each.finish()));
  const last = submitForm ?? Object.assign(document.createElement("form"), { method: "post", action: data.submitUrl });
  if (!submitForm) {
    const token = Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token" });
    token.value = document.querySelector('meta[name="csrf-token"]').content;
    last.append(token);
    document.body.append(last);
  }
  leaving = true;
  last.submit();
}

let leaving = false;
const timer = document.querySelector("[data-time-left]");
const clock = timer && new Clock(timer, {
  digits,
  onMark: (mark) => data.clockless || say(mark === 60 ? texts.minuteLeft : texts.minutesLeft),
  onEnd: timeIsOver,
});

function restore() {
  const found = store.kept(data.attempt);
  const back = [];
  for (const [position, entry] of found) {
    const sheet = sheets.get(position);
    if (sheet?.dataset.kind === "file") continue;
    if (sheet && same(read(sheet), entry.raw) && (entry.confidence == null || sureness(sheet) === entry.confidence)) {
      store.drop(data.attempt, position, entry);
      continue;
    }
    if (sheet) fill(sheet, entry.raw);
    const sure = entry.confidence && sheet?.querySelector(`[data-sureness][value="${entry.confidence}"]`);
    if (sure) sure.checked = true;
    saver.restore(position, { ...entry, held: false });
    back.push(position);
  }
  if (!back.length) return;
  restored = texts.restored.replace("{numbers}", listed(back));
  notice("restored", restored);
  showState(saver);
  saver.flush();
}

// Recordings on this page that are not handed in yet keep it open until their owner decides.
let recording = [];
const unsavedRecording = () => recording.find((each) => each.pending);
function holdFiles(sheet) {
  sendFiles(sheet);
  recording = recording.filter((each) => each.sheet !== sheet);
  let own = [];
  own = recorders(sheet, {
    sender: () => ({ client_key: saver.key, client_sequence: saver.next() }),
    changed: (active) => { for (const other of own) if (other !== active) other.box.hidden = active.state !== "idle" || !other.type; },
    saved: (receipt, sentence) => {
      const known = Number(sheet.querySelector("[data-known]").value);
      markSaved({ position: Number(sheet.dataset.sheet), known, answered: true });
      if (state) {
        state.dataset.state = "saved";
        state.querySelector("[data-saved-at]").textContent = receipt;
      }
      say(sentence);
      holdFiles(sheet);
      sheet.querySelector("[data-said]")?.replaceChildren(sentence);
    },
  });
  recording.push(...own);
}

for (const [position, sheet] of sheets) {
  if (sheet.dataset.kind === "file") {
    holdFiles(sheet);
    continue;
  }
  helpWriting(sheet, inDigits);
  saver.known.set(position, Number(sheet.querySelector("[data-known]").value));
  orderByButtons(sheet, say, texts, digits);
  placeByHand(sheet, say);
  const changed = (event, delay) => {
    if (!event.target.name && !event.target.matches("[data-order-list]")) return;
    saver.change(position, read(sheet), sureness(sheet));
    saver.afterTyping(delay);
  };
  sheet.addEventListener("input", (event) => isTyped(event.target) && changed(event, 700));
  sheet.addEventListener("change", (event) => {
    if (isTyped(event.target)) saver.flush();
    else changed(event, 150);
  });
}
restore();

// What keeps the learner here: answers on their way, and those of this page that wait for a decision. Answers to other
// questions that wait for one are kept on this device and said on every page; only what ends everything waits for them.
function waits(ends) {
  return [...saver.waiting].filter(([position, { held }]) => !saver.closed && (ends || !held || sheets.has(position)));
}

function reasonToStay(waiting) {
  const undecided = waiting.filter(([, { held }]) => held).map(([position]) => position);
  if (undecided.length) return texts.stayUndecided.replace("{numbers}", listed(undecided));
  return navigator.onLine ? texts.waiting : texts.stay;
}

// Whatever leads away waits until everything is saved: next and previous, another language, submitting.
document.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (event.defaultPrevented || sent.method === "dialog") return;
  const held = unsavedRecording();
  if (held) {
    event.preventDefault();
    held.say(held.texts.waits);
    held.box.scrollIntoView({ block: "nearest" });
    return;
  }
  const leaves = sent.action.endsWith("/sign-out");
  const ends = leaves || sent === submitForm;
  if (passing.has(sent) || (!waits(ends).length && navigator.onLine)) {
    passing.delete(sent);
    leaving = true;
    if (sent === form) {
      sign();
      rememberWay(event.submitter?.value ?? "");
    }
    if (leaves) store.clear();
    return;
  }
  event.preventDefault();
  await saver.flush();
  const waiting = waits(ends);
  if (waiting.length || !(navigator.onLine || (await renew()))) {
    notice("stay", reasonToStay(waiting));
    showMessages();
    return;
  }
  passing.add(sent);
  sent.requestSubmit(event.submitter);
});

function sign() {
  form.elements.client_key.value = saver.key;
  form.elements.client_sequence.value = saver.next();
  const noticed = watch.report();
  form.elements.spent.value = Object.entries(noticed.spent).map((pair) => pair.join(":")).join(",");
  form.elements.away.value = noticed.away.join(",");
  watch.reported(noticed);
}

new Company(data.attempt, saver.key, (others) => notice("tab", others > 0 && texts.otherWindow));
noteSaver(data.savedBy);

window.addEventListener("beforeunload", (event) => { if ((waits(false).length || unsavedRecording()) && !leaving) event.preventDefault(); });
window.addEventListener("pagehide", () => saver.flush({ leaving: true }));
window.addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; renew(); } });
window.addEventListener("online", () => { showState(saver); renew(); saver.flush(); });
window.addEventListener("offline", () => showState(saver));
window.addEventListener("blur", () => saver.flush());
window.addEventListener("focus", () => { if (isSaid("signedOut", "stranger")) renew(); });
arrive(data.pageUrl);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") saver.flush({ leaving: true });
  else if (clock?.doubtful) renew();
});
showState(saver);
