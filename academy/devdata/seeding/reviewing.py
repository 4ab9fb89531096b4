"""A second person reviews courses before they are published: the setting, and a draft that waits."""

from datetime import datetime

from academy.accounts.models import Academy
from academy.base.db import db
from academy.catalogue import queries
from academy.catalogue import services as catalogue
from academy.catalogue.models import Course
from academy.devdata.seeding.cast import Cast

NOTE = "أضفنا إلى المدة ما يلزم للتطبيق، ورتّبنا الوحدة الأولى. نرجو النظر في ذلك قبل النشر."


def load_review(cast: Cast, course: Course, *, at: datetime) -> None:
    """From now on a reviewer approves what is published; the trainer asks for it with the next version of a course."""
    db.session.get_one(Academy, 1).review_before_publishing = True
    draft = catalogue.draft_of(course, at=at)
    first = queries.activities_of(draft.id)[0]
    catalogue.change_activity(first, title=first.title, minutes=first.minutes + 5, required=first.required)
    catalogue.ask_review(course, note=NOTE, actor_id=cast.demo["trainer"].id, at=at)
