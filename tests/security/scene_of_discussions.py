"""What the people of each house of the scene say in the discussions of its course, and in those of the course for everyone."""

from datetime import timedelta
from typing import Any

from academy.base import clock
from academy.discussions import services
from tests.factories import discussions as make

# What a form would send that is meant to work.
BODIES = {
    "discussions.new": lambda house: {"kind": "question", "title": "Intruder", "text": "Intruder", "about": ""},
    "discussions.reply": lambda house: {"text": "Intruder"},
    "discussions.edit": lambda house: {"title": "Intruder", "text": "Intruder", "revision": "1"},
    "discussions.report": lambda house: {"reason": "spam", "note": "Intruder"},
    "discussions.arrange": lambda house: {"act": "lock"},
    "discussions.decide": lambda house: {"outcome": "hidden", "reason": "Intruder"},
    "discussions.stop": lambda house: {"until": str(clock.today() + timedelta(days=9)), "stop_reason": "Intruder"},
    "discussions.desk": lambda house: {"state": "off"},
}  # fmt: skip


def add(scene: Any, at: Any) -> None:
    """Give every house a question with its answer, a reported and a hidden post, a changed one, and somebody who may not write."""
    for house in scene.houses.values():
        for course in (house.course, scene.shared):
            _talk(house, course, at)


def _talk(house: Any, course: Any, at: Any) -> None:
    word, lead = house.canary, house.administrator.id
    thread = make.thread(course, house.learner, title=f"{word} question", text=f"{word} text", at=at)
    answer, noise, hidden = (make.reply(thread, house.trainer, f"{word} {what}", at=at) for what in ("a", "b", "c"))
    services.mark_answer(answer.id, by_id=house.learner.id, at=at)
    services.report(noise.id, reporter_id=house.learner.id, reason="spam", note=f"{word} note", at=at)
    services.decide(hidden.id, "hidden", reason=f"{word} reason", moderator_id=lead, at=at)
    services.change(noise.id, text=f"{word} changed", title="", revision=1, at=at)
    services.subscribe(course.id, house.learner.id, True)
    services.stop(
        course.id, house.colleague, until=clock.today() + timedelta(days=9), reason=f"{word} stop", by_id=lead, at=at,
        today=clock.today(),
    )  # fmt: skip
