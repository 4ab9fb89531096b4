// Suggests a course's address from its English title until somebody writes one.
const box = document.querySelector("[data-suggest-key]");
const key = document.getElementById(box.dataset.suggestKey);
const title = document.getElementById(box.dataset.from);
let written = key.value !== "";

const slug = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f']/g, "").toLowerCase()
  .replace(/[^a-z0-9]+/g, "-").slice(0, 52).replace(/^-+|-+$/g, "");

key.addEventListener("input", () => { written = key.value !== ""; });
title.addEventListener("input", () => { if (!written) key.value = slug(title.value); });
