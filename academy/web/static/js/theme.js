// Runs before the first paint: the reader's choice of light or dark, and the academy's own colour.
(() => {
  const root = document.documentElement;
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen) root.dataset.theme = chosen;
  } catch { /* storage may be forbidden; the system's preference then decides */ }
  if (/^#[0-9a-f]{6}$/i.test(root.dataset.colour ?? "")) root.style.setProperty("--brand", root.dataset.colour);
})();
