"""P6, R18: a file is compared with what was issued; an edited one is exposed, a foreign or hostile one gets one answer."""

import io
import json
import time
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from pypdf import PdfWriter
from sqlalchemy import func, select

from academy.base import jobs
from academy.base.db import db
from academy.base.throttle import Try
from academy.credentials import queries_of_files, services_of_badges
from academy.credentials.badges import baking, older
from academy.credentials.models import IssuedPaper, SealedBadge
from academy.credentials.papers import paper
from academy.credentials.rules import CertificateFacts
from tests.concurrency import crowd_app, prepared  # noqa: F401
from tests.conftest import NOW, undone
from tests.factories import accounts as people
from tests.factories import credentials
from tests.factories.accounts import both
from tests.quick import again

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "openbadges"
FOREIGN = sorted(path for path in SAMPLES.rglob("*") if path.is_file())
GENUINE, ALTERED = "الملف مطابق تمامًا لما أصدرته الأكاديمية", "الملف ليس كما صدر"


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def issued(the_app):
    """A certificate with its badge, and every form in which it is given out, for all tests here."""
    with undone(the_app):
        with time_machine.travel(NOW, tick=False):
            who = people.person(name=both("نورة العتيبي", "Noura Alotaibi"), email="n@example.test")
            row = credentials.certificate(who)
            services_of_badges.seal(row.id, at=NOW)
            made = SimpleNamespace(certificate=row, forms=forms_of(row))
            db.session.commit()
        yield made


def forms_of(certificate):
    """The certificate in every form in which it is given out."""
    badge = db.session.scalars(select(SealedBadge)).one()
    made = paper(CertificateFacts.from_json(certificate.facts), "pdf")
    services_of_badges.PAPERS.note(certificate.id, made, at=NOW)
    return {
        "pdf": made,
        "json": badge.document.encode(),
        "jwt": badge.token.encode() + b"\n",
        "png": baking.into_png(badge.token),
        "svg": baking.into_svg(badge.document),
        "older": json.dumps(older.assertion(badge.document, badge.credential)).encode(),
    }


@pytest.fixture
def certificate(issued, app):
    return again(issued.certificate)


@pytest.fixture
def forms(issued, certificate):
    return issued.forms


def asked(browser, data, status=200, name="file.bin"):
    return browser.post("/verify/file", {"file": (io.BytesIO(data), name)}, status)


@pytest.mark.parametrize("form", ["pdf", "json", "jwt", "png", "svg", "older"])
def test_what_was_issued_is_recognised_and_shown(browser, certificate, forms, form):
    page = asked(browser, forms[form])
    assert GENUINE in page.words and "نورة العتيبي" in page.words and certificate.number in page.words
    assert "هذه الشهادة سارية" in page.h1.get_text()
    credentials.revoked(certificate, reason_class="integrity")
    page = asked(browser, forms[form])
    assert "سُحبت هذه الشهادة" in page.h1.get_text() and "CANARY" not in str(page)
    assert db.session.scalar(select(func.count()).select_from(Try)) == 0


def edited(form, data):
    """The file as somebody would forge it: another name, a later end, one other byte."""
    if form == "pdf":
        return data[:4000] + bytes([data[4000] ^ 1]) + data[4001:]
    if form in ("json", "svg", "older"):
        return data.replace("نورة العتيبي".encode(), "سارة القحطاني".encode()).replace(b"sha256$", b"sha256$0")
    text = data.decode() if form == "jwt" else baking.from_png(data)
    header, claims, signature = text.strip().split(".")
    other = f"{header}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    return other.encode() if form == "jwt" else baking.into_png(other)


