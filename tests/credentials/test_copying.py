"""CE1: what is copied from a paper is what stands on it, in the engine of most browsers (PDFium) and in the one of most others (poppler)."""

import re
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from academy.base.text import LocalizedText
from academy.credentials import drawing, transcripts
from academy.credentials.copying import copyable
from academy.credentials.drawing import draw
from academy.credentials.rules_of_transcripts import Learned, TranscriptFacts
from academy.partners import drawing as rosters
from academy.partners.accreditation import drawing as accreditations
from tests.credentials.test_drawing import FACTS, text_of

MARKED = "مُحَمَّد بن عبد-العزيز (أبو علي)"
MIXED = "برنامج CX-201 (المستوى 2)"
ENGLISH = "Programme CX-201 (خدمة العميل) Level 2"
LETTERS = "لآلئ گچپ متدربًا ١٢٣ الأكاديمية ولا"
DAY = date(2026, 11, 23)


def lines_of(text: str) -> list[str]:
    """The lines as a reader pastes them, without marks of direction and presentation forms."""
    plain = re.sub("[\u200b\u202a-\u202e\u2066-\u2069]", "", unicodedata.normalize("NFKC", text))
    return [said for line in plain.splitlines() if (said := " ".join(line.split()))]


def in_browsers(pdf: bytes) -> list[str]:
    """What is copied when everything is marked: the range from the first letter to the last."""
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 of tests/requirements.txt is not installed")
    pages = [page.get_textpage() for page in pdfium.PdfDocument(pdf)]
    return lines_of("\n".join(page.get_text_range(0, page.count_chars()) for page in pages))


def elsewhere(pdf: bytes) -> list[str]:
    return lines_of(text_of(pdf))


def transcript(**changed: object) -> bytes:
    both = LocalizedText
    learned = Learned(both(MIXED, ENGLISH), both("وكالة الخدمات", "Agency"), DAY, "12.5", exempted=False)
    facts = TranscriptFacts(
        number=FACTS.number, verify_url=FACTS.verify_url, issued_on=DAY, academy=both(FACTS.academy_ar, FACTS.academy_en),
        holder=both(MARKED, "Mohammed"), organisation=both("وكالة", "Agency"), courses=(learned,), programmes=(), certificates=(),
        hours="12.5",
    )  # fmt: skip
    return transcripts.draw(replace(facts, **changed))


def accreditation() -> bytes:
    names = ("academy", "scheme", "level_name", "meaning", "signer", "signer_role")
    facts = {name: {"ar": "تُقدَّم الخدمة", "en": "Served"} for name in names}
    facts |= {
        "partner": {"ar": "شركة جسور للخدمات (CX)", "en": ENGLISH},
        "granted_on": "2026-11-23",
        "valid_until": "2028-11-23",
    }
    facts |= {"verify_url": FACTS.verify_url, "code": "AB12-CD34", "number": "ACC-2026-0001"}
    return drawing.printed(accreditations.TEMPLATE, lambda: accreditations.sheet(facts), DAY)


def roster(*more: str) -> bytes:
    both = {"ar": "شركة جسور", "en": "Jusoor"}
    one, none = {"ar": "١", "en": "1"}, {"ar": "٠", "en": "0"}
    row = {
        "name": both,
        "number": "E-12",
        "unit": {"ar": MIXED, "en": "Riyadh centre"},
        "may": "serve",
        "status_ar": "يباشر",
    }
    row |= {"status_en": "May serve", "why_ar": "تُثبته شهادته", "why_en": "A valid certificate"}
    sheet = {
        "partner": both, "day": both, "made": both, "agreement": "AG-77",
        "counts": {"serve": one, "accompanied": none, "not": none},
        "rows": [row, *({**row, "why_ar": why} for why in more)], "number": "R-0001", "code": "AB12", "url": "a.example/R", "address": "https://a.example/R",
        "qr": drawing.qr_svg("https://a.example/R"),
    }  # fmt: skip
    return drawing.printed(rosters.TEMPLATE, lambda: sheet, DAY)


@pytest.mark.parametrize("read", [in_browsers, elsewhere])
def test_the_two_names_on_one_line_of_a_certificate_are_copied_each_in_its_order(read):
    said = read(draw(FACTS))
    for line in (
        *(FACTS.academy_ar, FACTS.academy_en, FACTS.holder_name_ar, FACTS.holder_name_en, FACTS.title_en),
        *("تُمنح هذه الشهادة إلى", "This certificate is awarded to", "لاستيفاء متطلبات", "12 training hours"),
    ):
        assert line in said, line


