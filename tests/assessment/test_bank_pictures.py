"""Questions on a picture in the bank: written, lent, drawn and exchanged; whoever is shown the question opens its picture."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.assessment import services
from academy.assessment.models import Question, QuestionVersion, QuizItem
from academy.assessment.queries_of_banked import banked
from academy.assessment.queries_of_editing import edited_questions
from academy.assessment.rules.lines import DrawLine
from academy.assessment.services.pictures import Owner, keep_picture
from academy.base import clock, storage
from academy.base.db import db
from academy.base.storage import StoredFile
from tests.assessment.test_edit_pages import BASE, fields
from tests.assessment.test_edit_pictures import HOTSPOT, KEPT, picture, send
from tests.assessment.test_editing import add, published, quiz_activity, quiz_of
from tests.assessment.test_sweeping import gone, swept
from tests.conftest import Browser
from tests.factories import accounts as people
from tests.factories import assessment, bank, catalogue
from tests.factories.accounts import LONG_AGO

TYPES = tuple(KEPT)


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def page(visit, trainer):
    return visit(trainer)


def files_of(organisation_id):
    query = select(StoredFile).where(StoredFile.organisation_id == organisation_id).order_by(StoredFile.id)
    return db.session.scalars(query).all()


def keep(owner, size=(1200, 800)):
    return keep_picture(owner, picture(size=size), "hall.png", most=10**6, by_id=None, at=LONG_AGO)


def pictured(organisation_id, type="hotspot", **given):
    """A ready question of a bank with a picture of the bank's own: its version and its file."""
    file = keep(Owner(organisation_id=organisation_id))
    content = assessment.content(type, image=assessment.image(file.key))
    return SimpleNamespace(version=assessment.in_bank(organisation_id, type, content=content, **given), file=file)


def newest(organisation_id):
    query = select(Question.id).where(Question.organisation_id == organisation_id, Question.course_id.is_(None))
    return banked(db.session.scalar(query.order_by(Question.id.desc()).limit(1)))


# --- Written in the bank ----------------------------------------------------------------------------


@pytest.mark.parametrize("type", TYPES)
def test_a_question_on_a_picture_is_written_into_the_bank_tried_and_saved_again_unchanged(page, trainer, type):
    """AS3, AS18."""
    typed, kept = KEPT[type]
    assert page.get("/bank").select(f".menu-list a[href*='/bank/new/{type}']")
    page.get(f"/bank/new/{type}")
    shown = send(page, f"/bank/new/{type}", typed, picture())
    place = newest(trainer.organisation_id)
    assert (place.type, place.sound, place.question.state) == (type, True, "draft")
    assert {name: place.content[name] for name in kept} == kept
    (file,) = files_of(trainer.organisation_id)
    assert file.course_id is None and place.content["image"]["key"] == file.key
    assert shown.select_one(".picture-stage img")["alt"] == "ردهة فيها ثلاثة أماكن"
    where = f"/bank/questions/{place.question.id}"
    form = page.get(f"{where}/edit")
    assert form.select_one("[data-stage] img")["src"] == file.address
    page.post(f"{where}/edit", fields(form))
    assert newest(trainer.organisation_id).version.number == 1
    tried = page.get(f"{where}/try")
    assert tried.select_one(".picture-stage img")["src"] == file.address
    seed = tried.select_one("[name=seed]")["value"]
    marked = page.post(f"{where}/try", {"seed": seed, "answer": "p1", "answer-p1": "p1"})
    assert marked.select_one(".picture-stage.given img")["src"] == file.address


def test_an_old_version_keeps_its_picture_and_the_history_shows_both(page, trainer):
    """AS18: every edit is a new version, its picture too."""
    send(page, "/bank/new/hotspot", HOTSPOT, picture())
    place = newest(trainer.organisation_id)
    where = f"/bank/questions/{place.question.id}"
    form = page.get(f"{where}/edit")
    send(page, f"{where}/edit", fields(form), picture(size=(30, 20)))
    first, second = files_of(trainer.organisation_id)
    keys = db.session.scalars(select(QuestionVersion.picture_key).order_by(QuestionVersion.number)).all()
    assert keys == [first.key, second.key]
    shown = page.get(f"{where}/history")
    assert [img["src"] for img in shown.select("#differences img")] == [first.address, second.address]
    assert "تغيّر ما يُعدّ صحيحًا" not in shown.words
    assert [page.client.get(file.address).status_code for file in (first, second)] == [200, 200]


