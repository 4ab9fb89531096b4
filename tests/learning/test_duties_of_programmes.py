"""What a rule of duties asks about certificates of programmes, and whom its preview names as exempted."""

from datetime import date, timedelta

import time_machine
from sqlalchemy import select

from academy.base import jobs
from academy.base.db import db
from academy.learning import services as learning
from academy.learning.models import Duty, ProgrammeRenewal
from academy.learning.queries import duties as queries
from academy.learning.rules.duties import Condition
from academy.learning.services import duties
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, programmes
from tests.factories import duties as rules
from tests.factories import learning as courses

TODAY = date(2026, 11, 23)


def matched(rule, *conditions) -> set[int]:
    return set(queries.first_ids(queries.matching(rule, rules.definition(*conditions).audience, TODAY), 100))


def test_certificates_of_programmes_are_asked_for_like_those_of_courses(app):
    """CA5, CA9: missing, expiring; a rule that makes the programme their duty renews what ends."""
    of = people.organisation()
    clerk, head, other = (people.person(of=of) for _ in range(3))
    course = catalogue.course(of=of)
    row = programmes.programme(of, groups=[(None, [programmes.for_course(course)])], validity_months=12)
    with time_machine.travel(NOW, tick=False):
        for who, at in ((head, NOW - timedelta(days=340)), (other, NOW - timedelta(days=10))):
            programmes.place(row, who, at=at)
            courses.completed(courses.enrolment(who, course, at=at), at=at)
        jobs.run_all_due()
        rule, value = rules.rule(of, programme=row), (str(row.id),)
        assert matched(rule, Condition("programme_missing", value)) == {clerk.id}
        soon = Condition("programme_expiring", value, 60)
        assert matched(rule, soon) == {head.id}
        ruled = rules.rule(of, soon, programme=row)
        duties.run_rule(ruled.id, cause="asked", at=NOW)
        (duty,) = db.session.scalars(select(Duty).where(Duty.rule_id == ruled.id))
        renewal = db.session.query(ProgrammeRenewal).one()
        assert (duty.person_id, duty.programme_enrolment_id) == (head.id, renewal.programme_enrolment_id)
        assert renewal.learner_id == head.id and renewal.state == "open"


def test_the_preview_names_whom_it_exempts(visit):
    """CA5, CA8"""
    of = people.organisation()
    who, other = people.person(of=of, name=people.both("سالم", "Salem")), people.person(of=of)
    chief = people.administrator(of, everywhere=False, language="en")
    course = catalogue.course(of=of)
    asked = learning.ask_exemption(who.id, course.id, note="Known", at=NOW)
    learning.decide(asked.id, approve=True, reason="Seen", by_id=chief.id, at=NOW)
    page = visit(chief).get(f"/manage/duties/{rules.rule(of, course=course).id}/preview")
    excused = [each.get_text() for each in page.select(".plain-list li") if each.select_one(".chip")]
    assert len(excused) == 1 and "Salem" in excused[0]
    assert "1 of those who will be assigned is exempted" in page.words and other.id
