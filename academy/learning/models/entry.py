"""How one comes into a course or a programme: its rule, the seats that are taken, and who waits for one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

OPEN, BY_REQUEST, BY_ASSIGNMENT = "open", "request", "assignment"
ADMINISTRATORS, MANAGERS = "administrators", "managers"
WAITS, PROMOTED, LEFT = "waiting", "promoted", "left"


class EntryRule(Model):
    """How people come into one course or one programme; without a row, everyone who may see it takes a place at once.

    `way`: open, request (somebody decides), assignment (nobody asks). The days bound when people take a place by themselves
    or ask for one. `answer_days`: so long a decider may be silent before the request goes on. Seats are for courses only.
    `exempted_by`: who decides about exemptions from the course; requests that managers leave unanswered reach administrators.
    """

    __tablename__ = "entry_rule"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (programme_id IS NULL)", name="of_one_thing"),
        CheckConstraint("way IN ('open', 'request', 'assignment')", name="known_way"),
        CheckConstraint("seats IS NULL OR (seats > 0 AND course_id IS NOT NULL)", name="seats_of_courses"),
        CheckConstraint(
            "opens_on IS NULL OR closes_on IS NULL OR opens_on <= closes_on", name="opens_before_it_closes"
        ),
        CheckConstraint("answer_days > 0", name="answer_days_positive"),
        CheckConstraint("exempted_by IN ('administrators', 'managers')", name="known_exempted_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), unique=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), unique=True)
    way: Mapped[str] = mapped_column(String(10), default=OPEN)
    seats: Mapped[int | None]
    waits: Mapped[bool] = mapped_column(default=False)
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    answer_days: Mapped[int] = mapped_column(default=5)
    exempted_by: Mapped[str] = mapped_column(String(14), default=ADMINISTRATORS)
    revision: Mapped[int] = mapped_column(default=1)


class CourseSeat(Model):
    """A seat of a course and whose place holds it. A number is given once, so that no seat is ever sold twice."""

    __tablename__ = "course_seat"
    __table_args__ = (
        UniqueConstraint("course_id", "number", name="uq_course_seat_number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    number: Mapped[int]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), unique=True)
    taken_at: Mapped[datetime]


class WaitingPlace(Model):
    """Somebody's place in the waiting list of a course; who came first has the lower id. At most one of each waits."""

    __tablename__ = "waiting_place"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'promoted', 'left')", name="known_state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_when_dated"),
        CheckConstraint("(state = 'promoted') = (enrolment_id IS NOT NULL)", name="promoted_to_a_place"),
        Index(
            "uq_waiting_place_learner",
            "course_id",
            "learner_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_waiting_place_course_state", "course_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=WAITS)
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
