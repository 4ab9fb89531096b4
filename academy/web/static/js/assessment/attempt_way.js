// Where the reading goes on after a page of the attempt leads to the next: at the question, not at the head of the page.
const NAME = "attempt.way";

// Keep what led away: the value of the pressed button ("next", "q:7", "flag:3"), or "q" for a link to a question.
export function rememberWay(go) {
  sessionStorage.setItem(NAME, go);
}

// Focus what the way led to. Nothing on the first arrival: then the head of the page is what has to be read.
export function arrive(pageUrl) {
  const [act, named] = (sessionStorage.getItem(NAME) ?? "").split(":");
  sessionStorage.removeItem(NAME);
  document.addEventListener("click", (event) => {
    if (event.target.closest("main a")?.pathname === pageUrl) rememberWay("q");
  });
  const [anchor] = location.hash.match(/^#question-\d+$/) ?? [];
  const question = document.querySelector(anchor ?? ".question");
  if (!question) return;
  if (act === "flag" || act === "unflag") document.querySelector(`.flag-button[value$=":${named}"]`)?.focus();
  else if (["next", "previous", "q", "check"].includes(act)) {
    const heading = question.querySelector(".question-number");
    heading.tabIndex = -1;
    heading.focus();
  }
}
