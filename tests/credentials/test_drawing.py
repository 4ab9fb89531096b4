"""The certificate as its holder sees it: same bytes for same facts, any text drawn as text, both calendars."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from academy.credentials import drawing
from academy.credentials.copying import copyable
from academy.credentials.drawing import CannotDraw, day_in_words, draw, draw_png, hours_in_words, printable
from academy.credentials.rules import CertificateFacts

FACTS = CertificateFacts(
    number="7KQ2M-9XD4T-PAR6W-Z3JHN-V8C5B-1",
    academy_ar="أكاديمية تجربة العميل",
    academy_en="CX Academy",
    holder_name_ar="نورة بنت عبدالعزيز العتيبي",
    holder_name_en="Noura Abdulaziz Al-Otaibi",
    title_ar="قياس التجربة: المؤشرات وصوت المستفيد",
    title_en="Measuring experience and the voice of the customer",
    hours=Decimal("12"),
    issued_on=date(2026, 11, 23),
    expires_on=date(2029, 11, 23),
    issuer_ar="وكالة الخدمات الرقمية",
    issuer_en="Digital Services Agency",
    signer_name_ar="سارة بنت عبدالله الغامدي",
    signer_name_en="Sarah Al-Ghamdi",
    signer_role_ar="مديرة الأكاديمية",
    signer_role_en="Director of the Academy",
    verify_url="https://academy.example/verify/7KQ2M9XD4TPAR6WZ3JHNV8C5B1",
)
MM = 96 / 25.4


def text_of(pdf: bytes) -> str:
    tool = shutil.which("pdftotext")
    assert tool, "pdftotext is missing: install poppler-utils"
    return subprocess.run([tool, "-q", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def words(text: str) -> list[str]:
    """The words as sorted letters without marks: extraction swaps and doubles letters of Arabic ligatures."""
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(
        c if c.isalnum() else "" if unicodedata.category(c) == "Mn" or c in "\u200b\u200d" else " " for c in plain
    )
    return kept.split()


def letters(word: str) -> str:
    return "".join(sorted(set(word)))


def shows(pdf: bytes, text: str) -> bool:
    """Whether every word is there, be it cut in two or three by the extraction."""
    seen = words(text_of(pdf))
    found = {letters("".join(seen[at : at + size])) for at in range(len(seen)) for size in (1, 2, 3)}
    return {letters(word) for word in words(text)} <= found


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def test_the_same_facts_make_the_same_bytes_and_another_name_others():
    first = draw(FACTS)
    other = draw(replace(FACTS, holder_name_ar="ريم الحربي"))
    assert draw(replace(FACTS)) == first != other
    assert draw(replace(FACTS, issued_on=date(2026, 11, 24))) != first


def test_another_process_in_another_folder_makes_the_same_bytes(tmp_path):
    script = (
        "import json, sys; from academy.credentials import drawing, rules;"
        "sys.stdout.buffer.write(drawing.draw(rules.CertificateFacts.from_json(json.load(sys.stdin))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(FACTS.as_json()).encode(),
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(drawing.__file__).parents[2]), "PYTHONHASHSEED": "7", "TZ": "Pacific/Apia"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == draw(FACTS)


def test_it_shows_everything_it_must_in_both_languages_and_calendars():
    pdf = draw(FACTS)
    for said in (
        *(FACTS.holder_name_ar, FACTS.holder_name_en, FACTS.title_ar, FACTS.title_en, FACTS.number),
        *("12 training hours", "١٢ ساعة تدريبية", "23 November 2026", "13 Jumada al-Akhirah 1448 AH"),
        *("٢٣ نوفمبر ٢٠٢٦م", "١٣ جمادى ١٤٤٨هـ", "23 November 2029", "17 Rajab 1451 AH", "١٧ رجب ١٤٥١هـ"),
        *(FACTS.issuer_ar, FACTS.issuer_en, FACTS.signer_name_ar, FACTS.signer_role_en, FACTS.academy_ar),
        *("شهادة إتمام", "Certificate of Completion", "academy.example/verify", "7KQ2M9XD4TPAR6WZ3JHNV8C5B1"),
    ):
        assert shows(pdf, said), said


def test_ligatures_are_copied_in_the_order_in_which_they_are_read():
    """CE1: a pair of letters drawn as one sign is taken apart rightly, in every reader that knows Unicode."""
    copied = unicodedata.normalize("NFKC", text_of(draw(replace(FACTS, holder_name_ar="لآلئ العتيبي"))))
    said = copied.split()
    for word in ("لاستيفاء", "الأكاديمية", "الإصدار", "الآخرة", "نوفمبر", "حتى", "إلى", "العتيبي"):
        assert any(word in each for each in said), word
    for astray in ("األكاديمية", "اإلصدار", "نوفمرب", "الستيفاء", "حىت", "إىل", "العتييب"):
        assert astray not in copied


def test_a_letter_with_its_mark_is_copied_once(monkeypatch):
    """CE1: the mark is a glyph of its own and says nothing but itself; the letter stood there twice."""

    def letters() -> int:
        return unicodedata.normalize("NFKC", text_of(draw(FACTS))).count("ت")

    mended = letters()
    monkeypatch.setattr(drawing, "copyable", lambda pdf: pdf)
    assert letters() == mended + 1


def test_english_lines_and_the_number_are_not_turned_around():
    """CE1: a document that says its pages run leftwards has them copied from their end in the most used reader."""
    reader = PdfReader(BytesIO(draw(FACTS)))
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/L2R"


def test_a_mended_paper_is_whole_and_what_is_none_of_ours_stays_as_it_is(monkeypatch):
    """CE1: the table of parts leads to each of them, and nothing but names and content differs."""
    mended = draw(FACTS)
    monkeypatch.setattr(drawing, "copyable", lambda pdf: pdf)
    drawn = draw(FACTS)
    assert copyable(drawn) == mended != drawn
    first, second = (PdfReader(BytesIO(pdf), strict=True) for pdf in (drawn, mended))
    assert len(first.xref[0]) == len(second.xref[0])
    assert all(second.get_object(number) is not None for number in range(1, len(second.xref[0]) + 1))
    assert copyable(b"%PDF-1.7 nothing of ours") == b"%PDF-1.7 nothing of ours"


def test_it_is_tagged_titled_and_says_which_standards_it_keeps():
    reader = PdfReader(BytesIO(draw(FACTS)))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "ar"
    assert FACTS.title_ar in reader.metadata.title and FACTS.holder_name_ar in reader.metadata.title
    about = catalog["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1<" in about
    assert "<pdfaid:part>2<" in about and "<pdfaid:conformance>A<" in about
    assert links(reader) == [FACTS.verify_url]
    assert any(FACTS.verify_url in said for said in alternatives(catalog["/StructTreeRoot"]))


def links(reader: PdfReader) -> list[str]:
    return [note.get_object()["/A"]["/URI"] for note in reader.pages[0]["/Annots"]]


def alternatives(element) -> list[str]:
    element = element.get_object()
    if isinstance(element, list):
        return [said for child in element for said in alternatives(child)]
    if not isinstance(element, dict):
        return []
    below = alternatives(element["/K"]) if "/K" in element else []
    return [element["/Alt"], *below] if "/Alt" in element else below


def test_the_code_on_the_sheet_is_the_verification_address():
    picture = Image.open(BytesIO(draw_png(FACTS))).convert("L")
    assert picture.size == (1123, 794)
    matrix = segno.make(FACTS.verify_url, error="m", mask=drawing.QR_MASK, micro=False).matrix
    module = 24 * MM / len(matrix)
    left, top = 28.6 * MM, 171.4 * MM
    seen = [
        [int(picture.getpixel((int(left + (x + 0.5) * module), int(top + (y + 0.5) * module))) < 128) for x in cells]
        for y, cells in enumerate([range(len(matrix))] * len(matrix))
    ]
    assert seen == [list(row) for row in matrix]


@pytest.mark.parametrize(
    "text",
    [
        "برنامج CX-201 (المستوى 2)",
        "CX 101: خدمة «المستفيد»",
        "Ali (علي)",
        "مُحَمَّد بن عبدالله",
        'O\'Brien "the" <b>bold</b>',
        "{{7*7}} =1+1 null",
        '#read("/etc/passwd")',
        "$x^2$ \\ @ref *b* _i_ `raw` // note /* more */ ~ [box] #panic()",
        "\u202eevil\u202c \u2067name\u2069",
        "a\x00b\x1f",
        "نص\nسطرين\tهنا",
        "لـــمياء ﻻمعة ۱۲۳",
        "e\u0301lan S\u0327ahin Yıldız Nguyễn",
    ],
)
def test_any_text_is_drawn_as_text(text):
    pdf = draw(replace(FACTS, holder_name_ar=text, title_en=text))
    assert pages(pdf) == 1
    marked = any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", text))
    assert marked or shows(pdf, printable(text))
    assert "root:" not in text_of(pdf)


@pytest.mark.parametrize("text", ["نورة 👩‍👩‍👧‍👦 العتيبي 🎯", "نورة \ud800العتيبي", "نورة \ue000العتيبي"])
def test_what_the_fonts_cannot_show_is_left_out_and_the_rest_drawn(text):
    assert shows(draw(replace(FACTS, holder_name_ar=text)), "نورة العتيبي")
    assert draw_png(replace(FACTS, holder_name_ar=text))


def test_a_letter_without_its_accent_in_the_fonts_keeps_the_letter():
    assert unicodedata.normalize("NFC", printable("Erdoğan Şahin 李")) == "Erdogan Şahin ?"


def test_a_name_in_letters_the_fonts_lack_gives_way_to_the_other_language():
    facts = replace(FACTS, holder_name_ar="", holder_name_en="李明")
    assert pages(draw(facts)) == 1
    both = draw(replace(FACTS, holder_name_en="李明"))
    assert both == draw(replace(FACTS, holder_name_en=""))


@pytest.mark.parametrize("unit", ["م", "W", "نورة بنت عبدالعزيز ", "Measuring experience ", "م ", "ي\u0651\u064e"])
def test_the_longest_texts_stay_on_the_one_sheet_and_inside_its_margins(unit):
    text = (unit * 255)[:255]
    names = ("academy", "issuer", "kind", "holder_name", "title", "signer_name", "signer_role")
    long = replace(FACTS, **{f"{name}_{language}": text for name in names for language in ("ar", "en")})
    long = replace(long, holder_name_en=text[:-1], title_en=text[:-1], verify_url="https://a.example/" + "x" * 200)
    assert pages(draw(long)) == 1
    picture = Image.open(BytesIO(draw_png(long))).convert("L")
    height = int(135 * MM)
    paper = picture.getpixel((5, int(20 * MM)))
    for left, right in ((0, 24), (273, 297)):
        margin = picture.crop((int(left * MM), int(8 * MM), int(right * MM), height))
        assert margin.getextrema() == (paper, paper)


@pytest.mark.parametrize(("gone", "label"), [("en", "This certificate is awarded to"), ("ar", "تُمنح هذه الشهادة إلى")])
def test_a_missing_language_leaves_the_other_alone_with_no_label_for_nothing(gone, label):
    pdf = draw(replace(FACTS, **{f"holder_name_{gone}": "", f"title_{gone}": "  "}))
    assert pages(pdf) == 1
    stays = {"ar": FACTS.holder_name_en, "en": FACTS.holder_name_ar}[gone]
    assert shows(pdf, stays)
    assert not shows(pdf, label)


def test_a_certificate_without_limit_hours_or_signer_says_so_or_nothing():
    bare = replace(FACTS, expires_on=None, hours=None, issuer_ar="", issuer_en="")
    bare = replace(bare, signer_name_ar="", signer_name_en="", signer_role_ar="", signer_role_en="")
    pdf = draw(bare)
    assert shows(pdf, "No expiry date") and shows(pdf, "غير محددة بمدة")
    assert not shows(pdf, "training") and not shows(pdf, "Director")


def test_two_threads_drawing_twenty_certificates_get_each_its_own():
    """R18: nobody receives another person's certificate."""
    many = [replace(FACTS, number=f"N-{n:03}", holder_name_en=f"Holder {n}") for n in range(20)]
    alone = [draw(facts) for facts in many]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(draw, many)) == alone
    assert len(set(alone)) == 20
    assert all(shows(pdf, f"Holder {n}") for n, pdf in enumerate(alone))


