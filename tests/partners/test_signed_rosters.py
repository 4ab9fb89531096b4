"""A signed roster is a file that proves itself: the academy's signature, broken by a single changed byte (P6)."""

import io

from sqlalchemy import text

from academy.base import clock
from academy.base.db import db
from academy.partners import drawing, services
from tests.credentials.test_signed_papers import checked, key
from tests.factories import accounts as people
from tests.factories import partners
from tests.factories.accounts import both

__all__ = ["key"]


def test_the_paper_carries_a_signature_that_one_changed_byte_breaks(key, visit):
    """P6: whoever holds the file need not ask the academy whether it was altered; two downloads are the same bytes."""
    of = partners.partner(name=both("جسور", "Jusoor"))
    admin = people.administrator(of, everywhere=False)
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=admin.id, at=clock.now())
    mine, where = visit(admin), f"/admin/partners/rosters/{row.number}.pdf"
    mine.get(where)
    paper = mine.response.data
    assert paper == drawing.draw(row)
    verdict = checked(paper, key)
    assert verdict.intact and verdict.valid and verdict.trusted
    at = paper.index(b"/Type") + 1
    assert not checked(paper[:at] + b"X" + paper[at + 1 :], key).intact


def test_a_roster_that_was_altered_in_the_database_is_not_signed_anew(app, visit):
    of = partners.partner()
    root = people.administrator()
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=root.id, at=clock.now())
    db.session.execute(text("UPDATE serving_roster SET digest = :said"), {"said": "0" * 64})
    db.session.expire_all()
    page = visit(root).get(f"/admin/partners/rosters/{row.number}.pdf", status=409)
    assert "ليس ما" in page.words


def test_the_register_leads_from_the_number_and_from_the_file_to_the_roster(app, visit, browser):
    """CE2: a stranger types the number where numbers are typed, or gives the file; of a file nothing more is claimed than is known."""
    of = partners.partner(name=both("جسور", "Jusoor"))
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=None, at=clock.now())
    browser.get(f"/verify?number={row.number.lower()}", status=302)
    assert browser.response.location.endswith(f"/verify/roster/{row.number}")
    given = {"file": (io.BytesIO(drawing.draw(row)), "roster.pdf")}
    page = browser.post("/verify/file", given, content_type="multipart/form-data")
    assert "جسور" in page.words and "توقيع" in page.words and "هذا الكشف صحيح" not in page.words
