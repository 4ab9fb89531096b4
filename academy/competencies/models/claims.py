"""What people learnt elsewhere, with their proof and an assessor's decision."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.base.db import Model
from academy.base.storage import StoredFile
from academy.competencies.models.framework import Competency

WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"


class Claim(Model):
    """A person says that they have reached a level elsewhere and shows proof; accepted, it is evidence until its last day."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("kind IN ('prior', 'certificate')", name="known_kind"),
        CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name="known_state"),
        CheckConstraint("level BETWEEN 1 AND 4", name="known_level"),
        CheckConstraint("(state = 'accepted') = (decided_level IS NOT NULL)", name="accepted_has_level"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_unless_waiting"),
        CheckConstraint("state = 'waiting' OR reason <> ''", name="decision_has_reason"),
        CheckConstraint("person_id <> decided_by_id", name="decided_by_another"),
        CheckConstraint("valid_until > issued_on", name="valid_after_issue"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    kind: Mapped[str] = mapped_column(String(12))
    level: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(2000), default="")
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default=WAITING, index=True)
    made_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_level: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(2000), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id], viewonly=True)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], viewonly=True)
    competency: Mapped[Competency] = relationship(viewonly=True)
    proof: Mapped[StoredFile] = relationship(viewonly=True)