def test_a_bad_certificate_fails_alone_and_the_next_is_drawn():
    """R19: one row that cannot be drawn stops nobody else's."""
    with pytest.raises(CannotDraw):
        draw(replace(FACTS, verify_url="https://academy.example/" + "x" * 4000))
    assert shows(draw(FACTS), FACTS.holder_name_en)


def test_a_process_forked_after_drawing_is_told_so_instead_of_waiting_for_ever(monkeypatch):
    draw(FACTS)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(CannotDraw, match="fork"):
        draw(FACTS)


@pytest.mark.parametrize(
    ("hours", "arabic", "english"),
    [
        (None, "", ""),
        ("0", "", ""),
        ("1", "ساعة تدريبية واحدة", "1 training hour"),
        ("2.00", "ساعتان تدريبيتان", "2 training hours"),
        ("2.50", "٢٫٥ ساعة تدريبية", "2.5 training hours"),
        ("3", "٣ ساعات تدريبية", "3 training hours"),
        ("10", "١٠ ساعات تدريبية", "10 training hours"),
        ("11", "١١ ساعة تدريبية", "11 training hours"),
        ("100", "١٠٠ ساعة تدريبية", "100 training hours"),
        ("103", "١٠٣ ساعات تدريبية", "103 training hours"),
    ],
)
def test_hours_agree_with_their_noun(hours, arabic, english):
    assert hours_in_words(None if hours is None else Decimal(hours)) == (arabic, english)


def test_days_beyond_the_hijri_tables_are_shown_in_the_gregorian_calendar_alone():
    assert day_in_words(date(2078, 1, 1)) == {"ar": ["١ يناير ٢٠٧٨م"], "en": ["1 January 2078"]}
    assert day_in_words(date(2026, 3, 20))["en"] == ["1 Shawwal 1447 AH", "20 March 2026"]


def test_the_fonts_are_the_ones_in_their_manifest_and_carry_their_licence():
    manifest = json.loads((drawing.FONTS / "manifest.json").read_text(encoding="utf-8"))
    kept = {path.name for path in drawing.FONTS.iterdir()} - {"manifest.json"}
    assert kept == set(manifest["files"]) and manifest["licence_file"] in kept
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((drawing.FONTS / name).read_bytes()).hexdigest() == digest
