"""What people of the demonstration academy ask and discuss: a question with its answer, an exchange, and a reported post."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.catalogue.models import Course
from academy.devdata.seeding.cast import Cast
from academy.discussions import services
from academy.discussions.models import DiscussionPost, DiscussionThread
from academy.discussions.rules import DISCUSSION, QUESTION
from academy.learning.models import WITHDRAWN, Enrolment

QUESTIONED = (
    "كيف أحسب صافي التوصية وعيّنتي 38 ردًا فقط؟",
    "أرسلنا الاستبانة إلى 120 مستفيدًا من مركز الخدمة وعاد منها 38 ردًا: 21 مروّجًا و9 محايدين و8 منتقدين.\n\n"
    "1. هل أعرض النتيجة **+34** لمديري كما هي؟\n"
    "2. وكيف أشرح له هامش الخطأ بكلام بسيط؟",
)
FIRST_REPLY = (
    "مرّت بي الحالة نفسها في الربع الماضي. عرضتُ العدد بجانب النتيجة دائمًا: «+34 من 38 ردًا»، فتغيّر الحديث من "
    "«لماذا انخفضنا؟» إلى «متى تكفي الردود؟»."
)
ANSWERED = (
    "سؤال في محله. الحساب صحيح: 21 من 38 تعني 55٪ مروّجين، و8 من 38 تعني 21٪ منتقدين، والفرق **+34**.\n\n"
    "لكن هامش الخطأ مع 38 ردًا يقارب **±26 نقطة**، أي أن القيمة الحقيقية بين +8 و+60 تقريبًا. لذلك:\n\n"
    "- اعرض المجال لا الرقم وحده: «بين +8 و+60».\n"
    "- لا تقارن شهرًا بشهر ما دام المجالان متداخلين.\n"
    "- اقرأ التعليقات الـ38 كلها؛ فهي في هذا الحجم أنفع من النسبة.\n\n"
    "ولو قيل لك إن الرقم واحد فقط، فقل: *نعرف الاتجاه، ولا نعرف المقدار بعد.*"
)
THANKS = "شكرًا، هذا ما كنت أحتاج إليه. سأعرض المجال مع ثلاثة تعليقات بنصها."
EXCHANGED = (
    "What do you do when a comment names a colleague?",
    "In our last survey three comments praised a colleague by name, and one blamed her. We close the loop with every "
    "unhappy customer, but I did not want the names to travel through a spreadsheet.\n\nHow do you handle this in your centre?",
)
EXCHANGE = (
    "We replace names by the role before anybody codes the comments: *the agent at counter 4*. Praise goes to the "
    "colleague and her manager in person, the same day.",
    "عندنا القاعدة نفسها، ونضيف إليها أن الشكوى من شخص بعينه تخرج من ملف الاستبانة إلى مسار الشكاوى: "
    "له ضماناته، ويسمع فيه الطرفان.",
)
OPEN_QUESTION = (
    "هل يصح أن نسأل عن الرضا قبل إغلاق الطلب؟",
    "يرسل نظامنا رسالة التقييم عند استلام الطلب لا عند إنجازه، فنحصل على رضا عن سرعة الرد لا عن النتيجة. "
    "هل نؤخر الرسالة، أم نسأل مرتين؟",
)
OUT_OF_PLACE = "أبيع دروعًا تذكارية وبطاقات عمل بأسعار خاصة لمنسوبي الجهة، راسلوني على الخاص."


def load_discussions(cast: Cast, courses: Mapping[str, Course], *, now: datetime) -> None:
    """Let the agency's people talk about a course, and leave one post for its moderators."""
    course = courses["cx-measurement"]
    noura, trainer = cast.demo["employee"], cast.demo["trainer"]
    first, second, third = _colleagues(course, noura)
    told = _Talk(course, cast.agency.id, now)
    question = told.begin(noura, QUESTION, QUESTIONED, days=6)
    told.reply(question, first, FIRST_REPLY, days=5.6)
    answer = told.reply(question, trainer, ANSWERED, days=5)
    services.mark_answer(answer.id, by_id=noura.id, at=now - timedelta(days=4.9))
    told.reply(question, noura, THANKS, days=4.8, quoted=answer)
    talk = told.begin(second, DISCUSSION, EXCHANGED, days=3)
    told.reply(talk, first, EXCHANGE[0], days=2.5)
    told.reply(talk, third, EXCHANGE[1], days=2.2)
    noise = told.reply(talk, second, OUT_OF_PLACE, days=1.5)
    services.report(noise.id, reporter_id=first.id, reason="spam", note="إعلان تجاري.", at=now - timedelta(days=1.2))
    told.begin(third, QUESTION, OPEN_QUESTION, days=0.8)


def _colleagues(course: Course, but: Person) -> list[Person]:
    """Return three others of the agency who take the course."""
    query = (
        select(Person)
        .join(Enrolment, Enrolment.learner_id == Person.id)
        .where(
            Enrolment.course_id == course.id, Enrolment.state != WITHDRAWN, Person.state == "active",
            Person.organisation_id == but.organisation_id, Person.id != but.id,
        )
        .order_by(Person.id)
        .limit(3)
    )  # fmt: skip
    return list(db.session.scalars(query))


class _Talk:
    """What is said in a course, each at its time."""

    def __init__(self, course: Course, organisation_id: int, now: datetime) -> None:
        self.course, self.organisation_id, self.now = course, organisation_id, now

    def begin(self, who: Person, kind: str, words: tuple[str, str], *, days: float) -> DiscussionThread:
        """Begin a thread so many days ago."""
        said = services.Written(words[1], _token(words[1]), title=words[0], kind=kind)
        at = self.now - timedelta(days=days)
        return services.begin(self.course.id, self.organisation_id, said, author_id=who.id, at=at)

    def reply(
        self, thread: DiscussionThread, who: Person, words: str, *, days: float, quoted: DiscussionPost | None = None
    ) -> DiscussionPost:
        """Reply so many days ago."""
        said = services.Written(words, _token(words), quoted_id=quoted.id if quoted else None)
        at = self.now - timedelta(days=days)
        return services.reply(thread.id, said, author_id=who.id, moderates=False, at=at)


def _token(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:32]