def test_what_is_wrong_with_a_picture_is_said_at_its_field_and_nothing_is_lost(page, trainer):
    shown = send(page, "/bank/new/hotspot", HOTSPOT, b"<svg onload='alert(1)'/>", "hall.png", status=422)
    assert shown.select_one(".error-summary a[href='#picture']")
    assert fields(shown)["regions-0-at"] == HOTSPOT["regions-0-at"] and not files_of(trainer.organisation_id)
    shown = send(page, "/bank/new/hotspot", {**HOTSPOT, "alt-en": ""}, picture(), status=422)
    assert shown.select_one(".error-summary a[href='#alt-en']")
    (file,) = files_of(trainer.organisation_id)
    assert fields(shown)["image_key"] == file.key, "a picture stays kept through mistakes"


def test_nobody_shows_the_picture_of_another_bank_or_course(page, trainer):
    """P3: a key that somebody has learnt opens nothing and is nobody's to use."""
    foreign = people.trainer()
    foreign_course = catalogue.course(trainer=foreign)
    own_course = catalogue.course(trainer=trainer)
    for owner in (
        Owner(organisation_id=foreign.organisation_id), Owner(course_id=foreign_course.id), Owner(course_id=own_course.id),
    ):  # fmt: skip
        typed = {**BASE, **HOTSPOT, "image_key": keep(owner).key, "image_size": "1200x800"}
        shown = page.post("/bank/new/hotspot", typed, status=422)
        assert fields(shown)["image_key"] == ""
    assert not files_of(trainer.organisation_id)


def test_only_those_who_work_in_the_bank_send_a_picture_there(visit, trainer):
    for stranger in (people.person(), people.person(bank.home(trainer))):
        send(visit(stranger), "/bank/new/hotspot", HOTSPOT, picture(), status=404)
    where = f"/bank/new/hotspot?organisation={trainer.organisation_id}"
    send(visit(people.trainer()), where, HOTSPOT, picture(), status=404)
    assert not files_of(trainer.organisation_id)


def test_a_file_never_belongs_to_a_course_and_a_bank(trainer):
    file = keep(Owner(organisation_id=trainer.organisation_id))
    file.course_id = catalogue.course(trainer=trainer).id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


# --- Who opens the picture --------------------------------------------------------------------------


class Drawn:
    """A quiz that draws one question on a picture, its learner, and the door of the picture."""

    def __init__(self, visit, trainer, **given):
        self.visit, self.trainer = visit, trainer
        self.course = catalogue.course(trainer=trainer)
        self.one = pictured(trainer.organisation_id)
        self.quiz = assessment.draft_quiz(self.course, **given)
        assessment.section(self.quiz, DrawLine(1, competencies=("D1",)))
        services.freeze(self.quiz.id, LONG_AGO)
        self.learner = people.person(bank.home(trainer))
        self.browser = visit(self.learner)

    def start(self, at=None):
        self.attempt = assessment.attempt(self.quiz, self.learner, at=at or clock.now())
        return self

    def submit(self):
        services.submit(self.attempt.id, at=clock.now())
        return self

    def opens(self, browser=None, **given):
        return status(browser or self.browser, self.one.file, **given)


def status(browser, file, **given) -> int:
    db.session.commit()
    return browser.client.get(file.address, **given).status_code


def test_a_learner_opens_the_picture_while_the_attempt_shows_it_and_not_before_or_after(visit, trainer):
    """P4, AS8: drawn from the bank; with nothing released the picture closes with the attempt."""
    drawn = Drawn(visit, trainer, release="none")
    assert drawn.opens() == 404
    shown = drawn.start().browser.get(f"/attempts/{drawn.attempt.id}")
    assert shown.select_one(".picture-stage img")["src"] == drawn.one.file.address
    assert drawn.opens() == 200
    assert drawn.browser.client.get(drawn.one.file.address).headers["Cache-Control"] == "private, no-cache"
    others = [people.person(bank.home(trainer)), people.person(), people.trainer()]
    assert [drawn.opens(visit(each)) for each in others] == [404] * 3
    assert drawn.submit().opens() == 404


def test_a_review_that_shows_the_question_shows_its_picture(visit, trainer):
    """P4, AS12: the areas that are right come with the key alone."""
    drawn = Drawn(visit, trainer, release="after_submit").start()
    shown = drawn.browser.get(f"/attempts/{drawn.attempt.id}")
    assert not shown.select(".right-area") and "correct" not in str(shown.select_one("[data-sheet]"))
    assert drawn.submit().opens() == 200
    shown = drawn.browser.get(f"/attempts/{drawn.attempt.id}/result")
    assert shown.select_one(".picture-stage img")["src"] == drawn.one.file.address and shown.select(".right-area")


