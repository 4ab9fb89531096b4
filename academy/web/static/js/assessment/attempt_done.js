// The attempt is over: nothing of it stays in this browser.
import { clear } from "./attempt_store.js";

clear(Number(document.querySelector("[data-attempt-done]").dataset.attemptDone));
