"""The front door: the academy's public page for visitors, and everyone's home once they are signed in."""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import REVIEWER, Actor
from academy.base.i18n import _l
from academy.catalogue.queries import cards
from academy.competencies.queries import PersonStanding, standing_against
from academy.credentials.queries_of_ending import ending_of
from academy.home import policies, queries, rules, showing
from academy.learning.queries import MyCourse, my_enrolments
from academy.web import identity, navigation
from academy.web.access import public
from academy.web.identity import current_actor

bp = Blueprint("home", __name__, template_folder="templates")

PUBLIC_SHOWN, REQUIRED_SHOWN, RECOMMENDED, PROGRAMMES, ENDING = 3, 5, 2, 3, 5


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Show visitors what the academy is, and those signed in what comes next."""
    visitor = current_actor()
    return _home(visitor) if visitor else _front()


def _front() -> str:
    found = cards(None)
    shown = [showing.public_card(card) for card in found[:PUBLIC_SHOWN]]
    return render_template("home/front.html", courses=shown, more=len(found) > PUBLIC_SHOWN)


def _home(visitor: Actor) -> str:
    today = clock.today()
    courses = my_enrolments(visitor.person_id, today=today)
    learner = queries.learner(visitor, at=clock.now())
    standing = standing_against(visitor.person_id, learner.role, learner.targets)
    offered = showing.recommended(_recommended(visitor, courses, standing), standing)
    upcoming = rules.next_course(courses)
    # What the hero says already is not said again below it.
    shown = offered[:RECOMMENDED] if upcoming else offered[1:]
    return render_template(
        "home/home.html",
        hero=showing.hero(showing.greeting(visitor.name, clock.now()), upcoming, next(iter(offered), None)),
        upcoming=upcoming,
        required=_required(courses, today),
        others=[course for course in courses if course.state == "active" and not rules.is_required(course)],
        programmes=learner.programmes[:PROGRAMMES],
        taking=len(courses),
        standing=standing,
        recommended=shown,
        certificate=learner.certificate,
        ending=ending_of(visitor.person_id, today=today, most=ENDING),
        hours=learner.hours,
        unread=learner.unread,
        waiting=learner.waiting,
        reviewing=identity.tally("to_review") if visitor.has(REVIEWER) else 0,
        today=today,
    )


def _recommended(
    visitor: Actor, courses: list[MyCourse], standing: PersonStanding
) -> list[rules.Recommended[queries.Offer]]:
    gaps = {each.key: each.gap for domain in standing.domains for each in domain.competencies if each.gap}
    completed = {course.course_id for course in courses if course.state == "completed"}
    taken = {course.course_id for course in courses}
    return rules.recommend(queries.offers(visitor), gaps=gaps, taken=taken, completed=completed, most=RECOMMENDED + 1)


def _required(courses: list[MyCourse], today: date) -> list[MyCourse]:
    """Return what is required: first what is open, then what was completed lately."""
    mine = [course for course in courses if rules.is_required(course)]
    lately = [
        course for course in mine if course.completed_at and course.completed_at.date() >= today - rules.JUST_DONE
    ]
    return [*(course for course in mine if course.state == "active"), *lately][:REQUIRED_SHOWN]


navigation.enter("main", 10, _l("Home"), "home.start", "home", policies.SEE_HOME)
