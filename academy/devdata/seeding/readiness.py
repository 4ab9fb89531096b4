"""A short check for the front line whose questions are drawn from the bank, so that everyone has a paper of their own."""

from datetime import datetime
from decimal import Decimal

from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.assessment.rules.lines import DrawLine
from academy.base.text import LocalizedText
from academy.catalogue import services as catalogue
from academy.catalogue.models import Course
from academy.devdata.seeding.bank import FRONT_LINE

READINESS = "front-line-readiness"
DRAWN = 5
MINUTES = 10
TITLE = LocalizedText("جاهزية الصف الأول", "Front-line readiness")
CHECK = LocalizedText("اختبار الجاهزية", "Readiness check")
DETAILS = catalogue.Details(
    title=TITLE,
    summary=LocalizedText(
        "تحقق سريع قبل العودة إلى الصف الأول: أسئلة تُسحب من بنك الأسئلة، ولكل متدرب ورقته.",
        "A quick check before going back to the front line: questions drawn from the bank, a paper of one's own for everyone.",
    ),
    intended_for=LocalizedText("موظفو الصف الأول", "Front-line staff"),
    hours=Decimal("0.5"),
    objectives=[
        catalogue.Objective(
            text=LocalizedText("يتحقق من جاهزيته للتعامل مع المستفيدين", "Check one's readiness to deal with customers")
        )
    ],
    gives_certificate=False,
)


def load_readiness(*, trainer: Person, at: datetime) -> Course:
    """Write and publish the course with its one quiz."""
    course = catalogue.create_course(
        title=TITLE, organisation_id=trainer.organisation_id, at=at, actor_id=trainer.id, key=READINESS, code="CXA-102",
        public=True, details=DETAILS,
    )  # fmt: skip
    quiz = assessment.create_quiz(
        course.id, "check", title=CHECK, pass_percent=60, attempts_allowed=3, minutes=MINUTES, at=at
    )
    unit = catalogue.add_unit(catalogue.draft_of(course, at=at), title=CHECK, key="check")
    activity = catalogue.add_activity(
        unit, kind="quiz", title=CHECK, minutes=MINUTES, content={"quiz_version_id": quiz.id}, key="quiz", at=at
    )
    assessment.keep_draw(activity.id, None, CHECK, [DrawLine(DRAWN, tags=(FRONT_LINE,))])
    catalogue.publish(course, actor_id=trainer.id, at=at)
    return course
