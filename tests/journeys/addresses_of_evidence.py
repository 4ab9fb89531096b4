"""The pages about evidence other than quizzes, with the people who open them."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies import queries, services
from academy.competencies.models import Appraisal, AppraisalCycle, DevelopmentPlan, Observation, PlanReview
from academy.competencies.queries import goals, ratings
from academy.devdata import accounts as demo
from tests.journeys.prepared import PDF, person


def evidence_pages_of_administrators() -> list[str]:
    """Return how scores are computed, with a preview of who moves."""
    at = clock.now()
    row = services.start_preview(actor_id=person(demo.ADMINISTRATOR).id, at=at)
    while services.preview_some(row.id, at=at):
        pass
    cycle = db.session.scalar(select(AppraisalCycle.id).limit(1))
    return [
        url_for("competencies.model"),
        url_for("competencies.cycles"),
        url_for("competencies.open_cycle"),
        url_for("competencies.cycle", cycle_id=cycle),
    ]


def _observation(*, send: bool) -> Observation:
    at, boss, member = clock.now(), person(demo.MANAGER), person(demo.EMPLOYEE)
    ids = queries.competency_ids(["D4.1", "D4.3"])
    row = services.start_observation(member.id, boss.id, dict.fromkeys(ids.values(), 2), observed_on=at.date(), at=at)
    marks = {line.id: (2, "always") for line in queries.observation_lines(row.id)}
    services.save_observation(row, services.Seen(at.date(), "الكاونتر 3", 3, "أنصت حتى النهاية", marks), at=at)
    if send:
        services.send_observation(row, at=at)
    return row


def _claim() -> int:
    at = clock.now()
    ids = queries.competency_ids(["D4.1"])
    said = services.Claimed("prior", ids["D4.1"], 2, "دورة في خدمة المستفيدين", "سنتان في مركز اتصال", at.date(), None)
    return services.claim(person(demo.EMPLOYEE), said, PDF, "إثبات.pdf", at=at).id


def _plan(*, send: bool) -> int:
    """The plan of the demonstration's employee, made anew as a draft or sent."""
    at, member = clock.now(), person(demo.EMPLOYEE)
    plan = services.plan_anew(member, at=at)
    assert plan is not None
    if send:
        services.send_plan(plan, at=at)
    return plan.id


def _team(boss: Person) -> Sequence[Person]:
    return db.session.scalars(
        select(Person).where(Person.manager_id == boss.id, Person.state == "active").order_by(Person.id)
    ).all()


def _rating(*, agreed: bool) -> int:
    """A rating of the demonstration's employee by all voices: open, or closed and agreed on."""
    at, boss, member = clock.now(), person(demo.MANAGER), person(demo.EMPLOYEE)
    said = services.Opening(
        "تقييم", ["D4.1", "D4.2"], at, at + timedelta(days=9), ("self", "manager", "peer"), True, True
    )
    (row,) = services.open_round(said, [member], leads=True, by_id=boss.id, at=at)
    found = ratings.rating(row.id)
    assert found is not None
    services.add_peers(found, [each for each in _team(boss) if each.id != member.id][:4], at=at)
    lines = ratings.lines_of(row)
    for each in ratings.circle_of(row.id).rows if agreed else ():
        voice = ratings.voice(each.id)
        assert voice is not None
        services.save_rating(voice, {line.id: (2, "أداء ثابت") for line in lines}, hand_in=True, at=at)
    if agreed:
        services.close_rating(row.id, by_id=boss.id, at=at)
        found = ratings.rating(row.id)
        assert found is not None
        services.agree(found, 0, {line.id: (2, "اتفقنا") for line in lines}, by_id=boss.id, at=at)
    return row.id


def round_of(rating_id: int) -> int:
    """The round of a rating."""
    found = ratings.rating(rating_id)
    assert found is not None
    return found.round.id


def _form(rating_id: int, who: int) -> str:
    number = ratings.circle_of(rating_id).form_of(who)
    return url_for("competencies.rate", voice_id=number)


