"""Threads and posts for tests, made through the services as the pages make them."""

from datetime import timedelta
from itertools import count

from academy.accounts.models import Person
from academy.catalogue.models import Course
from academy.discussions import services
from academy.discussions.models import DiscussionPost, DiscussionThread
from academy.discussions.rules import QUESTION
from tests.conftest import NOW

_numbers = count(1)


def token() -> str:
    """A token as forms carry it, each once."""
    return f"{next(_numbers):032x}"


def thread(
    course: Course, author: Person, title="كيف أقيس الجهد؟", text="أريد مثالًا.", at=None, **given
) -> DiscussionThread:
    """A question of somebody, or what is given."""
    said = services.Written(text, token(), title=title, kind=given.pop("kind", QUESTION), **given)
    at = at or NOW + timedelta(minutes=11 * next(_numbers))
    return services.begin(course.id, author.organisation_id, said, author_id=author.id, at=at)


def reply(thread: DiscussionThread, author: Person, text="اسأل سؤالًا واحدًا.", at=None, **given) -> DiscussionPost:
    """A reply of somebody."""
    said = services.Written(text, token(), **given)
    at = at or NOW + timedelta(minutes=11 * next(_numbers))
    return services.reply(thread.id, said, author_id=author.id, moderates=False, at=at)
