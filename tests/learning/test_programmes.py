"""Programmes through their services: joining, moving on, prerequisites, versions, completing once."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from academy import facts
from academy.assessment.queries_of_standing import counted_outcome
from academy.base import bus
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.catalogue import services as catalogue_services
from academy.learning import services as learning_services
from academy.learning.models import IdentityConfirmation, ProgrammeEnrolment, ProgrammeStep, UndertakingSignature
from academy.learning.models.programmes import ProgrammeIsFrozen
from academy.learning.queries import programmes as queries
from academy.learning.refusals import KeyTaken, NotOpen, NotReady
from academy.learning.services import programmes as services
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning
from tests.factories import programmes as make
from tests.factories.accounts import LONG_AGO, both

DAY = timedelta(days=1)


@pytest.fixture
def told(monkeypatch):
    """The facts told during a test."""
    heard, before = [], bus.publish
    monkeypatch.setattr(bus, "publish", lambda fact: (heard.append(fact), before(fact)))
    return heard


def completions(told) -> list:
    return [fact for fact in told if isinstance(fact, facts.ProgrammeCompleted)]


def finish(learner, course, at=NOW):
    """Let a learner take a whole course."""
    return learning.completed(learning_services.enrol(learner.id, course.id, at=at), at=at)


def two_courses(of=None, **given):
    of = of or people.organisation()
    courses = [catalogue.course(of=of) for _ in range(2)]
    programme = make.programme(of, groups=[(None, [make.for_course(each) for each in courses])], **given)
    return programme, courses


# --- Moving on ----------------------------------------------------------------------------


def test_completing_the_courses_completes_the_programme_once(app, told):
    """RE1: a programme is completed by its last required step, and told once."""
    programme, (first, second) = two_courses()
    learner = people.person()
    place = make.place(programme, learner)
    assert (place.state, place.done, place.needed) == ("active", 0, 2)
    finish(learner, first)
    assert (place.state, place.done) == ("active", 1)
    assert db.session.get(ProgrammeStep, place.next_step_id).course_id == second.id
    finish(learner, second, NOW + DAY)
    assert (place.state, place.done, place.completed_at, place.next_step_id) == ("completed", 2, NOW + DAY, None)
    services.advance(place.id, at=NOW + 2 * DAY)
    assert completions(told) == [facts.ProgrammeCompleted(place.id)] and place.completed_at == NOW + DAY


def test_what_was_completed_before_joining_counts(app, told):
    programme, (first, second) = two_courses()
    learner = people.person()
    finish(learner, first)
    finish(learner, second)
    assert make.place(programme, learner, at=NOW + DAY).state == "completed"
    assert len(completions(told)) == 1


def test_any_two_of_three_are_enough(app):
    """CA6: a set of which any so many are enough."""
    of = people.organisation()
    courses = [catalogue.course(of=of) for _ in range(3)]
    programme = make.programme(of, groups=[(2, [make.for_course(each) for each in courses])])
    learner = people.person()
    place = make.place(programme, learner)
    finish(learner, courses[2])
    assert (place.done, place.needed) == (1, 2)
    finish(learner, courses[0])
    assert place.state == "completed"


@pytest.mark.parametrize("kind", ["practice", "scenario", "observation", "project", "exam"])
def test_a_programme_with_a_required_step_that_is_absent_is_never_completed(app, told, kind):
    """The academy does not have the step: it is kept, shown as absent, and nothing pretends that it was done."""
    of = people.organisation()
    course = catalogue.course(of=of)
    programme = make.programme(of, groups=[(None, [make.for_course(course), make.absent(kind)])])
    learner = people.person()
    place = make.place(programme, learner)
    finish(learner, course)
    assert (place.state, place.done, place.needed, place.next_step_id) == ("active", 1, 2, None)
    plan = queries.plan_of(place.version_id, in_order=True, learner_id=learner.id, enrolment_id=place.id)
    assert [step.kind for step in plan.absent] == [kind] and completions(told) == []


def test_an_optional_step_that_is_absent_stands_in_nobodys_way(app):
    of = people.organisation()
    course = catalogue.course(of=of)
    programme = make.programme(of, groups=[(None, [make.for_course(course), make.absent(required=False)])])
    learner = people.person()
    place = make.place(programme, learner)
    finish(learner, course)
    assert place.state == "completed"


def test_a_quiz_step_is_done_by_an_attempt_that_reaches_its_bar(app):
    of = people.organisation()
    version = assessment.quiz(attempts_allowed=None, pass_percent=50)
    programme = make.programme(
        of,
        groups=[(None, [services.StepDetails(kind="exam", quiz_id=version.quiz_id, min_percent=90)])],
        audience="any",
    )
    learner = people.person()
    place = make.place(programme, learner)
    attempt = assessment.graded(version, learner, right=1)
    assert attempt.passed and Fraction(attempt.score) / Fraction(attempt.max_score) < Fraction(9, 10)
    assert place.state == "active"
    assessment.graded(version, learner)
    assert place.state == "completed"


@pytest.mark.parametrize(
    ("counting", "rights", "state"),
    [
        ("best", (0, 2), "completed"),
        ("last", (2, 0), "completed"),
        ("first", (0, 2), "active"),
        ("average", (0, 2), "active"),
        ("average", (1, 2), "completed"),
    ],
)
def test_a_quiz_step_is_done_once_the_quiz_is_passed_by_what_counts(app, counting, rights, state):
    """P6: the course page and the programme, and with it the certificate, say the same."""
    version = assessment.quiz(attempts_allowed=None, pass_percent=75, counting=counting)
    step = services.StepDetails(kind="quiz", quiz_id=version.quiz_id)
    learner = people.person()
    place = make.place(make.programme(people.organisation(), groups=[(None, [step])], audience="any"), learner)
    for right in rights:
        assessment.graded(version, learner, right=right)
    assert place.state == state
    ever = state == "completed" and counting != "last"
    assert counted_outcome(version.id, learner.id).passed is ever


def test_leaving_and_coming_back_keeps_what_was_done(app):
    programme, (first, second) = two_courses()
    learner = people.person()
    place = make.place(programme, learner)
    finish(learner, first)
    services.leave_programme(place.id, at=NOW)
    assert place.state == "withdrawn"
    again = make.place(programme, learner, at=NOW + DAY)
    assert (again.id, again.state, again.done) == (place.id, "active", 1)
    finish(learner, second)
    with pytest.raises(Conflict):
        services.leave_programme(place.id, at=NOW)


def test_nobody_joins_a_programme_that_is_retired_or_not_published(app):
    learner = people.person()
    draft, retired = make.programme(published=False), make.programme()
    services.retire_programme(retired, actor_id=None, at=NOW)
    for programme in (draft, retired):
        with pytest.raises(NotOpen):
            make.place(programme, learner)
    services.bring_programme_back(retired, actor_id=None, at=NOW)
    assert make.place(retired, learner).state == "active"


def test_the_database_completes_nothing_that_is_not_done(app):
    programme, _courses = two_courses()
    place = make.place(programme, people.person())
    for values in ({"state": "completed", "completed_at": NOW}, {"done": 3}, {"state": "completed"}):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(ProgrammeEnrolment).where(ProgrammeEnrolment.id == place.id).values(values))


# --- Prerequisites ----------------------------------------------------------------------------


def needs(place, at=NOW):
    return {
        need.key: need
        for need in queries.needs_of(place.version_id, place.programme_id, place.learner_id, today=at.date())
    }


def sign(place, at=NOW, language="ar", key="p1"):
    need = needs(place, at)[key]
    return services.sign_undertaking(place.id, key, queries.digest_of(need.title, need.text), language=language, at=at)


def test_an_undertaking_opens_the_programme_and_is_kept_as_it_was_read(app):
    """CA7: locked until the prerequisite is met. CE5: who signed, when, which words in both languages, in which language they were read."""
    programme = make.programme(prerequisites=[make.PLEDGE])
    learner = people.person()
    place = make.place(programme, learner)
    assert place.state == "pending" and place.started_at is None
    assert sign(place, language="en").state == "active"
    sign(place)
    row = db.session.query(UndertakingSignature).one()
    assert (row.person_id, row.signed_at, row.language, row.number) == (learner.id, NOW, "en", 1)
    assert (row.signer, row.text) == (learner.name, both("أتعهد بالسرية.", "I will keep it secret."))
    assert row.valid_until == NOW.date().replace(year=NOW.year + 1) - DAY
    assert db.session.query(AuditEntry).filter_by(act="learning:undertaking:sign").one().actor_id == learner.id


def test_a_signature_cannot_be_changed_or_deleted(app):
    place = make.place(make.programme(prerequisites=[make.PLEDGE]), people.person())
    sign(place)
    row = db.session.query(UndertakingSignature).one()
    db.session.commit()
    row.language = "en"
    with pytest.raises(ProgrammeIsFrozen):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.query(UndertakingSignature).one())
    with pytest.raises(ProgrammeIsFrozen):
        db.session.flush()
    db.session.rollback()
    for statement in (update(UndertakingSignature).values(language="en"), delete(UndertakingSignature)):
        with pytest.raises(ProgrammeIsFrozen):
            db.session.execute(statement)


def test_words_that_were_not_shown_are_not_signed(app):
    place = make.place(make.programme(prerequisites=[make.PLEDGE]), people.person())
    with pytest.raises(Conflict):
        services.sign_undertaking(place.id, "p1", "0" * 64, language="ar", at=NOW)
    assert place.state == "pending"


def test_a_lapsed_undertaking_holds_completion_back_until_it_is_signed_again(app, told):
    of = people.organisation()
    course = catalogue.course(of=of)
    programme = make.programme(of, groups=[(None, [make.for_course(course)])], prerequisites=[make.PLEDGE])
    learner = people.person()
    place = make.place(programme, learner)
    sign(place, at=LONG_AGO)
    later = LONG_AGO + timedelta(days=366)
    need = needs(place, later)["p1"]
    assert need.lapsed and not need.met and need.may_sign
    finish(learner, course, later)
    assert (place.state, place.done) == ("active", 1) and completions(told) == []
    sign(place, at=later)
    assert place.state == "completed" and len(completions(told)) == 1
    assert [row.number for row in db.session.query(UndertakingSignature).order_by("number")] == [1, 2]


def test_an_identity_is_confirmed_by_another_and_opens_the_waiting_places(app):
    programme = make.programme(prerequisites=[make.IDENTITY])
    learner, admin = people.person(), people.administrator()
    place = make.place(programme, learner)
    assert place.state == "pending"
    with pytest.raises(Conflict):
        services.confirm_identity(learner.id, method="نفسه", actor_id=learner.id, at=NOW)
    with pytest.raises(Invalid):
        services.confirm_identity(learner.id, method=" ", actor_id=admin.id, at=NOW)
    for _twice in range(2):
        services.confirm_identity(learner.id, method="بطاقة الهوية", actor_id=admin.id, at=NOW)
    assert place.state == "active" and db.session.query(IdentityConfirmation).count() == 1
    assert services.withdraw_confirmation(learner.id, actor_id=admin.id, at=NOW)
    assert not services.withdraw_confirmation(learner.id, actor_id=admin.id, at=NOW)
    assert not needs(place)["p1"].met
    services.confirm_identity(learner.id, method="النفاذ الوطني", actor_id=admin.id, at=NOW)
    acts = [
        entry.act for entry in db.session.query(AuditEntry).filter_by(subject_type="person").order_by(AuditEntry.id)
    ]
    assert acts == [f"learning:identity:{verb}" for verb in ("confirm", "withdraw", "confirm")]


def test_a_sponsor_is_an_active_partner_organisation(app):
    agency, partner = people.organisation(), people.organisation("partner")
    programme = make.programme(
        agency,
        groups=[(None, [make.for_course(catalogue.course(of=agency))])],
        prerequisites=[make.SPONSOR],
        audience="any",
    )
    assert make.place(programme, people.person(of=partner)).state == "active"
    assert make.place(programme, people.person(of=agency)).state == "pending"
    partner.active = False
    late = people.person(of=partner)
    assert make.place(programme, late).state == "pending"
    partner.active = True
    assert make.place(programme, late).state == "active"


# --- Versions ----------------------------------------------------------------------------


def test_learners_finish_the_version_they_began(app):
    programme, (first, second) = two_courses()
    early, late = people.person(), people.person()
    place = make.place(programme, early)
    draft = services.programme_draft(programme, at=NOW)
    services.remove_step(queries.steps_of(draft.id)[1])
    services.publish_programme(programme, actor_id=None, at=NOW)
    new = make.place(programme, late, at=NOW + DAY)
    assert (place.needed, new.needed) == (2, 1) and place.version_id != new.version_id
    for learner in (early, late):
        finish(learner, first)
    assert (place.state, new.state) == ("active", "completed")
    finish(early, second)
    assert place.state == "completed"


def test_a_published_version_never_changes(app):
    programme = make.programme()
    version = queries.published_programme(programme.id)
    db.session.commit()
    step = queries.steps_of(version.id)[0]
    for row, name, value in ((version, "hours", 9), (step, "required", False)):
        setattr(row, name, value)
        with pytest.raises(ProgrammeIsFrozen):
            db.session.flush()
        db.session.rollback()


def test_a_draft_copies_everything_and_can_be_thrown_away(app):
    programme = make.programme(prerequisites=[make.PLEDGE, make.SPONSOR], audience="any", hours=12, in_order=False)
    published = queries.published_programme(programme.id)
    draft = services.programme_draft(programme, at=NOW)
    assert services.programme_draft(programme, at=NOW).id == draft.id
    assert services.programme_differences(*queries.contents_of(published, draft)) == []
    group = services.add_group(draft, title=both("أخرى", "Other"))
    assert group.key == "g2" and services.add_step(group, make.absent()).key == "s2"
    assert {each.how for each in services.programme_differences(*queries.contents_of(published, draft))} == {"added"}
    assert services.discard_programme_draft(programme) and not services.discard_programme_draft(programme)
    assert queries.programme_desk(programme.key).draft is None


def test_a_programme_is_published_only_when_it_can_be_taken(app):
    of = people.organisation()
    hidden = catalogue.course(of=of, audience="organisation")
    drafted = catalogue.course(of=of, published=False)
    cases = {
        "at least one required step": make.programme(of, groups=[], published=False),
        "has no steps": make.programme(of, groups=[(None, [])], published=False),
        "more steps than it has": make.programme(
            of, groups=[(2, [make.for_course(catalogue.course(of=of))])], published=False
        ),
        "may not be taken by everyone": make.programme(
            of, groups=[(None, [make.for_course(hidden)])], audience="any", published=False
        ),
        "is not published": make.programme(of, groups=[(None, [make.for_course(drafted)])], published=False),
    }
    for said, programme in cases.items():
        found = services.programme_checklist(programme, services.programme_draft(programme, at=NOW))
        assert any(said in each.sentence and each.stops for each in found), said
        with pytest.raises(NotReady):
            services.publish_programme(programme, actor_id=None, at=NOW)
    assert make.programme(of, groups=[(None, [make.for_course(hidden)])])


def test_a_published_programme_with_an_absent_step_was_warned_of(app):
    programme = make.programme(groups=[(None, [make.absent()])], published=False)
    draft = services.programme_draft(programme, at=NOW)
    assert [each.stops for each in services.programme_checklist(programme, draft)] == [False]


def test_keys_are_unique_and_made_of_the_english_title(app):
    programme = make.programme(title=both("برنامج", "The agent's way"))
    assert programme.key == "the-agents-way"
    assert make.programme(title=both("برنامج", "The agent's way")).key == "the-agents-way-2"
    with pytest.raises(KeyTaken):
        make.programme(key="the-agents-way")
    for key in ("Ä", "a b", "-a", "a" * 61):
        with pytest.raises(Invalid):
            make.programme(key=key)


def test_a_partners_programme_is_for_its_own_people(app):
    partner = people.organisation("partner")
    with pytest.raises(Invalid):
        make.programme(partner, audience="any")


def test_a_course_is_a_step_once_and_a_step_asks_for_what_there_is(app):
    programme, (first, _second) = two_courses(published=False)
    group = queries.groups_of(services.programme_draft(programme, at=NOW).id)[0]
    for details in (
        make.for_course(first),
        services.StepDetails(kind="course"),
        services.StepDetails(kind="course", course_id=10**9),
        services.StepDetails(kind="quiz"),
        services.StepDetails(kind="exam", quiz_id=10**9),
        services.StepDetails(kind="dance", title=both("رقص", "Dance")),
        services.StepDetails(kind="project"),
    ):
        with pytest.raises(Invalid):
            services.add_step(group, details)


def test_a_retired_course_stays_open_to_those_who_take_it(app):
    of = people.organisation()
    course = catalogue.course(of=of)
    programme = make.programme(of, groups=[(None, [make.for_course(course)])])
    inside, outside = people.person(of=of), people.person(of=of)
    learning.enrolment(inside, course)
    catalogue_services.retire(course, actor_id=None, at=NOW)
    places = [make.place(programme, who, at=NOW) for who in (inside, outside)]
    assert [bool(place.next_step_id) for place in places] == [True, False]
