// Remembers where the learner is: tells the academy that an activity was opened and which part of it was last read,
// and brings the learner back there, on any device. Pages work without it.
const activity = document.querySelector("[data-place]");
const reading = activity && activity.querySelector("[data-reading]");
const token = document.querySelector("meta[name=csrf-token]").content;
const PAUSE = 1500;

function parts() {
  const whole = reading && reading.querySelector(".prose");
  return whole ? [...whole.children] : [];
}

function message(fields) {
  const form = new FormData();
  form.append("csrf_token", token);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

async function tell(fields) {
  try {
    const answer = await fetch(activity.dataset.place, { method: "POST", body: message(fields), keepalive: true });
    return answer.ok;
  } catch {
    return false;
  }
}

function partBeingRead() {
  const line = window.innerHeight * 0.3;
  const seen = parts().findLastIndex((part) => part.getBoundingClientRect().top <= line);
  return Math.max(0, seen);
}

function sayKept(kept) {
  const state = document.querySelector("[data-place-state]");
  if (state) state.textContent = kept ? state.dataset.saved : "";
}

function goBackTo(block) {
  const part = parts()[block];
  if (!part || window.location.hash || window.scrollY > 0) return;
  part.scrollIntoView({ block: "start", behavior: "instant" });
  window.scrollBy({ top: -window.innerHeight * 0.2, behavior: "instant" });
}

function follow() {
  let kept = Number(activity.dataset.block);
  let timer = 0;
  const keep = async () => {
    timer = 0;
    const block = partBeingRead();
    if (block === kept) return;
    const went = await tell({ block });
    if (went) kept = block;
    sayKept(went);
  };
  window.addEventListener("scroll", () => { timer ||= window.setTimeout(keep, PAUSE); }, { passive: true });
  window.addEventListener("pagehide", () => {
    const block = partBeingRead();
    if (block !== kept) navigator.sendBeacon(activity.dataset.place, message({ block }));
  });
}

if (activity) {
  tell({ opened: "1" });
  if (parts().length > 1) {
    if (activity.dataset.state !== "done") goBackTo(Number(activity.dataset.block));
    follow();
  }
}
