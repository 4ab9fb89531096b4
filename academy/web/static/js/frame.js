// The frame of a page: its menus, what stays in sight of whoever goes through it by keys, and what is told of the last act.
const OPEN = "details[data-menu][open]";
const EDGE = 8;
const AGAIN = 10_000;

// A menu opens inside the window, wherever its button stands.
function keepInside(menu) {
  const list = menu.querySelector(".menu-list");
  list.style.translate = "";
  const { left, right } = list.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const shift = Math.max(EDGE - left, 0) || Math.min(width - EDGE - right, 0);
  if (shift) list.style.translate = `${shift}px 0`;
}

export function bindMenus() {
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches(OPEN)) keepInside(target);
  }, true);
  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("focusin", ({ target }) => {
    for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(target)) menu.open = false;
    for (const drawer of document.querySelectorAll(":popover-open")) if (!drawer.contains(target)) drawer.hidePopover();
  });
  document.addEventListener("keydown", ({ key }) => {
    const menu = key === "Escape" && document.querySelector(OPEN);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Lists that scroll beside or above the page show the entry of this page, and the one that has the focus.
export function showPlaces() {
  const box = document.querySelector(".outline-inner");
  const step = box?.querySelector("[aria-current]");
  if (step) box.scrollTop = step.offsetTop - box.clientHeight / 2;
  const side = document.querySelector(".side");
  const entry = side?.querySelector("[aria-current]");
  if (entry && side.scrollHeight > side.clientHeight) side.scrollTop = entry.offsetTop - side.clientHeight / 2;
  const inSight = (item) => {
    const list = item.closest("ul");
    const [frame, place] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
    if (place.left < frame.left || place.right > frame.right) list.scrollBy({ left: place.left + place.width / 2 - frame.left - frame.width / 2, behavior: "instant" });
  };
  document.querySelectorAll(".sidenav [aria-current], .tabs [aria-current]").forEach(inSight);
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".sidenav a, .tabs a")) inSight(target);
  });
}

function say(words) {
  const region = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  region.setAttribute("role", "status");
  document.body.append(region);
  setTimeout(() => { region.textContent = words; }, 200); // what stands in it at first is not read out
}

// What went wrong has the focus, or what was done: the page is a new one, and a voice would begin with its head.
export function tellOutcome() {
  const fault = document.querySelector("[data-error-summary], main [aria-invalid=true]");
  const notice = document.querySelector("#flashes .notice");
  if (fault) fault.focus();
  else if (notice && (location.hash || document.activeElement !== document.body)) say(notice.querySelector(".notice-text").textContent);
  else if (notice) {
    notice.tabIndex = -1;
    notice.focus();
  }
}

// A button that is pressed twice sends its form once.
export function sendOnce() {
  let sent = new WeakMap();
  addEventListener("submit", (event) => {
    const [{ target, submitter }, now] = [event, Date.now()];
    if (event.defaultPrevented || target.method !== "post") return;
    const [button, at] = sent.get(target) ?? [];
    if (button === submitter && now - at < AGAIN) event.preventDefault();
    else sent.set(target, [submitter, now]);
  });
  addEventListener("pageshow", () => { sent = new WeakMap(); });
}