def _template_pages() -> list[str]:
    at, boss = clock.now(), person(demo.MANAGER)
    row = services.write_template(boss, LocalizedText("خطة الأسابيع الأولى", "The first weeks"), None, at=at)
    words = LocalizedText("تدرّب مع زميل على ثلاث حالات.", "Practise three cases with a colleague.")
    key = queries.competency_choices()[0][0]
    services.add_template_evidence(row, "observation", key, 3, words, by_id=boss.id, at=at)
    names = ("plan_template", "add_to_template")
    return [
        url_for("competencies.plan_templates"),
        url_for("competencies.new_template"),
        *(url_for(f"competencies.{name}", template_id=row.id) for name in names),
    ]


def _review() -> int:
    plan = db.session.get_one(DevelopmentPlan, _plan(send=True))
    number = queries.competency_ids([queries.competency_choices()[0][0]])
    at = clock.now()
    row = PlanReview(plan_id=plan.id, competency_id=next(iter(number.values())), level=3, asked_at=at, told_at=at)
    db.session.add(row)
    db.session.flush()
    return row.id


def _goal_pages(*names: str, state: str = "") -> list[str]:
    """The pages of the employee's goals in the cycle of the demonstration, with a draft to change if asked for."""
    member = person(demo.EMPLOYEE)
    found = goals.found(Appraisal.person_id == member.id)
    assert found is not None
    number = found.appraisal.id
    if state:
        wanted = services.Wanted("هدف", "يُرى أنه تحقق", found.cycle.closes_on)
        return [url_for("competencies.edit_goal", goal_id=services.set_goal(found, wanted, at=clock.now()).id)]
    pages = [url_for(f"competencies.{name}", appraisal_id=number) for name in ("appraisal", *names)]
    cycle = [url_for("competencies.cycle", cycle_id=found.cycle.id)] if "managers_part" in names else []
    return [url_for("competencies.goals"), *pages, *cycle]


def evidence_pages_of_managers() -> list[str]:
    """Return what a manager observes and rates with, and what was sent."""
    rating = _rating(agreed=False)
    agreed = _rating(agreed=True)
    return [
        *_goal_pages("managers_part"),
        url_for("competencies.ratings_list"),
        url_for("competencies.open_round"),
        _form(rating, person(demo.MANAGER).id),
        url_for("competencies.rating", rating_id=rating),
        url_for("competencies.rating", rating_id=agreed),
        *(url_for("competencies.rating_round", round_id=round_of(each)) for each in (rating, agreed)),
        url_for("competencies.agree", rating_id=agreed),
        url_for("competencies.observations"),
        url_for("competencies.observe", person_id=person(demo.EMPLOYEE).id),
        url_for("competencies.observation_draft", observation_id=_observation(send=False).id),
        url_for("competencies.observation", observation_id=_observation(send=True).id),
        url_for("competencies.claim", claim_id=_claim()),
        url_for("competencies.claims"),
        url_for("competencies.development_plan", development_id=_plan(send=True)),
        url_for("competencies.development_of", person_id=person(demo.EMPLOYEE).id),
        url_for("competencies.plans_waiting"),
        *_template_pages(),
        url_for("competencies.reviews_waiting"),
        url_for("competencies.plan_review", plan_review_id=_review()),
    ]


def evidence_pages_of_employees() -> list[str]:
    """Return an observation that waits for the person's answer."""
    waits = select(Observation.id).where(Observation.person_id == person(demo.EMPLOYEE).id, Observation.state == "sent")
    found = db.session.scalar(waits) or _observation(send=True).id
    plan = _plan(send=False)
    rating = _rating(agreed=False)
    return [
        *_goal_pages("new_goal", "self_part"),
        *_goal_pages(state="draft"),
        url_for("competencies.ratings_list"),
        _form(rating, person(demo.EMPLOYEE).id),
        url_for("competencies.rating", rating_id=_rating(agreed=True)),
        url_for("competencies.my_development"),
        url_for("competencies.development_plan", development_id=plan),
        url_for("competencies.add_to_plan", development_id=plan),
        url_for("competencies.ask_review", development_id=plan),
        url_for("competencies.plan_templates"),
        url_for("competencies.reviews_waiting"),
        url_for("competencies.observations"),
        url_for("competencies.observation", observation_id=found),
        url_for("competencies.claims"),
        url_for("competencies.new_claim"),
        url_for("competencies.claim", claim_id=_claim()),
    ]
