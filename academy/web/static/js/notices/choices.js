// How often letters come: what is chosen for a circle stands at each of its kinds, and several rhythms are shown above them. The page works without it.
for (const circle of document.querySelectorAll(".letter-circle")) {
  const [ofAll, ...ofKinds] = circle.querySelectorAll("select");
  circle.addEventListener("change", ({ target }) => {
    if (target !== ofAll) {
      const rhythms = new Set(ofKinds.map((each) => each.value));
      ofAll.value = rhythms.size === 1 ? target.value : "";
    } else if (ofAll.value) {
      for (const each of ofKinds) each.value = ofAll.value;
    } else {
      circle.querySelector("details").open = true;
    }
  });
}
