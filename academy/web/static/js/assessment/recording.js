// Records sound or video on the page of an attempt and hands it in like a chosen file. Nothing is sent before its owner says so.
const TYPES = {
  audio: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
};
const ENDS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg", "video/webm": "webm", "video/mp4": "mp4" };
const RATES = { audioBitsPerSecond: 64000, videoBitsPerSecond: 1000000 };
const WHAT = { audio: { audio: true }, video: { audio: true, video: { width: { ideal: 640 }, height: { ideal: 480 } } } };
const SAY_EVERY = 15;
const NEAR_FULL = 0.95;
const SHOWN = { idle: ["record"], asking: [], recording: ["stop"], ready: ["use", "again", "discard"], saving: [] };
const REASONS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing" };

class Recorder {
  constructor(box, sheet, hooks) {
    Object.assign(this, { box, sheet, hooks, kind: box.dataset.recorder, texts: box.dataset, blob: null });
    this.type = TYPES[this.kind].find((type) => MediaRecorder.isTypeSupported(type));
    this.part = (name) => box.querySelector(`[data-${name}]`);
    const acts = { record: () => this.begin(), stop: () => this.stop(), use: () => this.save(), again: () => this.begin(), discard: () => this.discard() };
    for (const [name, act] of Object.entries(acts)) this.part(name).addEventListener("click", act);
    this.go("idle");
    box.hidden = !this.type;
  }

  // Whether something would be lost with this page.
  get pending() {
    return this.state === "recording" || this.state === "ready" || this.state === "saving";
  }

  go(state, sentence = "") {
    const inside = this.box.contains(document.activeElement);
    this.state = state;
    for (const name of ["record", "stop", "use", "again", "discard"]) this.part(name).hidden = !SHOWN[state].includes(name);
    this.part("heard").hidden = !(this.blob && (state === "ready" || state === "saving"));
    this.part("time").hidden = state !== "recording";
    if (this.part("live")) this.part("live").hidden = state !== "recording";
    this.box.classList.toggle("records", state === "recording");
    this.say(sentence);
    if (inside && SHOWN[state].length) this.part(SHOWN[state][0]).focus();
    this.hooks.changed(this);
  }

  say(sentence) {
    this.part("said").textContent = sentence;
  }

  async begin() {
    this.forget();
    this.go("asking", this.texts.asking);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WHAT[this.kind]);
      this.record();
    } catch (problem) {
      this.release();
      this.go("idle", this.texts[REASONS[problem.name] ?? "broken"]);
      this.part("record").focus();
    }
  }

  record() {
    const parts = [];
    let size = 0;
    this.end = this.texts.stopped;
    this.media = new MediaRecorder(this.stream, { mimeType: this.type, ...RATES });
    this.over = new Promise((done) => {
      this.media.addEventListener("dataavailable", ({ data }) => {
        parts.push(data);
        size += data.size;
        if (size < Number(this.texts.most) * NEAR_FULL || this.media.state !== "recording") return;
        this.end = this.texts.full;
        this.stop();
      });
      this.media.addEventListener("stop", () => {
        this.release();
        this.blob = new Blob(parts, { type: this.type.split(";")[0] });
        if (this.blob.size) this.listen();
        else this.blob = null;
        this.go(this.blob ? "ready" : "idle", this.blob ? this.end : this.texts.broken);
        done();
      });
    });
    const live = this.part("live");
    if (live) {
      live.srcObject = this.stream;
      live.play().catch(() => {});
    }
    this.media.start(1000);
    this.since = performance.now();
    this.tick();
    this.timer = setInterval(() => this.tick(), 1000);
    this.go("recording", this.texts.running);
    this.part("stop").focus();
  }

  tick() {
    const seconds = Math.round((performance.now() - this.since) / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`.replace(/\d/g, (digit) => this.texts.digits[digit]);
    this.part("time").textContent = time;
    if (seconds && seconds % SAY_EVERY === 0) this.say(this.texts.elapsed.replace("{time}", time));
  }

  stop() {
    if (this.media?.state === "recording") this.media.stop();
  }

  listen() {
    this.address = URL.createObjectURL(this.blob);
    this.part("heard").src = this.address;
  }

  release() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.part("live")) this.part("live").srcObject = null;
  }

  forget() {
    this.part("heard").pause();
    this.part("heard").removeAttribute("src");
    if (this.address) URL.revokeObjectURL(this.address);
    this.blob = this.address = null;
  }

  discard() {
    this.forget();
    this.go("idle");
  }

  // Hand in what is recorded so far: the time is over.
  async finish() {
    this.stop();
    await this.over;
    if (this.state === "ready") await this.save();
  }

  async save() {
    const form = this.sheet.closest("form");
    const sent = new FormData();
    const fields = { csrf_token: form.elements.csrf_token.value, q: form.elements.q?.value ?? "", go: this.texts.go, ...this.hooks.sender() };
    for (const [name, value] of Object.entries(fields)) sent.append(name, value);
    sent.append(this.texts.field, this.blob, `${this.kind}.${ENDS[this.blob.type]}`);
    this.go("saving", this.texts.saving);
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { "X-Requested-With": "fetch", Accept: "text/html" } });
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      this.hear(answer, new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      this.go("ready", this.texts.failed);
      this.part("use").focus();
    }
  }

  hear(answer, page) {
    const fresh = page.querySelector(`[data-sheet="${this.sheet.dataset.sheet}"]`);
    const files = fresh?.querySelector("[data-file-answer]");
    if (answer.status === 422) {
      this.go("ready", fresh?.querySelector("[data-sheet-error-text]").textContent || this.texts.failed);
      this.part("use").focus();
      return;
    }
    if (!files) {
      this.discard();
      location.assign(answer.url);
      return;
    }
    const receipt = page.querySelector("[data-saved-at]")?.textContent ?? "";
    this.forget();
    this.state = "idle";
    this.sheet.querySelector("[data-file-answer]").replaceWith(document.adoptNode(files));
    this.hooks.saved(receipt, this.texts.kept.replace("{receipt}", receipt));
    [...files.querySelectorAll(".file-list a")].at(-1)?.focus();
  }
}

// Bind the recorders of a question; returns none where the browser cannot record, and the file field stays as it is.
export function recorders(sheet, hooks) {
  if (!window.MediaRecorder || !navigator.mediaDevices?.getUserMedia) return [];
  return [...sheet.querySelectorAll("[data-recorder]")].map((box) => new Recorder(box, sheet, hooks));
}
