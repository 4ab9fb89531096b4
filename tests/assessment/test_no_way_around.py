"""P5: no rule of a quiz can be got around, through whatever door: at least thirty tries, none of them works.

Each row is a rule, what somebody tries, and how the server must answer; afterwards nothing has changed.
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from academy.assessment import services
from academy.assessment.models import Attempt, AttemptItem, SaveReceipt
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue, learning

HERE, THERE = "127.0.0.0/8", "10.9.0.0/16"
NOW = datetime.now(UTC)
AGO = NOW - timedelta(hours=2)


class Scene:
    """A learner at the quiz of a course, by its pages alone."""

    def __init__(self, visit, **rules) -> None:
        self.course = catalogue.course(people.organisation(), units=0, published=False)
        activity = catalogue.activity(catalogue.unit(catalogue.draft(self.course)), "quiz")
        version = db.session.get(quizzes.QuizVersion, activity.content["quiz_version_id"])
        for name, value in {"shuffle": False, "release": "score", **rules}.items():
            setattr(version, name, value)
        for competency in ("D1.1", "D1.2", "D4.1"):
            quizzes.question(version, "true_false", competency_key=competency)
        catalogue.services.publish(self.course, actor_id=None, at=AGO)
        self.version, self.learner = version, people.person()
        self.enrolment = learning.enrolment(self.learner, self.course)
        self.start = f"/learn/{self.enrolment.id}/{activity.key}/attempt"
        self.browser = visit(self.learner)
        self.attempt: Attempt | None = None
        db.session.commit()

    def begun(self, at: datetime = NOW, **given) -> "Scene":
        """An open attempt, begun as the rules allow it."""
        attempt = services.start_attempt(self.version.id, self.learner.id, at=at, address="127.0.0.1", **given)
        self.attempt_id = attempt.id
        db.session.commit()
        return self

    def post(self, tail="", data=None, status=None):
        return self.browser.post(f"/attempts/{self.attempt_id}{tail}", data or {}, follow=False, status=status or 302)

    def answer(self, position, go="save", status=None, **more):
        fields = {f"seen-{position}": "0", f"a{position}": "true", "q": str(position), "go": go, **more}
        return self.post("", fields, status)

    def save(self, position, status=200, **more):
        item = {"position": position, "response": {"choice": "true"}, "known": 0, **more}
        body = {"attempt": self.attempt_id, "items": [item], "client_key": "a" * 12, "client_sequence": 9}
        return self.browser.send_json(f"/attempts/{self.attempt_id}/save", body, status)

    def page(self, tail="", status=200):
        return self.browser.get(f"/attempts/{self.attempt_id}{tail}", status)

    def begin(self, data=None, status=302):
        self.browser.post(self.start, data or {}, follow=False, status=status)

    def change(self, **values) -> None:
        """Let time pass, by moving the attempt's own times back."""
        attempt = db.session.get(Attempt, self.attempt_id)
        for name, value in values.items():
            setattr(attempt, name, value)
        db.session.commit()


def left(scene: Scene, *positions: int) -> Scene:
    """A sequential attempt that has left these questions."""
    for position in positions:
        scene.answer(position, "next")
    return scene


SEQUENTIAL = {"navigation": "sequential"}
OVER = {"deadline": NOW - timedelta(minutes=5)}


def over(scene: Scene) -> Scene:
    scene.begun().change(**OVER)
    return scene


def submitted(scene: Scene, at: datetime = AGO, times: int = 1) -> Scene:
    for _ in range(times):
        scene.begun(at)
        services.submit(scene.attempt_id, at=at)
    db.session.commit()
    return scene


