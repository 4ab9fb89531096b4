// Sends answers and believes nothing but a receipt. Each answer waits in the browser until it is acknowledged.
import * as store from "./attempt_store.js";
import { isEmpty } from "./attempt_time.js";

const PATIENCE = 4500;
const LONGEST_WAIT = 5000;
const LONGEST = 20000;
const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000];
const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const csrf = () => document.querySelector('meta[name="csrf-token"]').content;

export class Saver {
  // `watch` knows how long questions were on the screen; `device` names this browser.
  constructor({ attempt, saveUrl, device, watch, hooks }) {
    Object.assign(this, { attempt, saveUrl, watch, hooks });
    this.key = device ? `${device}-${newKey()}` : newKey();
    this.count = 0;
    this.waiting = new Map();
    this.known = new Map();
    this.failures = 0;
    this.sending = 0;
    this.closed = false;
  }

  // Whether anything would be lost if this browser were gone.
  get unsaved() {
    return this.waiting.size > 0 && !this.closed;
  }

  get sendable() {
    return [...this.waiting].filter(([, entry]) => !entry.held);
  }

  next() {
    this.count += 1;
    return this.count;
  }

  change(position, raw, confidence) {
    if (this.closed) return;
    const before = this.waiting.get(position);
    const over = before ? [...(before.over ?? []), before.key].filter((key) => key !== this.key) : [];
    const entry = { raw, key: this.key, seq: this.next(), known: this.known.get(position) ?? null, over, confidence: confidence ?? before?.confidence ?? null };
    this.waiting.set(position, entry);
    store.keep(this.attempt, position, entry);
    this.hooks.state(this);
  }

  restore(position, entry) {
    this.waiting.set(position, entry);
  }

  forget(position, entry) {
    store.drop(this.attempt, position, entry);
    if (this.waiting.get(position) === entry) this.waiting.delete(position);
  }

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  // Send when the typing pauses; who types on without a pause is saved all the same.
  afterTyping(delay) {
    this.since ??= performance.now();
    this.soon(Math.min(delay, Math.max(0, this.since + LONGEST_WAIT - performance.now())));
  }

  // Send everything that waits; answers of an earlier page of this browser go under that page's own name.
  async flush({ leaving = false } = {}) {
    if (this.closed || !this.sendable.length) {
      if (leaving && !this.closed && this.watch && !isEmpty(this.watch.report())) await this.send(this.key, [], true);
      return !this.unsaved;
    }
    if (this.running && !leaving) {
      await this.running;
      return this.sendable.length ? this.flush() : !this.unsaved;
    }
    clearTimeout(this.timer);
    this.since = null;
    const groups = Map.groupBy
      ? Map.groupBy(this.sendable, ([, entry]) => entry.key)
      : this.sendable.reduce((all, pair) => all.set(pair[1].key, [...(all.get(pair[1].key) ?? []), pair]), new Map());
    const work = Promise.all([...groups].map(([key, batch]) => this.send(key, batch, leaving)));
    if (!leaving) this.running = work;
    await work;
    if (!leaving) this.running = null;
    return !this.unsaved;
  }

  async send(key, batch, keepalive) {
    this.sending += 1;
    this.late = false;
    this.hooks.state(this);
    const patience = setTimeout(() => { this.late = true; this.hooks.state(this); }, PATIENCE);
    const noticed = (key === this.key && !this.reporting && this.watch?.report()) || { spent: {}, away: [] };
    const reports = !isEmpty(noticed);
    this.reporting ||= reports;
    const body = {
      attempt: this.attempt,
      client_key: key,
      client_sequence: Math.max(1, ...batch.map(([, entry]) => entry.seq)),
      items: batch.map(([position, entry]) => ({ position, response: entry.raw, known: entry.known, confidence: entry.confidence ?? null })),
      ...(reports ? noticed : {}),
    };
    try {
      const answer = await fetch(this.saveUrl, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch" },
        keepalive,
        signal: AbortSignal.timeout?.(LONGEST),
      });
      if (reports && answer.ok) this.watch.reported(noticed);
      await this.hear(answer, batch);
    } catch {
      if (batch.length) this.fail();
    } finally {
      clearTimeout(patience);
      if (reports) this.reporting = false;
      this.sending -= 1;
      this.late = false;
      this.hooks.state(this);
    }
  }

  async hear(answer, batch) {
    const said = await answer.json().catch(() => ({}));
    if (Array.isArray(said.items)) return this.acknowledge(said, batch);
    if (said.closed) return this.close(said);
    if (said.elsewhere) this.hooks.elsewhere(said.error);
    if (answer.status === 401 || answer.redirected) this.hooks.signedOut();
    else if (answer.status === 400) this.hooks.stale();
    else if (answer.status === 404) this.hooks.stranger();
    return batch.length ? this.fail() : undefined;
  }

  acknowledge(said, batch) {
    if (!batch.length) return;
    this.failures = 0;
    const sent = new Map(batch);
    for (const item of said.items) {
      const entry = sent.get(item.position);
      if (item.verdict === "saved" || item.verdict === "repeat") {
        this.known.set(item.position, item.known);
        this.forget(item.position, entry);
        this.hooks.saved(item);
      } else if (this.waiting.get(item.position) === entry) {
        if (item.verdict === "newer" && entry.over?.includes(item.by)) {
          this.insist(item.position, item.known); // the newer one is what this answer was written over
          continue;
        }
        entry.held = true;
        this.hooks.refused(item);
      }
    }
    this.hooks.receipt(said);
    if (this.sendable.length) this.soon(300);
  }

  close(said) {
    this.closed = true;
    store.clear(this.attempt);
    this.hooks.closed(said);
  }

  fail() {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.soon(pause * (0.8 + Math.random() * 0.4));
  }

  // The learner decides for the answer on this page although a newer one is kept: it is sent as made on top of that one.
  insist(position, known) {
    const entry = this.waiting.get(position);
    this.known.set(position, known);
    if (!entry) return;
    this.change(position, entry.raw);
    this.soon(0);
  }

  yieldTo(position) {
    const entry = this.waiting.get(position);
    if (entry) this.forget(position, entry);
  }
}