def test_the_picture_is_closed_when_time_is_over_and_outside_the_rooms_of_the_quiz(visit, trainer):
    """P5, R6: the server's clock, and the places a quiz is taken in."""
    late = Drawn(visit, people.trainer(), release="none", minutes=10).start(clock.now() - timedelta(minutes=20))
    assert late.opens() == 404
    room = Drawn(visit, trainer, addresses=["10.1.0.0/16"])
    room.attempt = services.start_attempt(room.quiz.id, room.learner.id, at=clock.now(), address="10.1.2.3")
    assert room.opens() == 404
    assert room.opens(environ_overrides={"REMOTE_ADDR": "10.1.2.3"}) == 200


def test_one_question_after_the_other_shows_no_picture_ahead_or_behind(visit, trainer):
    """P5: where there is no way back, the picture of another question than the present one is closed."""
    course, learner = catalogue.course(trainer=trainer), people.person()
    ones = [pictured(trainer.organisation_id, type) for type in TYPES]
    quiz = assessment.draft_quiz(course, navigation="sequential", shuffle=False)
    for place, one in enumerate(ones, start=1):
        db.session.add(QuizItem(quiz_version_id=quiz.id, position=place, points=1, question_version_id=one.version.id))
    services.freeze(quiz.id, LONG_AGO)
    attempt, browser = assessment.attempt(quiz, learner, at=clock.now()), visit(learner)
    assert [status(browser, one.file) for one in ones] == [200, 404]
    browser.post(f"/attempts/{attempt.id}", {"q": "1", "go": "next"})
    assert [status(browser, one.file) for one in ones] == [404, 200]


def test_those_who_keep_the_question_open_its_picture_and_nobody_of_another_organisation(visit, trainer):
    """P3."""
    drawn = Drawn(visit, trainer)
    home, guest, partner = bank.home(trainer), people.trainer(), people.organisation("partner")
    catalogue.course(trainer=guest)
    allowed = [trainer, bank.colleague(trainer), people.administrator(home, everywhere=False)]
    manager = people.manager(people.org_unit(home))
    refused = [guest, people.administrator(partner, everywhere=False), people.person(home), manager]
    assert [drawn.opens(visit(each)) for each in allowed] == [200] * 3
    assert [drawn.opens(visit(each)) for each in refused] == [404] * 4
    assert drawn.opens(Browser(drawn.browser.app)) == 404


def test_an_unused_picture_of_the_bank_is_open_to_those_who_work_there_alone(visit, trainer):
    file = keep(Owner(organisation_id=trainer.organisation_id))
    everybody = [trainer, people.person(bank.home(trainer)), people.trainer()]
    assert [status(visit(each), file) for each in everybody] == [200, 404, 404]


