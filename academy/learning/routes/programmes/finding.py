"""What the addresses of programmes mean, for the person who asks."""

from dataclasses import dataclass

from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.learning.models import Programme, ProgrammeEnrolment
from academy.learning.queries import programmes as queries
from academy.learning.rules import programmes
from academy.web.identity import actor


@dataclass(frozen=True, slots=True)
class MyPlace:
    """A learner's place in a programme, on its page."""

    page: queries.ProgrammePage
    enrolment: ProgrammeEnrolment

    @property
    def learner_id(self) -> int:
        """Whose place it is."""
        return self.enrolment.learner_id


@dataclass(frozen=True, slots=True)
class MyUndertaking:
    """An undertaking of the version that a learner is in, as it stands for them."""

    place: MyPlace
    need: queries.NeedRow

    @property
    def learner_id(self) -> int:
        """Who would sign it."""
        return self.place.learner_id


@dataclass(frozen=True, slots=True)
class MyStep:
    """A step of the version that a learner is in, with the whole plan."""

    place: MyPlace
    plan: queries.Plan
    step: queries.StepRow

    @property
    def learner_id(self) -> int:
        """Whose step it is."""
        return self.place.learner_id


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a programme, for the administrator who looks after them."""

    programme: Programme
    person: Person


def the_page(programme_key: str) -> queries.ProgrammePage | None:
    """Find a programme with the reader's place in it."""
    return queries.programme_page(programme_key, actor().person_id)


def my_place(programme_key: str) -> MyPlace | None:
    """Find the reader's place in a programme; not one they have given up."""
    page = the_page(programme_key)
    return MyPlace(page, page.enrolment) if page and page.takes_part and page.enrolment else None


def my_undertaking(programme_key: str, prerequisite_key: str) -> MyUndertaking | None:
    """Find an undertaking of the programme that the reader is in."""
    place = my_place(programme_key)
    if place is None:
        return None
    mine = place.enrolment
    needs = queries.needs_of(mine.version_id, mine.programme_id, mine.learner_id, today=clock.today())
    need = next((each for each in needs if each.key == prerequisite_key), None)
    return MyUndertaking(place, need) if need and need.kind == programmes.UNDERTAKING else None


def my_step(programme_key: str, step_key: str) -> MyStep | None:
    """Find a step of the programme that the reader is in."""
    place = my_place(programme_key)
    if place is None:
        return None
    plan = plan_for(place.page, place.enrolment)
    step = plan.by_key.get(step_key)
    return MyStep(place, plan, step) if step else None


def plan_for(page: queries.ProgrammePage, enrolment: ProgrammeEnrolment | None) -> queries.Plan:
    """Return the plan of a page, as it stands for whoever has the place."""
    version = page.version
    return queries.plan_of(
        version.id,
        in_order=version.in_order,
        learner_id=actor().person_id,
        enrolment_id=enrolment.id if enrolment else 0,
    )


def the_participant(programme_key: str, person_id: int) -> Participant | None:
    """Find somebody who has a place in a programme, given up or not."""
    programme = queries.programme_by_key(programme_key)
    person = db.session.get(Person, person_id) if programme else None
    if programme is None or person is None or queries.programme_enrolment_of(person.id, programme.id) is None:
        return None
    return Participant(programme, person)
