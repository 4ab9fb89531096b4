"""What a learner may see of an attempt, and when: a table of parts and times, and the presets that fill it.

The times are those of Moodle (mod_quiz\\question\\display_options, quiz_attempt_state): *during* the attempt, *after* it
for two minutes, *later* while the quiz is still open, and once it is *closed*; a quiz without a closing time never closes.
During an attempt something is shown only of a question that may be tried again (practice), and only once it was checked.
Whether a quiz was passed is hidden with its score; that the activity is completed still tells it, as it must.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

ReleaseRule = Literal["none", "score", "after_submit", "after_pass", "after_close"]
RELEASE_RULES: tuple[ReleaseRule, ...] = ("none", "score", "after_submit", "after_pass", "after_close")
PARTS = ("responses", "marks", "score", "feedback", "right_answers", "explanation")
OF_QUESTIONS = ("marks", "feedback", "right_answers", "explanation")
KEY = ("right_answers", "explanation")
TIMES = ("during", "after", "later", "closed")
JUST_AFTER = timedelta(minutes=2)
HELD = "key_when_done"


@dataclass(frozen=True)
class Shown:
    """Which parts of a result are released; everything is hidden unless a rule says otherwise.

    `marks` tell what of the learner's own answers is right; `feedback` is what the trainer wrote for them;
    `right_answers` and `explanation` tell the key.
    """

    score: bool = False
    responses: bool = False
    marks: bool = False
    right_answers: bool = False
    feedback: bool = False
    explanation: bool = False

    @classmethod
    def of(cls, parts: Iterable[str]) -> "Shown":
        """Return what a list of parts shows."""
        return cls(**{part: True for part in parts if part in PARTS})


@dataclass(frozen=True)
class Matrix:
    """The parts shown at each time. With `key_when_done` the key waits until the quiz is passed or no attempt is left."""

    during: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    key_when_done: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Matrix":
        """Return a table as it is kept: {time: [parts]} and perhaps `key_when_done`."""
        columns = {time: frozenset(part for part in kept.get(time) or () if part in PARTS) for time in TIMES}
        return cls(**columns, key_when_done=bool(kept.get(HELD)))

    def as_json(self) -> dict[str, Any]:
        """Return the table as it is kept."""
        columns: dict[str, Any] = {time: [part for part in PARTS if part in getattr(self, time)] for time in TIMES}
        return {**columns, HELD: self.key_when_done}

    @property
    def ever_shows_score(self) -> bool:
        """Whether learners see their score at some time after the attempt."""
        return any("score" in column for column in (self.after, self.later, self.closed))

    @property
    def always_shows_score(self) -> bool:
        """Whether learners see their score at every time after the attempt."""
        return all("score" in column for column in (self.after, self.later, self.closed))

    def next_time(self, now: datetime, submitted_at: datetime, closes_at: datetime | None) -> str:
        """Return the next time that shows something which is not shown now: "later", "closed" or ""."""
        if closes_at is not None and now >= closes_at and now - submitted_at > JUST_AFTER:
            return ""
        seen = self.later
        if now - submitted_at <= JUST_AFTER:
            seen = self.after
            coming = self.closed if closes_at is not None and submitted_at + JUST_AFTER >= closes_at else self.later
            if coming - seen:
                return "later"
        return "closed" if closes_at is not None and now < closes_at and self.closed - seen else ""


_SCORE, _ALL = frozenset({"score"}), frozenset(PARTS)
_MARKS = frozenset({"responses", "marks"})
PRESETS: dict[ReleaseRule, Matrix] = {
    "after_submit": Matrix(_MARKS, _ALL, _ALL, _ALL),
    "after_pass": Matrix(_MARKS, _ALL, _ALL, _ALL, key_when_done=True),
    "score": Matrix(_MARKS, _SCORE, _SCORE, _SCORE),
    "after_close": Matrix(_MARKS, _SCORE, _SCORE, _ALL),
    "none": Matrix(),
}


def matrix(rule: str, review: Mapping[str, Any] | None = None) -> Matrix:
    """Return the table of a quiz: its own one, or that of its preset."""
    return Matrix.of(review) if review else PRESETS[rule]  # type: ignore[index]


def show_table(table: Matrix) -> str:
    """Write a table in short, for comparing: the name of its preset, else its parts time by time."""
    for rule, preset in PRESETS.items():
        if preset == table:
            return rule
    columns = [f"{time}: {', '.join(p for p in PARTS if p in getattr(table, time)) or '–'}" for time in TIMES]
    return "; ".join([*columns, *([HELD] if table.key_when_done else [])])


def kept_as(table: Matrix) -> tuple[ReleaseRule, dict[str, Any]]:
    """Return how a table is kept: as a preset with an empty table where one fits.

    A table of its own is kept under the name that says whether the score is ever shown ("score") or not ("none").
    """
    for rule, preset in PRESETS.items():
        if preset == table:
            return rule, {}
    return ("score" if table.ever_shows_score else "none"), table.as_json()


def release(
    rule: str,
    *,
    submitted: bool,
    now: datetime,
    closes_at: datetime | None,
    attempts_left: int | None,
    passed: bool,
    review: Mapping[str, Any] | None = None,
    submitted_at: datetime | None = None,
    going_on: bool = False,
) -> Shown:
    """Return what is shown of an attempt by the quiz's rule; before submission nothing, whatever the rule.

    `review` is the quiz's own table, if it has one. `passed` says whether the quiz is passed by what counts;
    `attempts_left` None means without limit. While another attempt is `going_on` the quiz is neither closed nor used up
    for its learner: what one result tells would serve the other attempt.
    """
    if not submitted:
        return Shown()
    table = matrix(rule, review)
    if submitted_at is not None and now - submitted_at <= JUST_AFTER:
        shown = Shown.of(table.after)
    elif closes_at is not None and now >= closes_at and not going_on:
        shown = Shown.of(table.closed)
    else:
        shown = Shown.of(table.later)
    if table.key_when_done and not (passed or (attempts_left == 0 and not going_on)):
        shown = replace(shown, right_answers=False, explanation=False)
    return shown


def shown_during(rule: str, review: Mapping[str, Any] | None, *, checked: bool, settled: bool) -> Shown:
    """Return what is shown of a practice question while the attempt goes on: nothing before it was checked.

    The key waits until the question takes no more answers, and with `key_when_done` until the attempt is over.
    """
    table = matrix(rule, review)
    if not checked:
        return Shown()
    shown = Shown.of(table.during)
    if not settled or table.key_when_done:
        shown = replace(shown, right_answers=False, explanation=False)
    return shown