def test_in_browsers_digits_and_signs_stand_where_they_belong():
    said = in_browsers(draw(FACTS))
    for line in (FACTS.title_ar, "١٢ ساعة تدريبية", "١٣ جمادى الآخرة ١٤٤٨هـ", "٢٣ نوفمبر ٢٠٢٦م", FACTS.number):
        assert line in said, line


@pytest.mark.parametrize("read", [in_browsers, elsewhere])
@pytest.mark.parametrize(
    "text", ["متدربًا ولا تُحتسب", "سجل التعلّم", "مُحَمَّد بن عبدالعزيز", "لآلئ گچپ يدويًا", "أكاديمية الأكاديميات"]
)
def test_marks_ligatures_and_letters_that_stand_apart_are_copied_once_and_in_order(read, text):
    assert text in read(draw(replace(FACTS, holder_name_ar=text)))


def test_in_browsers_a_mixed_line_comes_as_lines_of_their_own_each_right():
    """domain.md 4.5: brackets, signs and digits stay in place."""
    said = "\n".join(in_browsers(draw(replace(FACTS, holder_name_ar=MARKED, title_ar=MIXED, title_en=ENGLISH))))
    assert MARKED in said.splitlines()
    assert "برنامج\nCX-201\n(المستوى 2)" in said
    assert "Programme CX-201 (\nخدمة العميل\n) Level 2" in said
    assert "شركة جسور للخدمات (CX)" in in_browsers(accreditation())


def test_in_browsers_all_four_papers_are_copied_rightly():
    for paper, lines in (
        (transcript(), (MARKED, "سجل التعلّم Transcript", "المقررات", "Courses", "CX-201", "(المستوى 2)")),
        (
            accreditation(),
            ("تُقدَّم الخدمة", "تشهد الأكاديمية بأن المنشأة ·", "The academy certifies that", "خدمة العميل"),
        ),
        (roster(), ("كشف مباشرة الخدمة", "Serving roster", "CX-201", "(المستوى 2)", "تُثبته شهادته")),
    ):
        said = in_browsers(paper)
        for line in lines:
            assert line in said, line
    assert any(
        line.startswith("جُمع هذا السجل من سجلات الأكاديمية ولم يُدخل شيء منه يدويًا،")
        for line in in_browsers(transcript())
    )


def test_no_letter_is_doubled_in_a_transcript():
    said = " ".join(elsewhere(transcript()))
    for words in ("جُمع هذا السجل", "ولم يُدخل شيء منه يدويًا", "سجل التعلّم", "مُحَمَّد بن عبد"):
        assert words in said, words


@pytest.mark.parametrize("read", [in_browsers, elsewhere])
def test_no_mark_is_doubled_on_a_page_of_many_glyphs(read):
    """From the hundred and twenty-ninth glyph of a font on, the typesetter writes strings in another way."""
    signs = "".join(map(chr, range(33, 127))).replace("\\", "")
    joined = " ".join(letter * 3 for letter in "بتثجحخسشصضطظعغفقكلمنهي")
    assert "أقربها انتهاءً شهادة" in read(roster(signs, joined, "سماء هنا", "أقربها انتهاءً شهادة"))


def test_what_ends_a_line_for_browsers_is_nobodys_and_nothing_is_lost_from_the_tags():
    """PDF/UA-1: every part that the tags name is still there, and what was added is marked as nobody's."""
    for paper in (draw(FACTS), transcript(), accreditation(), roster()):
        reader = PdfReader(BytesIO(paper), strict=True)
        content = reader.pages[0].get_contents().get_data()
        assert b"EMC/Artifact BMC\nq" in content
        named = [int(number) for number in re.findall(rb"/MCID (\d+)", content)]
        assert sorted(named) == list(range(len(named)))
        assert content.count(b"EMC") == content.count(b"BMC") + content.count(b"BDC")


def test_the_mended_paper_looks_as_it_was_drawn(monkeypatch):
    """Marks and brackets stand where they stood; only letters that do not join move, by less than a point of a screen."""
    facts = replace(FACTS, holder_name_ar="مُحَمَّد بن سعد (علي)", title_ar=MIXED, title_en=ENGLISH)
    facts = replace(facts, academy_ar="الجهة", issuer_ar="", signer_role_ar="المديرة")
    mended = draw(facts)
    monkeypatch.setattr(drawing, "copyable", lambda pdf: pdf)
    drawn = draw(facts)
    assert copyable(drawn) == mended
    left, top, right, bottom = ImageChops.difference(*(picture(pdf) for pdf in (drawn, mended))).getbbox() or (0,) * 4
    assert max(right - left, bottom - top) < 12, "more than one letter moved"


def picture(pdf: bytes) -> Image.Image:
    made = subprocess.run(["pdftoppm", "-r", "96", "-png", "-"], input=pdf, capture_output=True, check=True)
    return Image.open(BytesIO(made.stdout)).convert("L")
