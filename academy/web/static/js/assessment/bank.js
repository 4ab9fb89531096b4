// The list of the bank: one box that ticks all, a count of what is ticked, and acts that appear when something is.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const boxes = [...form.querySelectorAll("input[name=question]")];
  const bar = form.querySelector("[data-bulk-bar]");
  const all = form.querySelector("[data-bulk-all]");
  const count = form.querySelector("[data-bulk-count]");
  const toggle = form.querySelector("[data-bulk-toggle]");
  const inDigits = (value) => String(value).replace(/\d/g, (digit) => count.dataset.digits[digit]);
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    bar?.classList.toggle("some", ticked > 0);
    if (!ticked) toggle?.setAttribute("aria-expanded", "false");
    if (count) count.textContent = ticked ? `(${inDigits(ticked)})` : "";
    const box = all?.querySelector("input");
    if (!box) return;
    box.checked = ticked === boxes.length;
    box.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(toggle.ariaExpanded !== "true")));
  }
  form.classList.add("with-script");
  if (all) {
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (event) => {
      for (const box of boxes) box.checked = event.target.checked;
      show();
    });
  }
  form.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}