@pytest.mark.parametrize("form", ["pdf", "json", "jwt", "png", "svg", "older"])
def test_an_edited_file_is_exposed_beside_what_was_issued(browser, certificate, forms, form):
    forged = edited(form, forms[form])
    assert forged != forms[form]
    page = asked(browser, forged)
    assert ALTERED in page.h1.get_text() and GENUINE not in page.words
    assert "نورة العتيبي" in page.words and "سارة القحطاني" not in page.words


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_badge_in_a_picture_that_was_painted_over_is_told_apart(browser, certificate, forms, form):
    """CE4: the badge is as it was issued, and what somebody painted around it is not called ours."""
    data = forms[form]
    if form == "svg":
        painted = data.replace(b"</svg>", b"<text>Doctor of everything</text></svg>")
    else:
        painted = data[:-40] + bytes([data[-40] ^ 1]) + data[-39:]
    assert painted != data
    page = asked(browser, painted)
    assert (
        GENUINE not in page.words and "الصورة التي تحيط بها" in page.words and "هذه الشهادة سارية" in page.h1.get_text()
    )
    accept = {"headers": {"Accept": "application/json"}}
    browser.post("/verify/file", {"file": (io.BytesIO(painted), "x")}, 200, **accept)
    assert browser.response.get_json()["file"] == "repainted"


