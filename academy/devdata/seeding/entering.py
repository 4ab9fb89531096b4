"""How people come in: a programme that a manager approves with its requests, and a course that counts its seats."""

from datetime import datetime, timedelta

from academy.catalogue.models import Course
from academy.devdata.seeding.cast import Cast
from academy.learning import services as learning
from academy.learning.models import Programme
from academy.learning.models.entry import BY_REQUEST

DAY = timedelta(days=1)
NOTES = (
    "أُعدّ تقارير الرضا في المركز كل شهر، وأريد أن أحسن قراءتها.",
    "رشحني رئيس القسم لفريق تحسين الرحلات في مركز الشمال.",
    "أرغب في الانتقال إلى إدارة تجربة العميل.",
)
REFUSAL = "المركز في موسم الذروة حتى نهاية الشهر. أعد الطلب بعده وسأوافق عليه."


def open_doors(cast: Cast, courses: dict[str, Course], programmes: dict[str, Programme], *, now: datetime) -> None:
    """Set the rules and let three people of the service centres ask; one was refused, two wait."""
    by = cast.demo["admin"].id
    course, programme = courses["service-design"], programmes["cx-practitioner"]
    learning.change_entry(
        learning.Entry(seats=40, waits=True), course_id=course.id, actor_id=by, organisation_id=course.organisation_id,
        label=course.key, at=now - 20 * DAY,
    )  # fmt: skip
    learning.change_entry(
        learning.Entry(way=BY_REQUEST, answer_days=5), programme_id=programme.id, actor_id=by,
        organisation_id=programme.organisation_id, label=programme.key, at=now - 20 * DAY,
    )  # fmt: skip
    manager = cast.demo["manager"]
    asking = [person for person in cast.staff if person.manager_id == manager.id][:3]
    for place, (person, note) in enumerate(zip(asking, NOTES, strict=True)):
        at = now - (12 if place == 0 else 2) * DAY + place * timedelta(hours=3)
        request = learning.ask(person.id, learning.Wanted(programme_id=programme.id), note=note, at=at)
        if place == 0:
            learning.decide(request.id, approve=False, reason=REFUSAL, by_id=manager.id, at=at + 2 * DAY)
