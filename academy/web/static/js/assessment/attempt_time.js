// How long each question is on the screen, and how long this page is left. Only what can be seen is counted: with one
// question a page its page, with all on one page the question that was last touched while it is in sight.
const LEAST_AWAY = 2;
const MOST_AWAY = 20;

export class Stopwatch {
  constructor(sheets, { watched }) {
    this.watched = watched;
    this.seconds = new Map();
    this.absences = [];
    this.inSight = new Set(sheets.size === 1 ? sheets.keys() : []);
    this.current = sheets.size === 1 ? [...sheets.keys()][0] : null;
    this.since = performance.now();
    this.visible = document.visibilityState === "visible";
    if (sheets.size > 1) this.follow(sheets);
    document.addEventListener("visibilitychange", () => this.turn());
    window.addEventListener("pagehide", () => { this.gone = true; });
    window.addEventListener("pageshow", () => setTimeout(() => { this.gone = false; }));
  }

  follow(sheets) {
    const seen = new IntersectionObserver((entries) => {
      this.settle();
      for (const { target, isIntersecting } of entries) {
        this.inSight[isIntersecting ? "add" : "delete"](Number(target.dataset.sheet));
      }
    });
    for (const [position, sheet] of sheets) {
      seen.observe(sheet);
      for (const kind of ["focusin", "pointerdown", "input"]) {
        sheet.addEventListener(kind, () => { this.settle(); this.current = position; });
      }
    }
  }

  // Add the time since the last look to the question in front.
  settle() {
    const now = performance.now();
    if (this.visible && this.inSight.has(this.current)) {
      this.seconds.set(this.current, (this.seconds.get(this.current) ?? 0) + (now - this.since) / 1000);
    }
    this.since = now;
  }

  turn() {
    this.settle();
    this.visible = document.visibilityState === "visible";
    if (!this.visible) {
      this.leftAt = performance.now();
    } else if (this.leftAt !== undefined) {
      const away = Math.round((performance.now() - this.leftAt) / 1000);
      if (this.watched && !this.gone && away >= LEAST_AWAY) this.absences.push(away);
      this.leftAt = undefined;
    }
  }

  // What is worth reporting now: whole seconds by question, absences.
  report() {
    this.settle();
    const whole = [...this.seconds].map(([position, seconds]) => [position, Math.floor(seconds)]);
    return { spent: Object.fromEntries(whole.filter(([, seconds]) => seconds > 0)), away: this.absences.slice(0, MOST_AWAY) };
  }

  // Forget what the academy has counted.
  reported({ spent, away }) {
    for (const [position, seconds] of Object.entries(spent)) {
      this.seconds.set(Number(position), this.seconds.get(Number(position)) - seconds);
    }
    this.absences.splice(0, away.length);
  }
}

export const isEmpty = ({ spent, away }) => !away.length && !Object.keys(spent).length;
