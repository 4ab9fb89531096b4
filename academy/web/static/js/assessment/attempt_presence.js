// Whether this attempt is also open elsewhere: in another window of this browser, or on another device.
const makeKey = () => [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The name of this browser in this attempt, kept until the attempt ends or its learner signs out; none without storage.
export function deviceOf(attempt) {
  const name = `attempt.${attempt}.device`;
  try {
    if (!localStorage.getItem(name)) localStorage.setItem(name, makeKey());
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

// Whether a page of another device saved: a page's name begins with its device's name and a hyphen.
export function isElsewhere(savedBy, device) {
  return Boolean(device && savedBy?.includes("-") && !savedBy.startsWith(`${device}-`));
}

// Pages of one browser greet each other; `changed` is told how many others there are.
export class Company {
  constructor(attempt, key, changed) {
    this.name = `attempt-${attempt}`;
    this.key = key;
    this.changed = changed;
    this.others = new Set();
    if (!globalThis.BroadcastChannel) return;
    this.open();
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  open() {
    this.others.clear();
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }) => {
      if (data.kind === "bye") this.others.delete(data.key);
      else this.others.add(data.key);
      if (data.kind === "hello") this.tell("here");
      this.changed(this.others.size);
    };
    this.tell("hello");
  }

  tell(kind) {
    this.channel.postMessage({ kind, key: this.key });
  }

  close() {
    this.tell("bye");
    this.channel.close();
  }
}
