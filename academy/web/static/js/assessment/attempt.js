// An attempt's page: keeps its answers saved, its clock right, and says honestly when either is not so.
import { Clock } from "./attempt_clock.js";
import { fill, helpWriting, isTyped, orderByButtons, read, sendFiles } from "./attempt_controls.js";
import { Company, deviceOf, isElsewhere } from "./attempt_presence.js";
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
const messages = document.querySelector("[data-attempt-messages]");
const state = document.querySelector("[data-saved]");
const sheets = new Map([...document.querySelectorAll("[data-sheet]")].map((sheet) => [Number(sheet.dataset.sheet), sheet]));
const inDigits = (value) => String(value).replace(/\d/g, (digit) => digits[digit]);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const sureness = (sheet) => Number(sheet.querySelector("[data-sureness]:checked")?.value) || null;
const passing = new WeakSet();
const device = deviceOf(data.attempt);
const watch = new Stopwatch(sheets, data);
let restored = "";
let heardAt = performance.now();

function say(sentence) {
  document.querySelector("[data-attempt-say]").textContent = sentence;
}

function notice(kind, sentence, link) {
  messages.querySelector(`[data-message="${kind}"]`)?.remove();
  if (!sentence) return;
  const box = document.getElementById("attempt-notice").content.firstElementChild.cloneNode(true);
  box.dataset.message = kind;
  box.classList.add(kind === "closed" || kind === "stay" ? "bad" : "warn");
  box.querySelector("p").textContent = sentence;
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link.url, textContent: link.label });
    if (link.tab) Object.assign(anchor, { target: "_blank", rel: "noopener" });
    box.querySelector(".notice-text").append(anchor);
  }
  messages.append(box);
}

function showState(saver) {
  if (!saver.unsaved) {
    notice("waiting");
    notice("stay");
    if (restored) {
      notice("restored", `${restored} ${texts.restoredDone}`);
      restored = "";
      setTimeout(() => notice("restored"), 15000);
    }
  }
  const failing = saver.failures > 0 || saver.late || [...saver.waiting.values()].some((entry) => entry.held);
  if (failing && saver.sendable.length) notice("waiting", texts.waiting);
  if (!state) return;
  if (!saver.unsaved) {
    if (state.dataset.state !== "none") state.dataset.state = saver.closed ? "unsaved" : "saved";
  } else if (!navigator.onLine) state.dataset.state = "offline";
  else state.dataset.state = failing ? "unsaved" : "saving";
}

function markSaved({ position, known, answered }) {
  sheetError(position);
  const sheet = sheets.get(position);
  if (sheet) sheet.querySelector("[data-known]").value = known;
  const entry = document.querySelector(`[data-question="${position}"]`);
  if (!entry) return;
  entry.classList.toggle("answered", answered);
  const word = entry.querySelector("[data-answered-word]");
  const { yes, no } = word.closest("[data-yes]").dataset;
  word.textContent = answered ? yes : no;
  const count = document.querySelectorAll("[data-question].answered").length;
  const sentence = texts.answered.replace("{answered}", inDigits(count)).replace("{total}", inDigits(data.total));
  document.querySelector("[data-answered-count]").textContent = sentence;
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

function noteSaver(savedBy) {
  notice("elsewhere", isElsewhere(savedBy, device) && texts.elsewhere, { url: location.href, label: texts.reload });
}

function showReceipt({ said, seconds_left: left, before }) {
  heardAt = performance.now();
  notice("signedOut");
  notice("place");
  setTime(left);
  noteSaver(before);
  if (!state) return;
  state.dataset.state = "saved";
  state.querySelector("[data-saved-at]").textContent = said;
}

function sheetError(position, item) {
  const sheet = sheets.get(position);
  if (!sheet) {
    notice(`item-${position}`, item && `${inDigits(position)}: ${item.message}`);
    return;
  }
  const line = sheet.querySelector("[data-sheet-error]");
  const choices = sheet.querySelector("[data-sheet-conflict]");
  line.hidden = !item;
  line.querySelector("[data-sheet-error-text]").textContent = item?.message ?? "";
  choices.hidden = item?.verdict !== "newer";
  if (!item) return;
  choices.querySelector("[data-keep-mine]").onclick = () => { sheetError(position); saver.insist(position, item.known); };
  choices.querySelector("[data-take-newer]").onclick = () => { saver.yieldTo(position); location.reload(); };
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
    noteSaver(now.saved_by);
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
  const numbers = inDigits(back.sort((one, other) => one - other).join(document.documentElement.lang === "ar" ? "، " : ", "));
  restored = texts.restored.replace("{numbers}", numbers);
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
  if (passing.has(sent) || (!saver.unsaved && navigator.onLine)) {
    passing.delete(sent);
    leaving = true;
    if (sent === form) sign();
    if (leaves) store.clear();
    return;
  }
  event.preventDefault();
  const saved = (await saver.flush()) && (navigator.onLine || (await renew()));
  if (!saved) {
    notice("stay", texts.stay);
    messages.scrollIntoView({ block: "nearest" });
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

window.addEventListener("beforeunload", (event) => { if ((saver.unsaved || unsavedRecording()) && !leaving) event.preventDefault(); });
window.addEventListener("pagehide", () => saver.flush({ leaving: true }));
window.addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; renew(); } });
window.addEventListener("online", () => { showState(saver); renew(); saver.flush(); });
window.addEventListener("offline", () => showState(saver));
window.addEventListener("blur", () => saver.flush());
window.addEventListener("focus", () => { if (messages.querySelector('[data-message="signedOut"], [data-message="stranger"]')) renew(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") saver.flush({ leaving: true });
  else if (clock?.doubtful) renew();
});
showState(saver);
