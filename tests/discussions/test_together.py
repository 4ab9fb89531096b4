"""Two at once: one answer, one report, one post, nobody answers a thread that goes (NO2)."""

import pytest
from sqlalchemy import func, select

from academy.base.db import db
from academy.base.errors import Conflict, Refusal
from academy.discussions import services
from academy.discussions.models import DiscussionPost, DiscussionReader, DiscussionThread, MarkedAnswer, PostReport
from tests.concurrency import crowd_app, meanwhile, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories import discussions as make

pytestmark = pytest.mark.concurrency
CROWD = 6


@pytest.fixture
def scene(crowd_app):  # noqa: F811
    """The ids of a course, a learner, a thread and two replies."""
    with prepared(crowd_app):
        course = catalogue.course()
        who, other = people.person(), people.person()
        learning.enrolment(who, course)
        thread = make.thread(course, who)
        replies = [make.reply(thread, other).id for _each in range(2)]
        return {"course": course.id, "who": who.id, "of": who.organisation_id, "thread": thread.id, "replies": replies}


def count(app, model, *where) -> int:
    with prepared(app):
        return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_two_mark_an_answer_at_once(crowd_app, scene):  # noqa: F811
    """NO2"""

    def mark(number: int) -> None:
        services.mark_answer(scene["replies"][number % 2], by_id=scene["who"], at=NOW)

    assert len(winners(run_together(CROWD, mark, app=crowd_app))) == CROWD
    assert count(crowd_app, MarkedAnswer) == 1


def test_reporting_many_times_at_once_is_one_report(crowd_app, scene):  # noqa: F811
    """NO2"""

    def report(_number: int) -> bool:
        return services.report(scene["replies"][0], reporter_id=scene["who"], reason="spam", note="", at=NOW)

    assert sorted(run_together(CROWD, report, app=crowd_app)) == [False] * (CROWD - 1) + [True]
    assert count(crowd_app, PostReport) == 1


def test_sent_many_times_at_once_it_is_written_once(crowd_app, scene):  # noqa: F811
    """NO2"""
    token = "f" * 32

    def begin(_number: int) -> int:
        said = services.Written("نص", token, title="عنوان")
        return services.begin(scene["course"], scene["of"], said, author_id=scene["who"], at=NOW).id

    assert len(set(run_together(CROWD, begin, app=crowd_app))) == 1

    def reply(_number: int) -> int:
        said = services.Written("نص", "e" * 32)
        return services.reply(scene["thread"], said, author_id=scene["who"], moderates=False, at=NOW).id

    assert len(set(run_together(CROWD, reply, app=crowd_app))) == 1
    assert count(crowd_app, DiscussionThread) == 2 and count(crowd_app, DiscussionPost) == 5


def test_a_thread_that_is_removed_while_somebody_replies(crowd_app, scene):  # noqa: F811
    """NO2: either the reply is there and the place of the opening stays, or both are gone."""
    with prepared(crowd_app):
        thread = make.thread(
            db.session.get(catalogue.Course, scene["course"]), db.session.get(catalogue.Person, scene["who"])
        )
        opening = db.session.scalar(select(DiscussionPost.id).where(DiscussionPost.thread_id == thread.id))
        number = thread.id

    def either(which: int) -> object:
        if which:
            return services.reply(
                number, services.Written("رد", "d" * 32), author_id=scene["who"], moderates=False, at=NOW
            ).id
        return services.remove(opening, revision=1, at=NOW)

    outcomes = run_together(2, either, app=crowd_app)
    there = count(crowd_app, DiscussionPost, DiscussionPost.thread_id == number)
    assert there == (0 if outcomes[0] is True else 2), outcomes


def test_seen_and_subscribed_at_once_is_one_row(crowd_app, scene):  # noqa: F811
    """NO2"""

    def touch(number: int) -> None:
        thread = db.session.get(DiscussionThread, scene["thread"])
        if number % 2:
            services.subscribe(scene["course"], scene["who"], True)
        else:
            services.see_all(scene["course"], scene["who"], at=NOW)
        services.see_thread(thread, scene["who"], at=NOW)

    assert len(winners(run_together(CROWD, touch, app=crowd_app))) == CROWD
    assert count(crowd_app, DiscussionReader, DiscussionReader.thread_id.is_(None)) == 1


@pytest.mark.parametrize("hidden_first", [True, False])
def test_a_reply_that_is_hidden_while_it_is_marked_is_no_answer(crowd_app, scene, hidden_first):  # noqa: F811
    """NO2"""
    post = scene["replies"][0]
    with prepared(crowd_app):
        moderator = people.trainer().id

    def hide() -> None:
        services.decide(post, "hidden", reason="إساءة", moderator_id=moderator, at=NOW)

    def mark() -> None:
        services.mark_answer(post, by_id=scene["who"], at=NOW)

    with prepared(crowd_app):
        (hide if hidden_first else mark)()
        came_of_it = meanwhile(crowd_app, mark if hidden_first else hide)
    assert isinstance(came_of_it(), Conflict) == hidden_first
    assert count(crowd_app, MarkedAnswer) == 0


def test_whoever_decides_about_or_arranges_what_is_gone_is_told_so(crowd_app, scene):  # noqa: F811
    """NO2"""
    with prepared(crowd_app):
        moderator = people.trainer().id
        thread = db.session.get(DiscussionThread, scene["thread"])
        post = make.reply(thread, db.session.get(catalogue.Person, scene["who"])).id
    with prepared(crowd_app):
        assert services.remove(post, revision=1, at=NOW)
    acts = (
        lambda: services.decide(post, "hidden", reason="إساءة", moderator_id=moderator, at=NOW),
        lambda: services.mark_answer(post, by_id=scene["who"], at=NOW),
        lambda: services.arrange(10**6, "pin", actor_id=moderator, at=NOW),
    )
    with prepared(crowd_app):
        for act in acts:
            with pytest.raises(Refusal):
                act()
