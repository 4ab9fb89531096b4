// Putting cards into places by hand: dragged, or picked up with one press and put down with the next, by mouse, touch or
// keyboard alike. The selects of the plain page stay what is sent; they only step out of sight.
import { marks } from "./marking.js";

const FAR = 6;
const filled = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name]);

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  if (tag === "button") made.type = "button";
  return made;
}

// Follow a pointer from a card to one of the targets; a short press stays a press. With touch, a card that has a grip is
// dragged by it alone, so that the page can still be scrolled.
function letDrag(card, { targets, drop, lift }) {
  let ghost = null;
  let start = null;
  let dropped = false;
  const under = (event) => {
    const found = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-target]");
    return found && targets().includes(found) ? found : null;
  };
  const mark = (target) => targets().forEach((each) => each.classList.toggle("over", each === target));
  const end = () => {
    ghost?.remove();
    ghost = start = null;
    card.classList.remove("lifted");
    mark(null);
  };
  card.addEventListener("pointerdown", (event) => {
    const grip = card.querySelector(".grip");
    if (event.button !== 0 || (event.pointerType === "touch" && grip && !grip.contains(event.target))) return;
    start = { x: event.clientX, y: event.clientY };
    dropped = false;
  });
  card.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!ghost) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < FAR) return;
      card.setPointerCapture(event.pointerId);
      ghost = card.cloneNode(true);
      ghost.classList.add("ghost-card");
      ghost.style.inlineSize = `${card.offsetWidth}px`;
      ghost.setAttribute("aria-hidden", "true");
      document.body.append(ghost);
      card.classList.add("lifted");
      lift();
    }
    ghost.style.transform = `translate(${event.clientX - 20}px, ${event.clientY - 20}px)`;
    mark(under(event));
  });
  card.addEventListener("pointerup", (event) => {
    const target = ghost && under(event);
    dropped = Boolean(ghost);
    end();
    if (dropped) drop(target);
  });
  card.addEventListener("pointercancel", end);
  // A touch is first captured by what lies under the finger: that the card takes it over from its grip ends nothing.
  card.addEventListener("lostpointercapture", (event) => event.target === card && end());
  card.addEventListener("click", (event) => {
    if (dropped && event.detail > 0) event.stopImmediatePropagation(); // the press that ended a drag
    dropped = false;
  });
  card.addEventListener("dragstart", (event) => event.preventDefault());
}

// What is picked up at the moment, in one question.
class Hand {
  constructor(box, texts, say) {
    Object.assign(this, { box, texts, say, card: null });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.card) return;
      event.preventDefault();
      const card = this.card;
      this.release();
      say(filled(texts.back, { title: card.dataset.title }));
      card.focus();
    });
  }

  take(card) {
    if (this.card === card) return this.release();
    this.release();
    this.card = card;
    card.setAttribute("aria-pressed", "true");
    this.box.classList.add("holding");
    this.changed?.();
    this.say(filled(this.texts.held, { title: card.dataset.title }));
    return card;
  }

  release() {
    this.card?.setAttribute("aria-pressed", "false");
    this.card = null;
    this.box.classList.remove("holding");
    this.changed?.();
  }
}

