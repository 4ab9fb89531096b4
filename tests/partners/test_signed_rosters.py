"""A signed roster is a file that proves itself: the academy's signature, broken by a single changed byte (P6)."""

import io

from pypdf import PdfReader
from sqlalchemy import text

from academy.base import clock
from academy.base.db import db
from academy.partners import drawing, services
from tests.credentials.test_drawing import text_of
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
    assert drawing.sheet(row)["counts"]["not"] == {"ar": "١", "en": "1"}, "days and counts in the same digits"
    verdict = checked(paper, key)
    assert verdict.intact and verdict.valid and verdict.trusted
    at = paper.index(b"/Type") + 1
    assert not checked(paper[:at] + b"X" + paper[at + 1 :], key).intact


def test_the_paper_is_tagged_and_kept_for_archives_like_a_certificate(visit):
    """P6: read aloud, copied and archived as the other papers are."""
    of = partners.partner(name=both("جسور (المستوى 2)", "Jusoor"))
    root = people.administrator()
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=root.id, at=clock.now())
    reader = PdfReader(io.BytesIO(drawing.draw(row)))
    told = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in told
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/L2R"
    assert "جسور" in "".join(text_of(drawing.draw(row)).split())


def test_letters_that_the_fonts_lack_keep_no_roster_from_being_signed(visit):
    """P6: an archival paper may hold no letter without a picture, so what cannot be shown is left out or replaced."""
    of = partners.partner(name=both("جسور 🎯 \u202e", "Jusoor 李 👍"))
    partners.agreement(of, partners.required_course())
    partners.member(of, name=both("نورة 🎯 \ue000", "#panic() 李"))
    root = people.administrator()
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=root.id, at=clock.now())
    assert "#panic() ?" in text_of(drawing.draw(row))


def test_a_roster_that_was_altered_in_the_database_is_not_signed_anew(app, visit):
    of = partners.partner()
    root = people.administrator()
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=root.id, at=clock.now())
    db.session.execute(text("UPDATE serving_roster SET digest = :said"), {"said": "0" * 64})
    db.session.expire_all()
    page = visit(root).get(f"/admin/partners/rosters/{row.number}.pdf", status=409)
    assert "ليس ما" in page.words


def given(browser, data: bytes):
    return browser.post("/verify/file", {"file": (io.BytesIO(data), "roster.pdf")}, content_type="multipart/form-data")


def test_the_register_says_of_a_file_whether_it_is_as_it_was_issued(key, visit, browser):
    """P6, CE2: exactly as it was given out, or edited, with what was issued under its number; no names either way."""
    of = partners.partner(name=both("جسور", "Jusoor"))
    partners.agreement(of, partners.required_course())
    partners.member(of, name=both("CANARYNAME", "CANARYNAME"))
    admin = people.administrator(of, everywhere=False)
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=admin.id, at=clock.now())
    browser.get(f"/verify?number={row.number.lower()}", status=302)
    assert browser.response.location.endswith(f"/verify/roster/{row.number}")
    mine = visit(admin)
    for _again in range(2):
        mine.get(f"/admin/partners/rosters/{row.number}.pdf")
    paper = mine.response.data
    page = given(browser, paper)
    assert "الملف مطابق تمامًا لما أصدرته الأكاديمية" in page.words and "CANARYNAME" not in page.words
    at = paper.index(b"/Type") + 1
    for edited in (paper + b"\n", paper[:at] + b"X" + paper[at + 1 :]):
        page = given(browser, edited)
        assert "لا تعتمد على الملف" in page.words and "جسور" in page.words and drawing.check_code(row) in page.words
        assert page.select_one(".register-head.revoked") and "CANARYNAME" not in page.words


def test_of_a_roster_from_before_files_were_noted_nothing_more_is_claimed_than_is_known(app, browser):
    """P6"""
    of = partners.partner(name=both("جسور", "Jusoor"))
    row = services.sign_roster(of, clock.today(), today=clock.today(), actor_id=None, at=clock.now())
    db.session.execute(text("UPDATE serving_roster SET papers_noted = false"))
    db.session.expire_all()
    page = given(browser, drawing.draw(row))
    assert "جسور" in page.words and "توقيع" in page.words and "هذا الكشف صحيح" not in page.words
