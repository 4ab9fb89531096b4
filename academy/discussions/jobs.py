"""Telling people of threads, replies, answers and decisions, in the background, each once."""

from typing import Any

from academy.base import clock
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.base.markdown import words_of
from academy.catalogue.models import Course
from academy.catalogue.queries import titles
from academy.discussions import kinds, rules
from academy.discussions import queries_of_telling as queries
from academy.discussions.queries_of_telling import Told
from academy.notices.kinds import stands_for, stands_while
from academy.notices.services import tell

BATCH = 200

for _kind in (kinds.NEW_QUESTION, kinds.NEW_THREAD, kinds.NEW_REPLY):
    stands_while(_kind, queries.still_shown)
stands_while(kinds.ANSWER_MARKED, queries.still_answers)
stands_while(kinds.POST_HIDDEN, lambda ids: queries.still_decided(ids, True))
stands_while(kinds.POST_SHOWN, lambda ids: queries.still_decided(ids, False))
stands_while(kinds.REPORT_DECIDED, queries.not_overruled)
stands_while(kinds.WRITING_STOPPED, lambda ids: queries.still_stopped(ids, clock.today()))
stands_for(kinds.NEW_QUESTION, queries.still_taught)
for _kind in (kinds.NEW_THREAD, kinds.NEW_REPLY, kinds.ANSWER_MARKED):
    stands_for(_kind, queries.still_read)
stands_for(kinds.REPORT_DECIDED, queries.still_read_decided)


@job("discussions.tell_thread", _l("Tell people of a new thread"))
def tell_thread(thread_id: int, after_id: int) -> None:
    """Tell the trainers of a new question, and the next 200 of those subscribed to the discussions of its course."""
    about = queries.opening_of(thread_id)
    if about is None or not about.shown:
        return
    if after_id == 0 and about.kind == rules.QUESTION:
        for person_id in queries.trainers(thread_id, but=about.author_id):
            _tell(about, person_id, kinds.NEW_QUESTION, f"thread:{thread_id}")
    people = queries.subscribers(thread_id, whole=True, but=about.author_id, after_id=after_id, most=BATCH)
    for person_id in people:
        _tell(about, person_id, kinds.NEW_THREAD, f"thread:{thread_id}")
    if len(people) == BATCH:
        key = f"thread:{thread_id}:{people[-1]}"
        enqueue("discussions.tell_thread", unique_key=key, thread_id=thread_id, after_id=people[-1])


@job("discussions.tell_reply", _l("Tell people of a reply"))
def tell_reply(post_id: int, after_id: int) -> None:
    """Tell the next 200 people who are subscribed to the thread, then queue the rest."""
    about = queries.told(post_id)
    if about is None or not about.shown:
        return
    people = queries.subscribers(about.thread_id, whole=False, but=about.author_id, after_id=after_id, most=BATCH)
    for person_id in people:
        _tell(about, person_id, kinds.NEW_REPLY, f"reply:{post_id}")
    if len(people) == BATCH:
        enqueue(
            "discussions.tell_reply", unique_key=f"reply:{post_id}:{people[-1]}", post_id=post_id, after_id=people[-1]
        )


@job("discussions.tell_answer", _l("Tell people that a reply was marked as the answer"))
def tell_answer(post_id: int, by_id: int) -> None:
    """Tell whoever asked and whoever answered, but not the one who marked it."""
    about = queries.told(post_id)
    if about is None or post_id not in queries.still_answers({post_id}):
        return
    for person_id in queries.readers_among(about.thread_id, {about.asker_id, about.author_id} - {by_id}):
        _tell(about, person_id, kinds.ANSWER_MARKED, f"answer:{post_id}")


@job("discussions.tell_decision", _l("Tell the author of a post what a moderator decided"))
def tell_decision(decision_id: int) -> None:
    """Tell the author that their post was hidden or is shown again, and why."""
    row = queries.decision(decision_id)
    about = queries.told(row.post_id) if row else None
    if row is None or about is None:
        return
    kind = kinds.POST_HIDDEN if row.outcome == rules.HIDDEN else kinds.POST_SHOWN
    address = _address(about)
    tell(
        row.author_id, kind, f"decision:{row.id}", at=clock.now(), address=address, about_id=row.id,
        course=about.course, thread=about.title, reason=row.reason,
    )  # fmt: skip


@job("discussions.tell_reporters", _l("Tell those who reported a post what became of it"))
def tell_reporters(decision_id: int, after_id: int) -> None:
    """Tell the next 200 people whose reports a decision answered how the post stands, neither why nor who decided."""
    row = queries.decision(decision_id)
    about = queries.told(row.post_id) if row else None
    if row is None or about is None or not queries.not_overruled({row.id}):
        return
    outcome = kinds.became_in_words(rules.became(hidden=about.hidden, removed=about.removed))
    people = queries.reporters(decision_id, after_id=after_id, most=BATCH)
    for person_id in people:
        tell(
            person_id, kinds.REPORT_DECIDED, f"post-report:{row.id}", at=clock.now(), address=_address(about),
            about_id=row.id, course=about.course, outcome=outcome,
        )  # fmt: skip
    if len(people) == BATCH:
        key = f"reporters:{decision_id}:{people[-1]}"
        enqueue("discussions.tell_reporters", unique_key=key, decision_id=decision_id, after_id=people[-1])


@job("discussions.tell_stop", _l("Tell somebody that they may not write for a time"))
def tell_stop(stop_id: int) -> None:
    """Tell somebody until when they may not write in the discussions of a course, and why."""
    row = queries.stop(stop_id)
    if row is None:
        return
    course = db.session.get_one(Course, row.course_id)
    tell(
        row.person_id, kinds.WRITING_STOPPED, f"discussion-stop:{row.id}", at=clock.now(),
        address=f"/courses/{course.key}/discussions", about_id=row.id,
        course=titles([course.id])[course.id], until=row.until, reason=row.reason,
    )  # fmt: skip


def _tell(about: Told, person_id: int, kind: str, cause: str) -> None:
    values: dict[str, Any] = {"course": about.course, "by": about.author, "thread": about.title}
    if kind != kinds.ANSWER_MARKED:
        values["opening"] = rules.opening(words_of(about.text)) or None
    tell(
        person_id, kind, f"discussions:{cause}", at=clock.now(), address=_address(about), about_id=about.post_id, **values
    )  # fmt: skip


def _address(about: Told) -> str:
    return f"/discussions/posts/{about.post_id}"
