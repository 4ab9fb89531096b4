"""Templates of certificates for tests: drafts, published versions, pictures and forms."""

from io import BytesIO

from PIL import Image, ImageDraw

from academy.base.text import LocalizedText
from academy.credentials import services_of_templates as services
from academy.credentials.models import CertificateTemplate
from academy.credentials.rules_of_looks import Look
from tests.conftest import NOW
from tests.factories import accounts

EDITOR, APPROVER = 900_001, 900_002
NAME = LocalizedText("قالب", "Template")


def picture(width: int = 120, height: int = 60, kind: str = "PNG", colour: str = "#1b5e63") -> bytes:
    """A picture as somebody uploads it."""
    mode = "RGB" if kind == "JPEG" else "RGBA"
    drawn = Image.new(mode, (width, height), "white" if mode == "RGB" else (0, 0, 0, 0))
    ImageDraw.Draw(drawn).ellipse((2, 2, width - 3, height - 3), outline=colour, width=3)
    out = BytesIO()
    drawn.save(out, format=kind)
    return out.getvalue()


def template(of=None, look: Look | None = None, *, by: int | None = None, **files: bytes) -> CertificateTemplate:
    """A template with a draft that nobody was asked about yet."""
    editor = by or _editor()
    made = services.create(NAME, organisation_id=of.id if of else None, actor_id=editor, at=NOW)
    uploads = {place: (data, f"{place}.png") for place, data in files.items()}
    services.save_draft(made.id, services.Edit(NAME, look or Look(), uploads), seen=0, actor_id=editor, at=NOW)
    return made


def published(of=None, look: Look | None = None, **files: bytes) -> CertificateTemplate:
    """A template whose first version is published."""
    return approved(template(of, look, **files))


def approved(made: CertificateTemplate, *, seen: int = 1) -> CertificateTemplate:
    """The template, its draft asked about and approved by a second person."""
    services.ask(made.id, seen=seen, actor_id=_editor(), at=NOW)
    services.publish(made.id, seen=seen, actor_id=APPROVER, at=NOW)
    return made


def edited(made: CertificateTemplate, look: Look, **files: bytes) -> CertificateTemplate:
    """The template with a new draft, published."""
    uploads = {place: (data, f"{place}.png") for place, data in files.items()}
    edit = services.Edit(NAME, look, uploads)
    services.save_draft(made.id, edit, seen=services.start_of(made.id)[1], actor_id=_editor(), at=NOW)
    return approved(made)


def form(revision: int = 0, **given: str) -> dict[str, str]:
    """What the editor's form sends."""
    return {
        "revision": str(revision), "name-ar": "قالب", "name-en": "Template", "shape": "landscape", "pattern": "wave",
        "paper": "#fdfcf9", "accent": "#114530", "heading-ar": "شهادة إتمام", "heading-en": "Certificate",
        "lead-ar": "تُمنح إلى", "lead-en": "Awarded to", "middle-ar": "لإتمام", "middle-en": "for", "closing-ar": "",
        "closing-en": "", "shows": "hours", **given,
    }  # fmt: skip


def _editor() -> int:
    """Somebody who edits: a row of their own, for notices say who asks."""
    return accounts.person().id
