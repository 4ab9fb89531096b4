"""A programme that the academy has everything for: some have completed it, the employee renews it soon, anybody can begin."""

from datetime import datetime, timedelta
from decimal import Decimal

from academy.accounts.models import Person
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.devdata.seeding.cast import Cast
from academy.devdata.seeding.readiness import READINESS
from academy.learning.models import Programme
from academy.learning.services import programmes

READY = "front-line-ready"
DAY = timedelta(days=1)
DETAILS = programmes.ProgrammeDetails(
    title=LocalizedText("شهادة الجاهزية للصف الأول", "Ready for the Front Line"),
    summary=LocalizedText(
        "أسس تجربة العميل، ثم تحقق قصير من الجاهزية يُعاد كل شهرين.",
        "The foundations of customer experience, then a short check of one's readiness that is repeated every two months.",
    ),
    hours=Decimal("6.5"),
    validity_months=2,
    renewal={"window_days_before": 45, "grace_days_after": 14, "path_course": READINESS, "reminders": [30, 7]},
)  # fmt: skip


def load_ready(courses: dict[str, Course], *, organisation_id: int, by: Person, at: datetime) -> Programme:
    """Write and publish the programme: the foundations and the readiness check, in order."""
    programme = programmes.create_programme(DETAILS, organisation_id=organisation_id, at=at, key=READY, code="CXP-R")
    draft = programmes.programme_draft(programme, at=at)
    group = programmes.add_group(draft)
    for number, key in enumerate(("cx-foundations", READINESS), 1):
        programmes.add_step(group, programmes.StepDetails(kind="course", course_id=courses[key].id), key=f"s{number}")
    programmes.publish_programme(programme, actor_id=by.id, at=at)
    return programme


def join_ready(cast: Cast, programme: Programme, *, now: datetime) -> None:
    """Let the employee join, who has done all of it, and a few of the staff, who are differently far."""
    programmes.join_programme(cast.demo["employee"].id, programme.id, at=now - 20 * DAY)
    for person in cast.staff[6:12]:
        programmes.join_programme(person.id, programme.id, at=now - DAY)
