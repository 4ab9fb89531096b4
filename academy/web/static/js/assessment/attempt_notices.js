// The messages of an attempt's page: one box for each matter, and beside the time, which stays in sight, one line with the
// gravest of them while the boxes are out of sight. An act of a box is a link ({ url }) or a button ({ act }).
const messages = document.querySelector("[data-attempt-messages]");
const template = document.getElementById("attempt-notice");
const line = document.querySelector("[data-attempt-line]");
const toMessages = Object.assign(document.createElement("a"), { href: "#attempt-messages" });
const BAD = new Set(["closed", "stay"]);
const GRAVEST = ["closed", "over", "stranger", "signedOut", "place", "stay"];
const GENTLE = new Set(["restored", "more", "elsewhere", "tab"]);
const closed = `closed.${location.pathname.match(/\d+/)}`;
let inSight = true;
line.append(toMessages);

const weight = ({ dataset: { message } }) => {
  const place = GRAVEST.indexOf(message);
  return place >= 0 ? place : GRAVEST.length + (GENTLE.has(message) ? 1 : 0);
};

function showLine() {
  const [first] = [...messages.children].reverse().sort((one, other) => weight(one) - weight(other));
  line.hidden = !first || inSight;
  line.classList.toggle("bad", Boolean(first?.classList.contains("bad")));
  toMessages.textContent = first?.querySelector("p").textContent ?? "";
}

new IntersectionObserver(([{ isIntersecting }]) => { inSight = isIntersecting; showLine(); }).observe(messages);

// What only informs can be closed, and is not said again on the next pages while it is the same.
const wasClosed = (kind, sentence) => GENTLE.has(kind) && sessionStorage.getItem(`${closed}.${kind}`) === sentence;
function letClose(box, kind, sentence) {
  const button = box.querySelector("[data-close]");
  button.hidden = !GENTLE.has(kind);
  button.addEventListener("click", () => { sessionStorage.setItem(`${closed}.${kind}`, sentence); notice(kind); });
}

export function act({ url, label, tab, act: pressed }) {
  if (pressed) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: label });
    button.addEventListener("click", pressed);
    return button;
  }
  const anchor = Object.assign(document.createElement("a"), { href: url, textContent: label });
  return tab ? Object.assign(anchor, { target: "_blank", rel: "noopener" }) : anchor;
}

// Say something about a matter in place of what was said of it before; nothing takes its box away.
export function notice(kind, sentence, ...acts) {
  messages.querySelector(`[data-message="${kind}"]`)?.remove();
  if (!sentence || wasClosed(kind, sentence)) return showLine();
  const box = template.content.firstElementChild.cloneNode(true);
  box.dataset.message = kind;
  box.classList.add(BAD.has(kind) ? "bad" : "warn");
  box.querySelector("p").textContent = sentence;
  const row = box.querySelector("[data-acts]");
  row.append(...acts.map(act));
  row.hidden = !acts.length;
  letClose(box, kind, sentence);
  messages.append(box);
  showLine();
}

export const isSaid = (...kinds) => kinds.some((kind) => messages.querySelector(`[data-message="${kind}"]`));
export const showMessages = () => messages.scrollIntoView({ block: "nearest" });