def test_the_door_asks_few_questions_however_many_attempts_there_are(visit, trainer, statements):
    drawn, counts = Drawn(visit, trainer, release="after_submit", attempts_allowed=None), []
    for rounds in (1, 5):
        for _each in range(rounds):
            drawn.start().submit()
        db.session.commit()
        with statements() as seen:
            drawn.browser.client.get(drawn.one.file.address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


# --- Between quiz and bank ----------------------------------------------------------------------------


@pytest.mark.parametrize("copy", [True, False])
def test_a_question_given_to_the_bank_takes_its_picture_along(visit, page, trainer, copy):
    """AS18: drawn into another course, it shows the picture of the course that it came from."""
    origin = catalogue.course(trainer=trainer, published=False, audience="organisation")
    activity = quiz_activity(origin)
    file = keep(Owner(course_id=origin.id))
    content = assessment.content("hotspot", image=assessment.image(file.key))
    item = services.add_written(activity.id, services.Written("hotspot", content, "D1.1"), at=LONG_AGO, by_id=None)
    where = f"/teach/activities/{activity.id}/quiz/questions/{item.id}/give"
    page.post(where, {"how": "copy" if copy else "move", "category": "0"})
    given = newest(trainer.organisation_id)
    assert given.content["image"]["key"] == file.key
    assert status(visit(bank.colleague(trainer)), file) == 200
    for step in ("send", "approve"):
        by = trainer if step == "send" else bank.colleague(trainer)
        services.move_state(given.question.id, step, at=LONG_AGO, by_id=by.id)
    other = assessment.draft_quiz(catalogue.course(trainer=trainer))
    assessment.section(other, DrawLine(1, competencies=("D1",)))
    services.freeze(other.id, LONG_AGO)
    learner = people.person(people.organisation("partner"))
    assert status(visit(learner), file) == 404
    assessment.attempt(other, learner, at=clock.now())
    assert status(visit(learner), file) == 200
    form = page.get(f"/bank/questions/{given.question.id}/edit")
    page.post(f"/bank/questions/{given.question.id}/edit", {**fields(form), "stem-en": "Where to?"})
    assert newest(trainer.organisation_id).content["image"]["key"] == file.key


def test_a_copy_in_a_quiz_keeps_the_picture_of_the_bank_and_can_be_edited(page, trainer):
    activity = quiz_activity(catalogue.course(trainer=trainer, published=False))
    one = pictured(trainer.organisation_id)
    (item,) = services.take_from_bank(activity.id, [one.version.question_id])
    copy = services.duplicate_question(activity.id, item.id, at=LONG_AGO, by_id=trainer.id)
    where = f"/teach/activities/{activity.id}/quiz/questions/{copy.id}"
    page.post(where, {**fields(page.get(where)), "stem-en": "Another question"})
    changed = edited_questions(quiz_of(activity).id)[1]
    assert not changed.banked and changed.stem.en == "Another question"
    assert changed.content["image"]["key"] == one.file.key


def test_a_corrected_key_keeps_the_picture_that_was_answered_on(visit, trainer):
    """P2: whatever a form sends, answers were given on this picture."""
    drawn = Drawn(visit, trainer)
    drawn.start().submit()
    page = visit(trainer)
    where = f"/teach/quizzes/{drawn.quiz.quiz_id}/questions/{drawn.one.version.id}/regrade/key"
    form = page.get(where)
    assert form.select_one("[data-stage] img")["src"] == drawn.one.file.address and not form.select("[type=file]")
    sent = {**fields(form), "image_key": keep(Owner(organisation_id=people.trainer().organisation_id)).key}
    sent["image_size"], sent["reason"] = "5x5", "The second area is right"
    del sent["regions-3-correct"]
    page.post(where, {**sent, "regions-0-correct": "y"})
    corrected = newest(trainer.organisation_id)
    assert corrected.version.number == 2
    assert corrected.content["image"] == drawn.one.version.content["image"]


# --- Into files and out of them -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["xlsx", "qti22", "qti30"])
def test_pictures_travel_from_bank_to_bank(visit, page, trainer, name):
    """AS20: export and re-import give the same questions, each bank with pictures of its own."""
    ones = [pictured(trainer.organisation_id, type) for type in TYPES]
    page.post("/bank/export", {"format": name, "language": "ar"})
    data = page.response.data
    other = people.trainer()
    browser = visit(other)
    sent = {"file": (io.BytesIO(data), "bank.zip"), "format": "", "language": ""}
    shown = browser.post("/bank/import", sent, content_type="multipart/form-data")
    thumbs = [img["src"] for img in shown.select(".question-thumb")]
    assert len(thumbs) == 2 and all(browser.client.get(src).status_code == 200 for src in thumbs)
    apply = shown.select_one("form[action$='/apply']")["action"]
    browser.post(apply, {"take": ["0", "1"]})
    found = db.session.scalars(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.organisation_id == other.organisation_id)
        .order_by(QuestionVersion.id)
    ).all()
    assert sorted(each.type for each in found) == sorted(TYPES)
    mine = {file.key for file in files_of(other.organisation_id)}
    assert {each.picture_key for each in found} <= mine and not mine & {one.file.key for one in ones}
    assert all(storage.size_of_picture(storage.find(key)) == (1200, 800) for key in mine)
    assert status(visit(trainer), storage.find(found[0].picture_key)) == 404


def test_a_picture_imported_into_the_bank_and_never_taken_is_swept_away(trainer, page):
    pictured(trainer.organisation_id)
    page.post("/bank/export", {"format": "xlsx", "language": "ar"})
    sent = {"file": (io.BytesIO(page.response.data), "bank.zip"), "format": "", "language": ""}
    page.post("/bank/import", sent, content_type="multipart/form-data")
    used, unused = files_of(trainer.organisation_id)
    key = SimpleNamespace(key=unused.key)
    swept()
    assert gone(key) and not gone(used)


def test_publishing_and_the_next_draft_keep_a_question_of_the_bank_with_its_picture(trainer):
    activity = quiz_activity(catalogue.course(trainer=trainer, published=False))
    add(activity)
    one = pictured(trainer.organisation_id)
    services.take_from_bank(activity.id, [one.version.question_id])
    draft = published(activity)
    assert edited_questions(quiz_of(draft).id)[1].content["image"]["key"] == one.file.key