STARTS = [
    ("P5, AS9: before it opens", {"opens_at": NOW + timedelta(hours=1)}, None, {}, 302),
    ("P5, AS9: at the page's address before it opens", {"opens_at": NOW + timedelta(hours=1), "password": "x"}, None, {"password": "x"}, 302),
    ("P5, AS9: after it closed", {"closes_at": NOW - timedelta(seconds=1)}, None, {}, 302),
    ("P5, AS11: without an attempt left", {"attempts_allowed": 1}, submitted, {}, 302),
    ("P5, AS11: with a number of attempts of one's own", {"attempts_allowed": 1}, submitted, {"attempts_allowed": "9", "extra": "9"}, 302),
    ("P5, AS11: in another cycle of one's own", {"attempts_allowed": 1}, submitted, {"cycle": "2"}, 302),
    ("P5, AS11: within the wait", {"cooling_minutes": 1440}, submitted, {}, 302),
    ("P5, AS14: without the password", {"password": "سر ٣"}, None, {}, 422),
    ("P5, AS14: with another password", {"password": "سر ٣"}, None, {"password": "سر 3"}, 422),
    ("P5, AS14: with the password and a space", {"password": "abc"}, None, {"password": "abc "}, 422),
    ("P5, AS14: with the password in the address", {"password": "abc"}, None, {"pass": "abc"}, 422),
    ("P5, AS14: from elsewhere", {"addresses": [THERE]}, None, {}, 302),
    ("P5, AS14: from elsewhere with an address of one's own", {"addresses": [THERE]}, None, {"address": "10.9.0.1"}, 302),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rules", "before", "sent", "status"), STARTS, ids=[row[0] for row in STARTS])
def test_no_attempt_begins(visit, name, rules, before, sent, status):
    """P5, AS9, AS11, AS14."""
    scene = Scene(visit, **rules)
    if before:
        before(scene)
    count = db.session.scalar(select(func.count(Attempt.id)))
    scene.begin(sent, status)
    assert db.session.scalar(select(func.count(Attempt.id))) == count
    for forged in ({"X-Forwarded-For": "10.9.0.1"}, {"X-Real-IP": "10.9.0.1"}, {"Forwarded": "for=10.9.0.1"}):
        scene.browser.client.post(scene.start, data={**sent, "csrf_token": scene.browser.csrf_token()}, headers=forged)
    assert db.session.scalar(select(func.count(Attempt.id))) == count


def answers_of(scene: Scene):
    rows = db.session.scalars(
        select(AttemptItem).where(AttemptItem.attempt_id == scene.attempt_id).order_by(AttemptItem.position)
    )
    return [(row.response, row.tried, row.flagged, row.opened_at is not None, row.saved_sequence) for row in rows]


BYPASSES = [
    ("P5, AS9: saving by script after the deadline", {"minutes": 30}, over, lambda s: s.save(1, 409)),
    ("P5, AS9: saving by form after the deadline", {"minutes": 30}, over, lambda s: s.answer(1)),
    ("P5, AS9: a page left open after the close", {"closes_at": NOW + timedelta(hours=1)}, over, lambda s: s.save(1, 409)),
    ("P5, AS9: a flag after the deadline", {"minutes": 30}, over, lambda s: s.post("", {"go": "flag:1", "q": "1"})),
    ("P5, AS9: a time of one's own", {"minutes": 30}, over, lambda s: s.answer(1, started_at="2999-01-01", deadline="2999-01-01", minutes="999")),
    ("P5, AS14: jumping ahead by the address", SEQUENTIAL, Scene.begun, lambda s: only(s, "?q=3", 1)),
    ("P5, AS14: jumping ahead by the map's button", SEQUENTIAL, Scene.begun, lambda s: (s.post("", {"go": "q:3", "q": "1"}), only(s, "?q=3", 1))),
    ("P5, AS14: answering ahead by form", SEQUENTIAL, Scene.begun, lambda s: s.answer(3, status=422)),
    ("P5, AS14: answering ahead by script", SEQUENTIAL, Scene.begun, lambda s: refused(s.save(2, 422))),
    ("P5, AS14: going on from a question that is not there yet", SEQUENTIAL, Scene.begun, lambda s: s.post("", {"go": "next", "q": "2"})),
    ("P5, AS14: going on twice with one press", SEQUENTIAL, lambda s: left(s.begun(), 1), lambda s: s.post("", {"go": "next", "q": "1"})),
    ("P5, AS14: going back by the address", SEQUENTIAL, lambda s: left(s.begun(), 1), lambda s: only(s, "?q=1", 2)),
    ("P5, AS14: going back by the button", SEQUENTIAL, lambda s: left(s.begun(), 1), lambda s: (s.post("", {"go": "previous", "q": "2"}), only(s, "", 2))),
    ("P5, AS14: answering a left question by form", SEQUENTIAL, lambda s: left(s.begun(), 1), lambda s: s.answer(1, status=422, a1="false")),
    ("P5, AS14: answering a left question by script", SEQUENTIAL, lambda s: left(s.begun(), 1), lambda s: refused(s.save(1, 422, response={"choice": "false"}))),
    ("P5, AS14: a left question beside the present one", SEQUENTIAL, lambda s: left(s.begun(), 1), lambda s: s.post("", {"seen-1": "9", "a1": "false", "q": "2"}, 422)),
    ("P5, AS14: a flag to come back to", SEQUENTIAL, lambda s: left(s.begun(), 1), lambda s: s.post("", {"go": "flag:1", "q": "2"})),
    ("P5, AS14: questions read ahead on the review page", SEQUENTIAL, Scene.begun, lambda s: nothing_ahead(s)),
    ("P5, AS14: all on one page although sequential", {**SEQUENTIAL, "layout": "all"}, Scene.begun, lambda s: only(s, "", 1)),
    ("P5, AS14: saving by script from elsewhere", {"addresses": [HERE]}, lambda s: moved(s.begun()), lambda s: s.save(1, 409)),
    ("P5, AS14: saving by form from elsewhere", {"addresses": [HERE]}, lambda s: moved(s.begun()), lambda s: s.answer(1, status=409)),
    ("P5, AS14: reading from elsewhere", {"addresses": [HERE]}, lambda s: moved(s.begun()), lambda s: hidden(s, "")),
    ("P5, AS14: the review page from elsewhere", {"addresses": [HERE]}, lambda s: moved(s.begun()), lambda s: hidden(s, "/review")),
    ("P5, AS7: checking where there is one try", {}, lambda s: answered(s.begun()), lambda s: s.post("", {"go": "check:1", "q": "1"})),
    ("P5, AS7: a fourth try of three", {"tries": 3}, lambda s: checked(s.begun(), 3), lambda s: s.answer(1, "check:1", 422)),
    ("P5, AS7: another answer after the last try", {"tries": 2}, lambda s: checked(s.begun(), 2), lambda s: refused(s.save(1, 422, known=99))),
    ("P5, AS7: checking nothing", {"tries": 3}, Scene.begun, lambda s: s.post("", {"go": "check:1", "q": "1"})),
    ("P5, AS7: checking a question that is not there", {"tries": 3}, Scene.begun, lambda s: s.post("", {"go": "check:9", "q": "1"}, 404)),
    ("P5, AS7: certainty that is no level", {"confidence": True}, Scene.begun, lambda s: s.save(1, 422, confidence=4)),
    ("P5: answering after submitting by script", {}, lambda s: done(s.begun()), lambda s: s.save(1, 409)),
    ("P5: answering after submitting by form", {}, lambda s: done(s.begun()), lambda s: s.answer(1)),
    ("P5: checking after submitting", {"tries": 3}, lambda s: done(s.begun()), lambda s: s.post("", {"go": "check:1", "q": "1"})),
]  # fmt: skip


def only(scene, tail, position):
    page = scene.page(tail)
    assert [tag["data-sheet"] for tag in page.select("[data-sheet]")] == [str(position)]


def refused(said):
    assert [item["verdict"] for item in said["items"]] == ["refused"] and said["items"][0]["message"]


def nothing_ahead(scene):
    text = str(scene.page("/review"))
    for item in quizzes.items(db.session.get(Attempt, scene.attempt_id)):
        assert item.question_version.content["stem"]["ar"] not in text


def moved(scene):
    scene.version.addresses = [THERE]
    db.session.commit()
    return scene


def hidden(scene, tail):
    page = scene.page(tail, 409)
    assert not page.select("[data-sheet]") and "الشبكة" in page.words


def answered(scene):
    scene.answer(1)
    return scene


def checked(scene, times):
    """A question with a wrong answer that was checked so many times."""
    scene.answer(1, a1="false")
    wrong = {"share": "0", "response": {"choice": "false"}}
    item = quizzes.items(db.session.get(Attempt, scene.attempt_id))[0]
    item.tried = [wrong] * times
    db.session.commit()
    return scene


def done(scene):
    services.submit(scene.attempt_id, at=datetime.now(UTC))
    db.session.commit()
    return scene


@pytest.mark.parametrize(("name", "rules", "before", "act"), BYPASSES, ids=[row[0] for row in BYPASSES])
def test_nothing_in_an_attempt_goes_around_its_rules(visit, name, rules, before, act):
    """P5, AS7, AS9, AS14."""
    scene = Scene(visit, **rules)
    before(scene)
    was, receipts = answers_of(scene), db.session.scalar(select(func.count(SaveReceipt.id)))
    act(scene)
    assert answers_of(scene) == was
    assert db.session.scalar(select(func.count(SaveReceipt.id))) == receipts


def test_there_are_at_least_thirty_tries():
    """P5: "0 bypasses in 30 tries"."""
    assert len(BYPASSES) + len(STARTS) >= 30 and len({row[0] for row in [*BYPASSES, *STARTS]}) == len(BYPASSES) + len(
        STARTS
    )


def test_what_the_rules_allow_still_works(visit):
    """Without this, the tests above could pass because nothing ever works."""
    scene = Scene(visit, **SEQUENTIAL, password="سر", addresses=[HERE], confidence=True, tries=2)
    scene.begin({"password": "سر"})
    scene.attempt_id = db.session.scalar(select(Attempt.id))
    assert scene.save(1, confidence=3)["items"][0]["verdict"] == "saved"
    scene.post("", {"go": "check:1", "q": "1"})
    scene.post("", {"go": "next", "q": "1"})
    only(scene, "", 2)
    scene.post("/submit")
    attempt = db.session.get(Attempt, scene.attempt_id)
    item = quizzes.items(attempt)[0]
    assert (attempt.state, item.confidence, len(item.tried)) == ("graded", 3, 1)


def test_a_password_can_be_tried_five_times_then_waits(visit):
    """P5, AS14: also the right one is refused while the lock lasts; the count survives the refusals."""
    scene = Scene(visit, password="abc")
    for _ in range(5):
        scene.begin({"password": "x"}, 422)
    scene.begin({"password": "abc"}, 429)
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_the_password_reaches_no_page_of_a_learner(visit):
    """P4."""
    scene = Scene(visit, password="CANARYSECRET")
    for address in (scene.start, scene.start.removesuffix("/attempt")):
        assert "CANARYSECRET" not in str(scene.browser.get(address))
