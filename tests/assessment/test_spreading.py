"""A decision carried to the same question in other quizzes and versions: previewed, chosen, recorded, applied once each."""

import pytest

from academy.accounts.models import Organisation
from academy.assessment import services
from academy.assessment.models import Attempt, Regrade, RegradeEffect
from academy.assessment.refusals_of_regrading import NotInForce
from academy.assessment.rules.regrading import likeness
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.jobs import Job
from tests import invariants
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories import catalogue


def everyone(_course) -> bool:
    return True


def a_quiz(course, *versions):
    """A quiz of a course that asks exactly these question versions; pass at 100."""
    draft = factories.draft_quiz(course, pass_percent=100, shuffle=False)
    for place, version in enumerate(versions, 1):
        db.session.add(
            factories.QuizItem(quiz_version_id=draft.id, position=place, points=1, question_version_id=version.id)
        )
    db.session.flush()
    services.freeze(draft.id, factories.LONG_AGO)
    return draft


def next_version(version, **content):
    """Another version of the same question."""
    made = factories.QuestionVersion(
        question_id=version.question_id, number=version.number + 1, type=version.type, created_at=factories.LONG_AGO,
        competency_key=version.competency_key, content={**version.content, **content},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def keyed(version, right: str) -> dict:
    return {
        **version.content,
        "options": [{**each, "correct": each["id"] == right} for each in version.content["options"]],
    }


class Scene:
    """One question in three quizzes of two courses of a trainer, in a later version, and in another house's quiz."""

    def __init__(self) -> None:
        self.trainer = people.trainer()
        house = db.session.get(Organisation, self.trainer.organisation_id)
        own, second = (catalogue.course(trainer=self.trainer, audience="everyone") for _ in range(2))
        self.asked = factories.in_bank(house.id)
        other = factories.in_bank(house.id)
        self.later = next_version(self.asked, stem=factories.text("كلمات أخرى", "Other words"))
        self.grown = next_version(self.later, options=factories.entries("a", "b", "c", "d", correct=("b",)))
        self.here, self.same = a_quiz(own, self.asked, other), a_quiz(second, self.asked, other)
        self.worded, self.longer = a_quiz(second, self.later), a_quiz(second, self.grown)
        self.foreign = a_quiz(catalogue.course(people.organisation(), audience="everyone"), self.asked)
        quizzes = (self.here, self.same, self.worded, self.longer, self.foreign)
        self.attempts = {quiz.quiz_id: factories.graded(quiz, people.person(house), right=0) for quiz in quizzes}

    def decide(self, act="void", **given) -> Regrade:
        at = clock.now()
        made = services.propose_regrade(
            self.here.quiz_id, self.asked.id, act, reason="مفتاح خاطئ", by_id=self.trainer.id, at=at, **given
        )
        return services.apply_regrade(made.id, by_id=self.trainer.id, at=at)

    def spread(self, origin, *places, may=everyone) -> list[Regrade]:
        known = {(each.place.quiz_id): each for each in services.elsewhere(origin, may)}
        chosen = {known[quiz.quiz_id].place.key: known[quiz.quiz_id].effect.mark for quiz in places}
        return services.spread_regrade(origin.id, chosen, may=may, by_id=self.trainer.id, at=clock.now())

    def scores(self, quiz) -> tuple[int, int]:
        row = db.session.get(Attempt, self.attempts[quiz.quiz_id].id, populate_existing=True)
        return int(row.score), int(row.max_score)


@pytest.fixture
def scene(app):
    return Scene()


def test_what_is_chosen_is_previewed_carried_by_jobs_recorded_and_nothing_else_changes(scene, visit):
    """AS17, P12: the identical place is chosen beforehand, the one that differs is not; another house's is not there."""
    origin = scene.decide()
    address = f"/teach/regrades/{origin.id}/elsewhere"
    browser = visit(scene.trainer)
    assert browser.get(f"/teach/regrades/{origin.id}").select_one(f"a[href='{address}']")
    page = browser.get(address)
    boxes = {box["value"]: box.has_attr("checked") for box in page.select("[name=place]")}
    same, worded = f"{scene.same.quiz_id}-{scene.asked.id}", f"{scene.worded.quiz_id}-{scene.later.id}"
    assert boxes == {same: True, worded: False, f"{scene.longer.quiz_id}-{scene.grown.id}": False}
    data = {"place": [same], f"seen-{same}": page.select_one(f"[name='seen-{same}']")["value"]}
    assert "٠ من ١" in browser.post(address, data).words or "0 من 1" in browser.get(address).words
    assert scene.scores(scene.same) == (0, 2)
    for _ in range(2):
        jobs.run_all_due()
        browser.post(address, data)
    assert scene.scores(scene.same) == (0, 1) and scene.scores(scene.worded) == (0, 1)
    carried = db.session.query(Regrade).filter_by(origin_id=origin.id).one()
    assert (carried.state, carried.reason, carried.quiz_id) == ("applied", origin.reason, scene.same.quiz_id)
    entry = db.session.query(AuditEntry).filter_by(act="assessment:regrade:make", subject_id=carried.id).one()
    assert entry.actor_id == scene.trainer.id and entry.subject_label == origin.reason
    assert scene.scores(scene.foreign) == (0, 1) and invariants.broken() == {}


def test_the_decision_says_where_else_it_is_missing_until_it_is_carried_there(scene, visit):
    """AS17: counted are places in courses that the trainer may edit, never another house's."""
    browser = visit(scene.trainer)
    proposed = services.propose_regrade(
        scene.here.quiz_id, scene.asked.id, "void", reason="x", by_id=scene.trainer.id, at=clock.now()
    )
    before = browser.get(f"/teach/regrades/{proposed.id}")
    assert "في 3 مواضع أخرى" in before.words and not before.select("a[href$='/elsewhere']")
    services.apply_regrade(proposed.id, by_id=scene.trainer.id, at=clock.now())
    assert browser.get(f"/teach/regrades/{proposed.id}").select(".btn-primary[href$='/elsewhere']")
    scene.spread(proposed, scene.same, scene.worded)
    assert "في موضع آخر" in browser.get(f"/teach/regrades/{proposed.id}").words
    scene.spread(proposed, scene.longer)
    jobs.run_all_due()
    done = browser.get(f"/teach/regrades/{proposed.id}")
    assert "موضع آخر" not in done.words and done.select("a[href$='/elsewhere']")


def test_a_corrected_key_goes_where_it_fits_and_says_why_it_does_not(scene, visit):
    """AS17: choices that came or went would give answers a key they never had."""
    origin = scene.decide("key", content=keyed(scene.asked, "a"))
    likes = {each.place.quiz_id: each for each in services.elsewhere(origin, everyone)}
    assert likes[scene.longer.quiz_id].likeness == "parts" and likes[scene.longer.quiz_id].effect is None
    assert likes[scene.worded.quiz_id].likeness == "words" and likes[scene.same.quiz_id].likeness == "same"
    page = visit(scene.trainer).get(f"/teach/regrades/{origin.id}/elsewhere")
    assert "لا يلائم" in page.words
    scene.spread(origin, scene.same, scene.worded)
    jobs.run_all_due()
    assert scene.scores(scene.same) == (1, 2) and scene.scores(scene.worded) == (1, 1)
    with pytest.raises(Invalid):
        services.spread_regrade(
            origin.id, {likes[scene.longer.quiz_id].place.key: ""}, may=everyone, by_id=scene.trainer.id, at=clock.now()
        )


def test_another_houses_quiz_is_neither_seen_nor_touched(scene, visit):
    """P3: not by its trainer's question, nor by a form that names it."""
    origin = scene.decide()
    address, foreign = f"/teach/regrades/{origin.id}/elsewhere", f"{scene.foreign.quiz_id}-{scene.asked.id}"
    browser = visit(scene.trainer)
    assert f'"{foreign}"' not in str(browser.get(address)) and f"seen-{foreign}" not in str(browser.get(address))
    browser.post(address, {"place": [foreign], f"seen-{foreign}": ""})
    jobs.run_all_due()
    assert db.session.query(Regrade).filter_by(quiz_id=scene.foreign.quiz_id).count() == 0
    for stranger in (people.trainer(), people.person()):
        visit(stranger).get(address, status=404)
        visit(stranger).post(address, {"place": [foreign]}, status=404)


def test_only_what_is_in_force_is_carried_and_a_changed_effect_waits_for_a_second_look(scene, visit):
    """P2: what is applied is what was previewed."""
    proposed = services.propose_regrade(
        scene.here.quiz_id, scene.asked.id, "void", reason="x", by_id=scene.trainer.id, at=clock.now()
    )
    with pytest.raises(NotInForce):
        scene.spread(proposed, scene.same)
    services.discard_regrade(proposed.id)
    origin = scene.decide()
    (carried,) = scene.spread(origin, scene.same)
    factories.graded(scene.same, people.person(), right=1)
    jobs.run_all_due()
    db.session.refresh(carried)
    assert carried.state == "proposed" and carried.effect["stale"] and carried.effect["touched"] == 2
    assert scene.scores(scene.same) == (0, 2)
    browser = visit(scene.trainer)
    page = browser.get(f"/teach/regrades/{origin.id}/elsewhere")
    assert page.select_one(f"a[href='/teach/regrades/{carried.id}']") and "لم يُطبَّق" in page.words
    browser.post(f"/teach/regrades/{carried.id}/apply", {"seen": carried.effect["mark"]})
    assert scene.scores(scene.same) == (0, 1)


def test_the_page_costs_as_many_statements_for_many_attempts(scene, visit, statements):
    address, browser = f"/teach/regrades/{scene.decide().id}/elsewhere", visit(scene.trainer)

    def cost() -> int:
        browser.get(address)
        with statements() as seen:
            browser.get(address)
        return len(seen)

    few = cost()
    for _ in range(6):
        factories.graded(scene.same, people.person(), right=0)
    assert cost() == few


def test_a_dropped_place_can_be_chosen_again(scene):
    origin = scene.decide()
    (carried,) = scene.spread(origin, scene.worded)
    services.discard_regrade(carried.id)
    jobs.run_all_due()
    assert scene.scores(scene.worded) == (0, 1) and carried.state == "discarded"
    assert scene.spread(origin, scene.worded) == [carried]
    jobs.run_all_due()
    db.session.refresh(carried)
    assert carried.state == "applied" and scene.scores(scene.worded) == (0, 0)


@pytest.mark.parametrize(
    ("change", "like"),
    [
        ({}, "same"),
        ({"stem": {"ar": "غيره", "en": "Other"}}, "words"),
        ({"scoring": "partial"}, "keys"),
        ({"options": factories.entries("a", "b", correct=("b",))}, "keys"),
    ],
)
def test_how_versions_compare(change, like):
    asked = factories.content("single")
    assert likeness(asked, {**asked, **change}) == like


@pytest.mark.concurrency
def test_carried_while_attempts_are_being_graded_every_attempt_meets_it_once(crowd_app):  # noqa: F811
    """R13, P2: eight presses and eight submits at once; afterwards nobody is scored by the former key, nobody twice."""
    with prepared(crowd_app):
        scene = Scene()
        origin_id, trainer_id = scene.decide("full").id, scene.trainer.id
        going_on = [factories.attempt(scene.same, people.person()) for _ in range(6)]
        for each in going_on:
            factories.answer(each, right=False)
        open_ids = [each.id for each in going_on]
        there = next(
            e for e in services.elsewhere(db.session.get(Regrade, origin_id), everyone) if e.likeness == "same"
        )
        chosen, quiz_id = {there.place.key: there.effect.mark}, scene.same.quiz_id

    def act(number: int) -> object:
        if number < 6:
            return services.submit(open_ids[number], at=factories.LONG_AGO).id
        return services.spread_regrade(origin_id, chosen, may=everyone, by_id=trainer_id, at=clock.now())[0].id

    outcomes = run_together(10, act, app=crowd_app)
    assert len(winners(outcomes)) == 10, outcomes
    assert len(set(outcomes[6:])) == 1
    with crowd_app.app_context():
        jobs.run_all_due()
    with prepared(crowd_app):
        carried = db.session.query(Regrade).filter_by(quiz_id=quiz_id).one()
        carried_id = carried.id
        assert db.session.query(Job).filter_by(name="assessment.carry_regrade").count() <= 1
        if carried.state == "proposed":
            services.preview_regrade(carried)
            services.apply_regrade(carried.id, by_id=trainer_id, seen=carried.effect["mark"], at=clock.now())
    with prepared(crowd_app):
        rows = db.session.query(Attempt).filter_by(quiz_id=quiz_id).all()
        assert {(int(row.score), int(row.max_score)) for row in rows} == {(1, 2)} and len(rows) == 7
        effects = db.session.query(RegradeEffect.attempt_id).filter_by(regrade_id=carried_id).all()
        assert len(effects) == len(set(effects)) and invariants.broken() == {}
