"""What the demonstration academy announces, one that everyone reads and a draft; and the letter it words itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.devdata.seeding.cast import Cast
from academy.learning.services.announcing import write_to_learners
from academy.notices import kinds, services
from academy.notices import queries_of_announcements as queries
from academy.notices.own_words import OwnWords

WEEK = LocalizedText("أسبوع تجربة العميل يبدأ الأحد", "Customer Experience Week begins on Sunday")
ABOUT_WEEK = LocalizedText(
    "ثلاث ورش مفتوحة لجميع منسوبي الجهة:\n\n"
    "- **الأحد:** الإصغاء إلى المستفيد في أول دقيقة.\n"
    "- **الثلاثاء:** قراءة نتائج الاستبانة دون أن نخدع أنفسنا.\n"
    "- **الخميس:** من الشكوى إلى التحسين.\n\n"
    "احجز مقعدك لدى مديرك قبل نهاية الأسبوع.",
    "Three workshops, open to all of the agency's people:\n\n"
    "- **Sunday:** listening in the first minute.\n"
    "- **Tuesday:** reading survey results without fooling ourselves.\n"
    "- **Thursday:** from a complaint to an improvement.\n\n"
    "Ask your manager for a seat before the week is over.",
)
HOURS = LocalizedText("مواعيد الدعم في رمضان", "Support hours in Ramadan")
ABOUT_HOURS = LocalizedText(
    "يجيب فريق الأكاديمية من العاشرة صباحًا إلى الثالثة عصرًا.",
    "The academy's team answers from ten in the morning to three in the afternoon.",
)

ENDED = OwnWords(
    LocalizedText("لم يعد مطلوبًا منك: {thing}", "No longer asked of you: {thing}"),
    LocalizedText(
        "لم يعد {thing} مطلوبًا منك.\nما أنجزته محفوظ، ويمكنك إكماله متى شئت.",
        "{thing} is no longer asked of you.\nWhat you have done is kept, and you can go on whenever you like.",
    ),
)


WORKSHOP = LocalizedText("ورشة التطبيق انتقلت إلى الثلاثاء", "The practice workshop has moved to Tuesday")
ABOUT_WORKSHOP = LocalizedText(
    "موعدها الجديد **الثلاثاء، العاشرة صباحًا**. أحضر معك رحلة مستفيد من عملك لنرسمها معًا.",
    "It is now on **Tuesday at ten**. Bring a customer's journey from your own work: we draw it together.",
)


def announce(cast: Cast, courses: Mapping[str, Course], *, now: datetime) -> None:
    """Publish one announcement to the agency and leave another as a draft; publish one to the learners of a course."""
    by, at = cast.demo["admin"].id, now - timedelta(days=2)
    published, _draft = (
        services.write_announcement(
            None, title=title, text=text, audience=to, place=cast.agency, shown_until=None, actor_id=by, at=at
        )
        for title, text, to in ((WEEK, ABOUT_WEEK, "employees"), (HOURS, ABOUT_HOURS, "everyone"))
    )
    services.publish_announcement(published, actor_id=by, at=at)
    _tell_learners(cast, courses["cx-foundations"], at=now - timedelta(days=1))


def _tell_learners(cast: Cast, course: Course, *, at: datetime) -> None:
    trainer = cast.demo["trainer"].id
    written = write_to_learners(
        None, course, title=WORKSHOP, text=ABOUT_WORKSHOP, open_only=True, place=cast.agency, shown_until=None,
        actor_id=trainer, at=at,
    )  # fmt: skip
    row = queries.announcement(written)
    assert row is not None
    services.publish_announcement(row, actor_id=trainer, at=at)


def reword(cast: Cast, *, now: datetime) -> None:
    """Put one kind of letter into the academy's own words."""
    by, at = cast.demo["admin"].id, now - timedelta(days=3)
    services.reword(kinds.kind(kinds.DUTY_ENDED), ENDED, seen=0, actor_id=by, at=at)
