"""The pages of an exemption that was granted, of a letter that waits to be sent and of an assignment that was made."""

from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.insights.mailings import services as mailings
from academy.insights.reports.reach import actor_of
from academy.learning import services as learning
from academy.learning.models import Exemption
from academy.learning.queries import exemptions
from tests.journeys.prepared import course, first


def asking_pages(me: Person) -> list[str]:
    """Return the pages on which somebody asks to be exempted, from a course and from a step of their programme."""
    programme, _slash, step = exemptions.steps_to_exempt(me)[0][0].partition("/")
    return [
        url_for("learning.ask_exemption", key="service-design"),
        url_for("learning.ask_step_exemption", programme_key=programme, step_key=step),
    ]


def mailing_page(by: Person, door: str = "mailing") -> str:
    """Return a page of a letter that somebody has written."""
    words = {"title": LocalizedText("تذكير", "Reminder"), "text": LocalizedText("يُرجى البدء.", "Please begin.")}
    whom = mailings.Whom(course("cx-foundations").id, "not_started", None)
    return url_for(f"mailings.{door}", mailing_id=mailings.write(actor_of(by.id), whom, at=clock.now(), **words).id)


def assignment_page(by: Person, learner: Person) -> str:
    """Return the page of an assignment that somebody has just made and may take back."""
    made = learning.assign(
        course("cx-foundations").id, [learner.id, *_team_of(by)], by_id=by.id, due_on=clock.today() + timedelta(days=30),
        at=clock.now(), undoable=True,
    )  # fmt: skip
    return url_for("insights.assignment", assignment_id=made.assignment_id)


def _team_of(by: Person) -> list[int]:
    mine = select(Person.id).where(Person.manager_id == by.id, Person.state == "active").order_by(Person.id)
    return list(db.session.scalars(mine.limit(5)))


def exemption_page(learner: Person, decider: Person) -> str:
    """Return the page of an exemption that somebody has been granted."""
    at = clock.now()
    request = learning.ask_exemption(learner.id, course("service-design").id, note="شهادة معادلة", at=at)
    learning.decide(request.id, approve=True, reason="معادلة", by_id=decider.id, at=at)
    return url_for("learning.exemption", exemption_id=first(Exemption, Exemption.request_id == request.id).id)
