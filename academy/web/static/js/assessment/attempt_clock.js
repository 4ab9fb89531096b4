// The time left, by the server's count: it never asks what time this device believes it is.
export class Clock {
  constructor(element, { digits, onMark, onEnd }) {
    this.element = element;
    this.digits = digits;
    this.onMark = onMark;
    this.onEnd = onEnd;
    this.ended = false;
    this.set(Number(element.dataset.timeLeft));
    this.marks = [300, 60].filter((mark) => mark < this.left());
    this.timer = setInterval(() => this.tick(), 500);
    this.tick();
  }

  set(seconds) {
    this.start = performance.now();
    this.wall = Date.now();
    this.seconds = seconds;
  }

  left() {
    return this.seconds - (performance.now() - this.start) / 1000;
  }

  // A device that slept, or whose clock was moved: only the server knows what is left then.
  get doubtful() {
    return Math.abs((Date.now() - this.wall) - (performance.now() - this.start)) > 5000;
  }

  tick() {
    const left = Math.max(0, Math.ceil(this.left()));
    const shown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    this.element.textContent = shown.replace(/\d/g, (digit) => this.digits[digit]);
    this.element.classList.toggle("soon", left <= 300 && left > 60);
    this.element.classList.toggle("last", left <= 60);
    if (this.marks.length && left <= this.marks[0]) this.onMark(this.marks.shift());
    if (left === 0 && !this.ended) {
      this.ended = true;
      this.onEnd();
    }
    if (left > 0) this.ended = false;
  }

  stop() {
    clearInterval(this.timer);
  }
}
