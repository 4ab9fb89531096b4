"""What the demonstration academy's people have written to each other: three conversations, and one message that was reported."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from academy.accounts.models import Person
from academy.catalogue.models import Course
from academy.devdata.seeding.cast import Cast
from academy.messages import queries, services
from academy.messages.models import DirectMessage

# Who wrote what, and how many hours ago.
WITH_TRAINER = (
    (52, "employee", "السلام عليكم أستاذة ريم،\n\nفي درس رحلة المستفيد: هل نرسم الرحلة كما هي اليوم أم كما نتمناها؟ بدأتُ برحلة تجديد الرخصة."),
    (49, "trainer", "وعليكم السلام يا نورة. ابدئي بما هو كائن: اسألي ثلاثة مستفيدين عن آخر مرة جددوا فيها، وارسمي ما قالوه لا ما تقوله اللائحة.\n\nثم ضعي ما نتمناه في سطر تحته، فيظهر الفرق وحده."),
    (27, "employee", "واضح، شكرًا. سألتُ اثنين اليوم، وكلاهما توقف عند خطوة رفع المستندات."),
    (26, "trainer", "هذه هي لحظة الحقيقة في رحلتك. أحضري الرسم إلى ورشة الثلاثاء."),
)  # fmt: skip
WITH_MANAGER = (
    (75, "manager", "Noura, the counter closes early on Thursday for maintenance. Would that afternoon suit you for the unit on complaints?"),
    (73, "employee", "Yes, thank you. I will finish the exercise then, and the quiz on Sunday morning."),
)  # fmt: skip
REPORTED = (
    (31, "partner", "مساء الخير. أحتاج إلى توضيح حول تمرين تصنيف الشكاوى."),
    (30, "trainer", "مساء النور. أي بند فيه التبس عليك؟"),
    (29, "partner", "أرسل لك كشفًا بأسماء المستفيدين وأرقام هوياتهم لتري الحالات بنفسك: خالد الحربي، ١٠٢…"),
)  # fmt: skip
NOTE = "أسماء مستفيدين وأرقام هوياتهم لا يجوز تداولها هنا."


def write_messages(cast: Cast, courses: Mapping[str, Course], *, now: datetime) -> None:
    """Let the cast write to each other, and the trainer report what should not have been sent."""
    for name, said in (("trainer", WITH_TRAINER), ("manager", WITH_MANAGER), ("reported", REPORTED)):
        rows = [_send(cast, courses, said, number, name, now) for number in range(len(said))]
        if name == "reported":
            _report(rows[-1], cast.demo["trainer"], at=now - timedelta(hours=20))


def _send(
    cast: Cast, courses: Mapping[str, Course], said: tuple[tuple[int, str, str], ...], number: int, name: str, now: datetime
) -> DirectMessage:  # fmt: skip
    hours, author, text = said[number]
    other = next(who for _hours, who, _text in said if who != author)
    at, about = now - timedelta(hours=hours), courses["cx-foundations"]
    first = number == 0 and "trainer" in (author, other)
    return services.send(
        cast.demo[author].id, cast.demo[other].id, text, token=f"demo-{name}-{number}", at=at, today=now.date(),
        course_id=about.id if first else None,
    )  # fmt: skip


def _report(message: DirectMessage, by: Person, *, at: datetime) -> None:
    found = queries.received(message.id)
    assert found is not None
    services.report(found, by.id, reason="confidential", note=NOTE, at=at)
