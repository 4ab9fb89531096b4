// The messages of an attempt's page: one box for each matter. An act of a box is a link ({ url }) or a button ({ act }).
const messages = document.querySelector("[data-attempt-messages]");
const template = document.getElementById("attempt-notice");
const BAD = new Set(["closed", "stay"]);

function drawn({ url, label, tab, act }) {
  if (act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: label });
    button.addEventListener("click", act);
    return button;
  }
  const anchor = Object.assign(document.createElement("a"), { href: url, textContent: label });
  return tab ? Object.assign(anchor, { target: "_blank", rel: "noopener" }) : anchor;
}

// Say something about a matter in place of what was said of it before; nothing takes its box away.
export function notice(kind, sentence, ...acts) {
  messages.querySelector(`[data-message="${kind}"]`)?.remove();
  if (!sentence) return;
  const box = template.content.firstElementChild.cloneNode(true);
  box.dataset.message = kind;
  box.classList.add(BAD.has(kind) ? "bad" : "warn");
  box.querySelector("p").textContent = sentence;
  const row = box.querySelector("[data-acts]");
  row.append(...acts.map(drawn));
  row.hidden = !acts.length;
  messages.append(box);
}

export const isSaid = (...kinds) => kinds.some((kind) => messages.querySelector(`[data-message="${kind}"]`));
export const showMessages = () => messages.scrollIntoView({ block: "nearest" });
