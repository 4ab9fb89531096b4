// Trying a question out: the same controls as in an attempt, nothing is kept.
import { placeByHand } from "./placing.js";

const voice = document.querySelector("[data-attempt-say]");
if (voice) placeByHand(document, (sentence) => { voice.textContent = sentence; });
