// For how long a page is in use: while it is in front and somebody is at it. The academy decides what of it counts
// (learning/rules/ledger.py has the same two numbers); pages work without it, their time is then not counted.
const EVERY_SECONDS = 60;
const IDLE_SECONDS = 180;
const SIGNS = ["pointerdown", "pointermove", "keydown", "input", "wheel", "scroll", "touchstart", "focus"];

const page = document.querySelector("[data-hours]");
const token = document.querySelector("meta[name=csrf-token]")?.content;

class Watch {
  constructor() {
    this.seconds = 0;
    this.since = this.sign = performance.now();
    this.visible = document.visibilityState === "visible";
  }

  // Add the time since the last look, up to so long after the last sign of somebody.
  settle() {
    const now = performance.now();
    const end = Math.min(now, this.sign + IDLE_SECONDS * 1000);
    if (this.visible) this.seconds += Math.max(0, end - this.since) / 1000;
    this.since = now;
  }

  see() {
    this.settle();
    this.sign = performance.now();
  }

  turn() {
    this.settle();
    this.visible = document.visibilityState === "visible";
    if (this.visible) this.sign = performance.now();
  }
}

function message(seconds) {
  const form = new FormData();
  form.append("csrf_token", token);
  form.append("seconds", String(seconds));
  return form;
}

function follow() {
  const watch = new Watch();
  const address = page.dataset.hours;
  let told = performance.now();
  const whole = () => { watch.settle(); return Math.floor(watch.seconds); };
  const take = (seconds) => { watch.seconds -= seconds; told = performance.now(); };

  async function tell() {
    const seconds = whole();
    if (!seconds || performance.now() - told < EVERY_SECONDS * 1000) return;
    take(seconds);
    try {
      await fetch(address, { method: "POST", body: message(seconds), keepalive: true });
    } catch {
      watch.seconds += seconds;
    }
  }

  let looked = 0;
  for (const kind of SIGNS) {
    window.addEventListener(kind, () => {
      if (performance.now() - looked < 1000) return;
      looked = performance.now();
      watch.see();
    }, { passive: true, capture: true });
  }
  // A film or a sound that plays is a sign too.
  document.addEventListener("timeupdate", () => watch.see(), { capture: true });
  document.addEventListener("visibilitychange", () => { watch.turn(); tell(); });
  window.addEventListener("pagehide", () => {
    const seconds = whole();
    if (seconds && navigator.sendBeacon(address, message(seconds))) take(seconds);
  });
  setInterval(tell, EVERY_SECONDS * 1000 + 50);
}

if (page && token) follow();
