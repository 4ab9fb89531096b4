// The choice between light, dark and what the device says; kept in this browser.
export function bindThemeSwitch() {
  const group = document.querySelector("[data-theme-switch]");
  if (!group) return;
  const root = document.documentElement;
  const show = () => {
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme ?? "")));
    }
  };
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.value) root.dataset.theme = button.value;
    else delete root.dataset.theme;
    try {
      if (button.value) localStorage.setItem("theme", button.value);
      else localStorage.removeItem("theme");
    } catch { /* storage may be forbidden; the choice then lasts for this page */ }
    show();
  });
  group.hidden = false;
  show();
}
