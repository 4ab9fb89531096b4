// Trying a question out: the same controls as in an attempt, nothing is kept.
import { placeByHand } from "./placing.js";

const voice = document.querySelector("[data-attempt-say]");
placeByHand(document, (sentence) => { voice.textContent = sentence; });
