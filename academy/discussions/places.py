"""Where in the discussions of a course a visitor is, and how they stand to them: what policies judge and pages show."""

from dataclasses import dataclass
from datetime import date, datetime

from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseTrainer
from academy.discussions.models import DiscussionPost, DiscussionThread


@dataclass(frozen=True, slots=True)
class Discussions:
    """The discussions of a course as one visitor finds them. `seen_at`: when they marked all threads as seen.

    `named`: that they are a trainer of the course; while it is held here, policies need not ask the database for it again.
    """

    course: Course
    title: LocalizedText
    version_id: int
    state: str
    takes_part: bool
    stopped_until: date | None
    stopped_for: str
    subscribed: bool
    seen_at: datetime | None
    named: CourseTrainer | None = None

    @property
    def all(self) -> "Discussions":
        """Themselves, as a thread and a post name the discussions that they are in."""
        return self

    @property
    def organisation_id(self) -> int:
        """The organisation that owns the course."""
        return self.course.organisation_id


@dataclass(frozen=True, slots=True)
class ThreadHere:
    """A thread as one visitor finds it."""

    all: Discussions
    thread: DiscussionThread
    subscribed: bool
    seen_at: datetime | None

    @property
    def course(self) -> Course:
        """The course that it is of."""
        return self.all.course

    @property
    def organisation_id(self) -> int:
        """The organisation whose people it is among."""
        return self.thread.organisation_id


@dataclass(frozen=True, slots=True)
class PostHere:
    """A post in its thread."""

    all: Discussions
    thread: DiscussionThread
    post: DiscussionPost

    @property
    def course(self) -> Course:
        """The course that it is of."""
        return self.all.course

    @property
    def id(self) -> int:
        """The id of the post."""
        return self.post.id

    @property
    def title(self) -> str:
        """The title of its thread."""
        return self.thread.title

    @property
    def organisation_id(self) -> int:
        """The organisation whose people it is among."""
        return self.thread.organisation_id