def test_one_other_byte_anywhere_in_a_paper_is_noticed(certificate, forms):
    data = forms["pdf"]
    for at in range(9, len(data), 4999):
        judged = queries_of_files.judge(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert judged is None or not judged.genuine
    assert not queries_of_files.judge(data + b"\n").genuine


def test_a_paper_saved_by_another_program_still_leads_to_what_was_issued(certificate, forms):
    address = certificate.facts["verify_url"].encode()
    saved = (
        b"%PDF-1.7\n1 0 obj <</Filter/FlateDecode>> stream\r\n" + zlib.compress(b"x" * 900 + address + b">>") + b"\nend"
    )
    judged = queries_of_files.judge(saved)
    assert judged.entry.number == certificate.number and not judged.genuine


def test_a_paper_edited_with_a_usual_tool_is_exposed_however_it_writes_signs(browser, certificate, forms):
    """P6: the tool writes the signs of addresses by number."""
    editing = PdfWriter(clone_from=io.BytesIO(forms["pdf"]))
    editing.add_metadata({"/Title": "edited"})
    editing.write(saved := io.BytesIO())
    page = asked(browser, saved.getvalue())
    assert ALTERED in page.h1.get_text() and "نورة العتيبي" in page.words and certificate.number in page.words
    address = certificate.facts["verify_url"].encode()
    for written in (b"(%s)" % address.replace(b"/", rb"\057"), b"<%s>" % address.hex().encode()):
        judged = queries_of_files.judge(b"%PDF-1.7\n1 0 obj <</URI " + written + b">> endobj")
        assert judged.entry.number == certificate.number and not judged.genuine, written


def test_a_badge_of_another_holder_in_ones_own_picture_shows_that_holder(browser, certificate, forms):
    """R18: what is shown is the number's own certificate, never what stands around it."""
    other = credentials.certificate(people.person(name=both("سارة القحطاني", "")))
    document = json.loads(forms["json"])
    document["credentialSubject"]["licenseNumber"] = other.number
    page = asked(browser, json.dumps(document).encode())
    assert ALTERED in page.h1.get_text() and "نورة العتيبي" in page.words


def test_papers_of_earlier_releases_stay_genuine(certificate):
    services_of_badges.PAPERS.note(certificate.id, b"%PDF-1.4 drawn long ago", at=NOW)
    services_of_badges.PAPERS.note(certificate.id, b"%PDF-1.4 drawn long ago", at=NOW)
    assert queries_of_files.judge(b"%PDF-1.4 drawn long ago").genuine


def test_papers_are_noted_when_drawn_and_when_given_out(certificate, visit):
    holder = visit(db.session.get(people.Person, certificate.holder_id))
    for _ in range(2):
        holder.get(f"/certificates/{certificate.number}.pdf")
    given = holder.response.get_data()
    assert db.session.scalar(select(func.count()).select_from(IssuedPaper)) == 1
    assert queries_of_files.judge(given).genuine
    draw = db.session.scalars(select(jobs.Job).where(jobs.Job.unique_key == f"credentials.draw:{certificate.id}")).one()
    jobs.KINDS[draw.name].run(**draw.arguments)
    assert db.session.scalar(select(func.count()).select_from(IssuedPaper)) == 1


def test_a_badge_changed_in_the_database_is_not_called_genuine(certificate, forms, caplog):
    badge = SealedBadge.__table__
    forged = forms["json"].decode().replace("نورة", "سارة")
    db.session.execute(badge.update().values(document=forged))
    db.session.expire_all()
    assert not queries_of_files.judge(forged.encode()).genuine
    assert "changed by other hands" in caplog.text


# --- Foreign and hostile -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_no_foreign_badge_is_ever_called_ours(certificate, path):
    """Sound ones and those of the standard that must fail alike: this register answers for its own certificates only."""
    assert queries_of_files.judge(path.read_bytes()) is None


DEEP = b'{"id":' * 50_000
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg><credential>&b;</credential></svg>'
# What takes long to pack is packed by the test that sends it.
HOSTILE = {
    "nothing known": b"hello",
    "zeros": b"\0" * 100_000,
    "deep json": DEEP,
    "a list": b"[" * 100_000,
    "a long number": b'{"id": ' + b"9" * 300_000 + b"}",
    "not text": b'{"id": "\xff\xfe"}',
    "odd parts": b'{"id": {"a": 1}, "credentialSubject": [1], "proof": 7}',
    "an entity bomb": BOMB,
    "a fetched entity": b'<!DOCTYPE svg SYSTEM "http://127.0.0.1/x.dtd"><svg/>',
    "an endless svg": b"<svg>" * 60_000,
    "a cut png": baking.PNG + b"\xff\xff\xff\xffiTXtopenbadgecredential\0",
    "a packed png": lambda: (
        baking.PNG + b"\0\0\0\x40iTXtopenbadgecredential\0\1\0\0\0" + zlib.compress(b"0" * 50_000_000, 9) + b"1234"
    ),
    "a pdf bomb": lambda: b"%PDF-1.7\n" + (b"stream\n" + zlib.compress(b"0" * 20_000_000, 9)) * 40,
    "a pdf of nothing": b"%PDF-1.7\n" + b"stream\n" * 300_000,
    "a token of nothing": b"e30.e30.",
    "an odd token": b"a.b.c",
    "a token without signature": b"eyJhbGciOiJub25lIn0.eyJpZCI6IngvdmVyaWZ5LzAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMCJ9.",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_get_the_one_answer_and_cost_little(app, browser, kind):
    data = HOSTILE[kind]() if callable(HOSTILE[kind]) else HOSTILE[kind]
    before = time.process_time()
    page = asked(browser, data, 404)
    assert time.process_time() - before < 20
    unknown = asked(browser, b"hello", 404)
    said = [found.select_one("[role=alert]").get_text(" ", strip=True) for found in (page, unknown)]
    assert said[0] == said[1] and page.h1.get_text() == unknown.h1.get_text()
    assert "الرقم" not in page.h1.get_text(), "no number was asked for"


def test_no_file_an_empty_one_and_one_too_large_are_explained(app, browser):
    assert "يُرجى اختيار ملف." in browser.post("/verify/file", {}, 422).words
    assert "يُرجى اختيار ملف غير فارغ" in asked(browser, b"", 422).words
    assert "5" in asked(browser, b"x" * 5_000_001, 422).select_one(".error").get_text()
    assert "يُرجى اختيار ملف." in browser.post("/verify/file", {"file": "words"}, 422).words


def test_files_count_as_guesses_like_numbers(crowd_app):  # noqa: F811
    crowd_app.config["WTF_CSRF_ENABLED"] = False
    client = crowd_app.test_client()

    def ask():
        return client.post("/verify/file", data={"file": (io.BytesIO(b"hello"), "x")}).status_code

    assert [ask() for _ in range(31)] == [404] * 30 + [429]
    assert client.get("/verify/7").status_code == 429


def test_the_form_is_on_the_page_of_the_register(app, browser):
    page = browser.get("/verify")
    assert page.select_one("form[action='/verify/file'] input[type=file]")
