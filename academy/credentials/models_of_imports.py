"""Files of certificates from before the academy: kept row by row until somebody decides, and with what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Organisation
from academy.base.db import Model


class CertificateImport(Model):
    """A file of certificates as it was read. `givers`: whose certificates its owner may import, None for everyone's.

    It is applied once, in `batch` pieces so far; what nobody decided about is swept away when it expires.
    """

    __tablename__ = "certificate_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(String(255))
    ignored: Mapped[list[Any]]
    givers: Mapped[list[Any] | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    batch: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship()


class CertificateImportRow(Model):
    """A row of such a file: its cells by field, and once it is dealt with the outcome with its problems as [field, code]."""

    __tablename__ = "certificate_import_row"
    __table_args__ = (
        UniqueConstraint("import_id", "line", name="uq_certificate_import_row_line"),
        CheckConstraint("outcome IN ('imported', 'same', 'refused', 'failed')", name="known_outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("certificate_import.id", ondelete="CASCADE"))
    line: Mapped[int]
    cells: Mapped[dict[str, Any]]
    outcome: Mapped[str | None] = mapped_column(String(10))
    problems: Mapped[list[Any] | None]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", ondelete="SET NULL"), index=True)