function choose(select, value) {
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

// Items into categories: every item is a card with a select of its own, every category a zone.
function zones(box, texts, say) {
  const rows = [...box.querySelectorAll("[data-card]")];
  const hand = new Hand(box, texts, say);
  const board = element("div", "zones");
  const cards = new Map();
  const makeZone = (value, title) => {
    const zone = element("section", value ? "zone" : "zone waiting");
    zone.dataset.target = value;
    const list = element("ul", "zone-cards");
    list.dataset.empty = texts.empty;
    const put = element("button", "btn btn-quiet btn-sm zone-put", texts.here);
    put.addEventListener("click", (event) => { event.stopPropagation(); move(value); });
    zone.addEventListener("click", (event) => { if (hand.card && !event.target.closest("button")) move(value); });
    const head = element("div", "zone-head");
    head.append(element("h3", "zone-title", title), put);
    zone.append(head, list);
    return { value, title, zone, list, put };
  };
  const options = [...rows[0].querySelectorAll("option")].filter((option) => option.value);
  const all = [makeZone("", texts.waiting), ...options.map((option) => makeZone(option.value, option.textContent))];
  const zoneOf = (value) => all.find((each) => each.value === value) ?? all[0];

  const refresh = () => {
    for (const { list } of all) list.replaceChildren();
    for (const [card, select] of cards) {
      const item = element("li", "");
      item.append(card);
      zoneOf(select.value).list.append(item);
    }
  };
  // The room of a button that cannot be pressed now stays free: nothing moves away from under a pointer.
  const open = ({ put }) => !put.classList.contains("away");
  hand.changed = () => {
    // While one is held, Tab leads from place to place.
    for (const card of cards.keys()) card.tabIndex = hand.card && hand.card !== card ? -1 : 0;
    for (const { put, title, value } of all) {
      put.classList.toggle("away", !hand.card || cards.get(hand.card).value === value);
      if (hand.card) put.setAttribute("aria-label", filled(texts.hereOf, { title: hand.card.dataset.title, zone: title }));
    }
  };
  const move = (value) => {
    const card = hand.card;
    hand.release();
    choose(cards.get(card), value);
    refresh();
    say(filled(texts.placed, { title: card.dataset.title, zone: zoneOf(value).title }));
    (value && all[0].list.querySelector("button") ? all[0].list.querySelector("button") : card).focus();
  };

  for (const row of rows) {
    const card = element("button", "card-piece");
    card.dataset.title = row.dataset.card;
    card.setAttribute("aria-pressed", "false");
    const grip = element("span", "grip");
    grip.append(box.querySelector("[data-grip]").content.cloneNode(true));
    card.append(grip, ...[...row.querySelector("label").childNodes].map((node) => node.cloneNode(true)));
    cards.set(card, row.querySelector("select"));
    letDrag(card, {
      targets: () => all.map(({ zone }) => zone),
      lift: () => { if (hand.card !== card) hand.take(card); },
      drop: (zone) => (zone && hand.card ? move(zone.dataset.target) : hand.release()),
    });
    card.addEventListener("click", () => {
      if (hand.take(card)) all.find((each) => each.value && open(each))?.put.focus();
    });
  }
  board.append(...all.map(({ zone }) => zone));
  box.append(board);
  refresh();
  hand.changed();
  return refresh;
}

// Words into the gaps of a text: every gap with a select becomes a slot, the words a bank below the text. Labels onto a
// picture: the slots lie on it, and the selects stay in sight.
function slots(box, texts, say) {
  const selects = [...box.querySelectorAll("select[data-slot]")];
  if (!selects.length) return () => {};
  const reuse = "reuse" in box.dataset;
  const stage = box.querySelector("[data-stage]");
  const hand = new Hand(box, texts, say);
  const bank = element("div", "word-bank");
  const words = new Map();
  const slotOf = new Map();

  const refresh = () => {
    for (const [select, slot] of slotOf) {
      const chosen = select.value ? select.selectedOptions[0].textContent : "";
      slot.textContent = stage ? select.dataset.slot : chosen || "……";
      if (stage && chosen) slot.append(element("span", "spot-label", chosen));
      slot.classList.toggle("filled", Boolean(chosen));
      slot.setAttribute("aria-label", filled(texts.slot, { number: select.dataset.slot, title: chosen || texts.empty }));
    }
    for (const [value, word] of words) {
      word.classList.toggle("used", !reuse && selects.some((select) => select.value === value));
    }
  };
  const put = (select) => {
    const { value, title } = hand.card.dataset;
    hand.release();
    if (!reuse) selects.filter((other) => other !== select && other.value === value).forEach((other) => choose(other, ""));
    choose(select, value);
    refresh();
    say(filled(texts.placed, { title, number: select.dataset.slot }));
    slotOf.get(select).focus();
  };
  const clear = (select) => {
    const title = select.selectedOptions[0].textContent;
    choose(select, "");
    refresh();
    say(filled(texts.back, { title }));
  };

  for (const select of selects) {
    const slot = element("button", "slot");
    slot.dataset.target = select.dataset.slot;
    slot.addEventListener("click", () => {
      if (hand.card) put(select);
      else if (select.value) clear(select);
      else say(texts.first);
    });
    slotOf.set(select, slot);
    if (stage) {
      slot.classList.add("spot");
      Object.assign(slot.style, { left: `${select.dataset.x}%`, top: `${select.dataset.y}%` });
      stage.append(slot);
      select.addEventListener("change", refresh);
    } else select.after(slot);
  }
  const bySlot = new Map([...slotOf].map(([select, slot]) => [slot, select]));
  for (const option of selects[0].options) {
    if (!option.value) continue;
    const word = element("button", "word-piece", option.textContent);
    Object.assign(word.dataset, { value: option.value, title: option.textContent });
    word.setAttribute("aria-pressed", "false");
    letDrag(word, {
      targets: () => [...bySlot.keys()],
      lift: () => { if (hand.card !== word) hand.take(word); },
      drop: (slot) => (slot && hand.card ? put(bySlot.get(slot)) : hand.release()),
    });
    word.addEventListener("click", () => {
      if (hand.take(word)) selects.map((select) => [select, slotOf.get(select)]).find(([select]) => !select.value)?.[1].focus();
    });
    words.set(option.value, word);
  }
  // Every slot is as wide as the longest word, so that no line breaks anew when one is put in or taken out.
  const widest = Math.min(16, Math.max(...[...words.values()].map((word) => word.dataset.title.length)));
  if (!stage) for (const slot of bySlot.keys()) slot.style.minInlineSize = `calc(${widest}ch + 1.5rem)`;
  const title = element("span", "word-bank-title", texts.bank);
  bank.append(title, ...words.values());
  if (stage) stage.after(bank);
  else box.append(bank);
  refresh();
  return refresh;
}

// Make the placings inside a part of the page ready; `say` reads a sentence aloud.
export function placeByHand(root, say) {
  for (const box of root.querySelectorAll("[data-placing]:not(.ready)")) {
    const refresh = { zones, slots, marks }[box.dataset.placing](box, JSON.parse(box.dataset.texts), say);
    box.classList.add("ready");
    root.addEventListener("filled", refresh);
  }
}
