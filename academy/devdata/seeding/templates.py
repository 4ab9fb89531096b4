"""The agency's template of certificates, which a colleague drew and the administrator approved, and its next draft."""

import io
from datetime import datetime, timedelta
from math import cos, pi, sin
from typing import Any

from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import Person, RoleGrant
from academy.base.db import db
from academy.base.imaging import Image, ImageDraw
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.credentials import services_of_choosing as choosing
from academy.credentials import services_of_templates as templates
from academy.credentials.queries_of_choices import place_of
from academy.credentials.rules_of_looks import Look, Signer
from academy.devdata.seeding.cast import Cast

FINE = 4  # drawn so many times larger, then made smaller, which smooths the lines
GOLD, INK = (160, 120, 50, 255), (24, 44, 110, 255)
CHOSEN_FOR = "service-design"
NAME = LocalizedText("شهادات الجهة", "Certificates of the agency")
LOOK = Look(
    pattern="frame", accent="#1b5e63", paper="#fbfdfc",
    closing=LocalizedText(
        "أتم {الاسم} متطلبات هذا المقرر لدى {الجهة}، ومُنحت له هذه الشهادة في {التاريخ}.",
        "{holder} has met all the requirements at {organisation}, and was awarded this certificate on {date}.",
    ),
    signers=(
        Signer(LocalizedText("سارة عبدالله الغامدي", "Sarah Abdullah Al-Ghamdi"), LocalizedText("المديرة العامة", "Director General")),
        Signer(LocalizedText("ريم سعود القحطاني", "Reem Saud Al-Qahtani"), LocalizedText("رئيسة التدريب", "Head of Training")),
    ),
)  # fmt: skip


def load_templates(cast: Cast, courses: dict[str, Course], *, now: datetime) -> None:
    """Draw, approve and use the template, then leave a draft in the other shape waiting for the administrator."""
    admin, colleague = cast.demo["admin"].id, _colleague(cast)
    at = now - timedelta(days=30)
    accounts.grant_role(colleague, "administrator", organisation_id=cast.agency.id, at=at)
    made = templates.create(NAME, organisation_id=cast.agency.id, actor_id=colleague.id, at=at)
    files = {
        "logo": (_logo(), "logo.png"), "seal": (_seal(), "seal.png"),
        "signature_1": (_signature(5, 2), "one.png"), "signature_2": (_signature(7, 3), "two.png"),
    }  # fmt: skip
    by = {"actor_id": colleague.id}
    templates.save_draft(made.id, templates.Edit(NAME, LOOK, files), seen=0, at=at, **by)
    templates.ask(made.id, seen=1, at=at, **by)
    templates.publish(made.id, seen=1, actor_id=admin, at=at + timedelta(days=1))
    choosing.choose(place_of(courses[CHOSEN_FOR]), made.key, actor_id=admin, at=at + timedelta(days=1))
    upright = Look.from_json({**LOOK.as_json(), "shape": "portrait", "pattern": "wave"})
    templates.save_draft(made.id, templates.Edit(NAME, upright), seen=0, at=now - timedelta(days=2), **by)
    templates.ask(made.id, seen=1, at=now - timedelta(days=2), **by)


def _colleague(cast: Cast) -> Person:
    """The other trainer of the agency, who looks after its certificates."""
    query = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    query = query.where(RoleGrant.role == "trainer", RoleGrant.organisation_id == cast.agency.id)
    return (
        db.session.scalars(query.where(Person.id != cast.demo["trainer"].id).order_by(Person.id)).first()
        or cast.demo["director"]
    )


def _canvas(width: int, height: int) -> tuple[Any, Any]:
    picture = Image.new("RGBA", (width * FINE, height * FINE), (255, 255, 255, 0))
    return picture, ImageDraw.Draw(picture)


def _png(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.resize((picture.width // FINE, picture.height // FINE), Image.Resampling.LANCZOS).save(out, format="PNG")
    return out.getvalue()


def _signature(loops: int, lean: int) -> bytes:
    """A line as a hand would draw it: loops that grow smaller, and a stroke under them."""
    picture, pen = _canvas(460, 150)
    steps = [at / 400 for at in range(401)]
    points = [
        (FINE * (30 + 380 * t + 26 * sin(2 * pi * loops * t)), FINE * (75 - (52 - 30 * t) * cos(2 * pi * loops * t + lean)))
        for t in steps
    ]  # fmt: skip
    pen.line(points, fill=INK, width=3 * FINE, joint="curve")
    pen.line(
        [(FINE * (60 + 340 * t), FINE * (132 - 18 * t * t)) for t in steps], fill=INK, width=2 * FINE, joint="curve"
    )
    return _png(picture)


def _seal() -> bytes:
    """Two rings with a star of eight points between rays."""
    picture, pen = _canvas(320, 320)
    middle = 160 * FINE
    for radius, width in ((150, 6), (138, 2), (96, 2)):
        edge = radius * FINE
        pen.ellipse((middle - edge, middle - edge, middle + edge, middle + edge), outline=GOLD, width=width * FINE)
    for ray in range(48):
        turn = 2 * pi * ray / 48
        pen.line([_on(middle, 104, turn), _on(middle, 130, turn)], fill=GOLD, width=3 * FINE)
    star = [_on(middle, 84 if point % 2 == 0 else 46, pi * point / 8) for point in range(16)]
    pen.polygon(star, outline=GOLD, width=4 * FINE)
    return _png(picture)


def _logo() -> bytes:
    """The journey line with its points."""
    picture, pen = _canvas(420, 150)
    teal = (27, 94, 99, 255)
    line = [(20 + 380 * at / 100, 75 + 42 * sin(2 * pi * at / 100)) for at in range(101)]
    pen.line([(x * FINE, y * FINE) for x, y in line], fill=teal, width=8 * FINE, joint="curve")
    for x, y in (line[0], line[25], line[75], line[100]):
        pen.ellipse(((x - 15) * FINE, (y - 15) * FINE, (x + 15) * FINE, (y + 15) * FINE), fill=teal)
    pen.ellipse(((400 - 8) * FINE, (75 - 8) * FINE, (400 + 8) * FINE, (75 + 8) * FINE), fill=GOLD)
    return _png(picture)


def _on(middle: int, radius: float, turn: float) -> tuple[float, float]:
    return middle + radius * FINE * cos(turn), middle + radius * FINE * sin(turn)
