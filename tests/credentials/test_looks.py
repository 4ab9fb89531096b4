"""CE1: a designed certificate is drawn from facts and design alone; its texts are text, its pictures speak, one page holds it."""

import unicodedata
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from academy.base.errors import Invalid
from academy.base.text import LocalizedText
from academy.credentials import papers
from academy.credentials.drawing import draw as draw_built_in
from academy.credentials.drawing_of_looks import draw, draw_png, sheet
from academy.credentials.pictures_of_templates import prepared
from academy.credentials.rules_of_looks import SHAPES, Design, Look, Signer, UnknownPlaceholder, checked, pieces
from tests.credentials.test_drawing import FACTS, alternatives, links, pages, shows, text_of
from tests.factories.templates import picture

SIGNERS = (
    Signer(LocalizedText("سارة الغامدي", "Sarah Al-Ghamdi"), LocalizedText("المديرة العامة", "Director General")),
    Signer(LocalizedText("خالد المالكي", "Khalid Al-Malki"), LocalizedText("رئيس التدريب", "Head of Training")),
)
LOOK = Look(
    closing=LocalizedText(
        "أتم {الاسم} {المقرر} لدى {الجهة} في {التاريخ}.", "{holder} completed {course} at {organisation} on {date}."
    ),
    signers=SIGNERS,
)
MIXED = replace(
    FACTS, holder_name_ar="Ali (علي) بن عبدالعزيز", title_ar="برنامج CX-201 (المستوى 2)", title_en="CX-201 (level 2)"
)


def pictures(**also):
    places = ("logo", "seal", "signature_1", "signature_2")
    return {place: prepared(picture(), f"{place}.png", place) for place in places} | also


def design(shape: str = "landscape", **given) -> Design:
    return Design(replace(LOOK, shape=shape, **given), pictures())


@pytest.mark.parametrize("shape", SHAPES)
def test_ce1_mixed_names_and_titles_can_be_read_out_of_a_designed_certificate(shape):
    pdf = draw(MIXED, design(shape))
    for said in (
        *(MIXED.holder_name_ar, MIXED.holder_name_en, "برنامج", "CX-201", "المستوى", MIXED.title_en, MIXED.number),
        *("شهادة إتمام", "12 training hours", "23 November 2026", "١٧ رجب ١٤٥١هـ", "Sarah Al-Ghamdi", "رئيس التدريب"),
        *("Noura Abdulaziz Al-Otaibi completed", "at Digital Services Agency on 23 November 2026", "أتم", "لدى"),
    ):
        assert shows(pdf, said), said
    assert pages(pdf) == 1 and "{" not in text_of(pdf)


@pytest.mark.parametrize("shape", SHAPES)
def test_ce1_a_designed_certificate_keeps_the_standards_and_says_its_pictures(shape):
    reader = PdfReader(BytesIO(draw(MIXED, design(shape))))
    catalog = reader.trailer["/Root"]
    about = catalog["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1<" in about and "<pdfaid:part>2<" in about and "<pdfaid:conformance>A<" in about
    assert catalog["/Lang"] == "ar" and catalog["/MarkInfo"]["/Marked"]
    assert links(reader) == [MIXED.verify_url]
    said = " ".join(alternatives(catalog["/StructTreeRoot"]))
    for words in ("Logo of CX Academy", "Seal of CX Academy", "Signature of Sarah Al-Ghamdi", "توقيع خالد المالكي"):
        assert words in said
    languages = spoken(catalog["/StructTreeRoot"])
    assert any(each.startswith("en") for each in languages), "English runs say that they are English"
    wide, high = map(float, reader.pages[0].mediabox[2:])
    assert (wide < high) == (shape == "portrait")


def spoken(element) -> set[str]:
    """The languages that a tagged document names below an element."""
    element = element.get_object()
    if isinstance(element, list):
        return set().union(*(spoken(child) for child in element))
    if not isinstance(element, dict):
        return set()
    own = {str(element["/Lang"])} if "/Lang" in element else set()
    return own | (spoken(element["/K"]) if "/K" in element else set())


def test_ce1_a_placeholder_in_the_other_language_is_said_in_that_language():
    facts = replace(MIXED, holder_name_ar="")
    runs = sheet(facts, design())["look"]["closing"]["ar"]
    named = next(run for run in runs if "Noura" in run["say"])
    assert named["lang"] == "en" and {run["lang"] for run in runs if "لدى" in run["say"]} == {"ar"}


def test_ce1_the_same_facts_and_design_make_the_same_bytes_and_any_other_design_others(app):
    first = draw(MIXED, design())
    assert draw(replace(MIXED), design()) == first
    names = {
        papers.name_of(MIXED, "pdf", each) for each in (None, design(), design("portrait"), design(accent="#5a2a6b"))
    }
    names |= {
        papers.name_of(MIXED, "pdf", Design(LOOK)),
        papers.name_of(MIXED, "pdf", Design(LOOK, pictures(seal=prepared(picture(90), "x.png", "seal")))),
    }
    assert len(names) == 6
    assert papers.name_of(MIXED, "pdf", design()) == papers.name_of(MIXED, "pdf", design())


def test_ce1_what_is_drawn_without_a_template_does_not_know_that_there_are_any(app, monkeypatch):
    before = papers.name_of(FACTS, "pdf")
    monkeypatch.setattr(papers, "press_of_looks", lambda: "another")
    assert papers.name_of(FACTS, "pdf") == before
    assert draw_built_in(FACTS) != draw(FACTS, Design(Look()))


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "$x^2$ \\ @ref *b* _i_ `raw` // note /* more */ ~ [box] #panic()",
        "]; #let look = none",
        '"; sheet',
        "<svg onload=x> <b>bold</b> &amp; =1+1",
        "\u202eevil\u202c \u2067name\u2069",
        "نص (مع) علامات: CX-201 / 5 – 7",
    ],
)
@pytest.mark.parametrize("shape", SHAPES)
def test_ce1_markup_in_the_texts_of_a_template_stays_text(text, shape):
    both = LocalizedText(text, text)
    look = checked(
        replace(LOOK, shape=shape, heading=LocalizedText(text[:60], text[:60]), lead=both, middle=both, closing=both)
    )
    pdf = draw(FACTS, Design(look))
    assert pages(pdf) == 1 and "root:" not in text_of(pdf)
    assert shows(pdf, "".join(sign for sign in text[:60] if not unicodedata.category(sign).startswith("C")))


@pytest.mark.parametrize("unit", ["م", "W", "نورة بنت عبدالعزيز ", "Measuring experience "])
@pytest.mark.parametrize("shape", SHAPES)
def test_ce1_the_longest_texts_stay_on_one_page_inside_its_margins(unit, shape):
    text = (unit * 255)[:255]
    names = ("academy", "issuer", "holder_name", "title")
    long = replace(
        FACTS, **{f"{name}_{language}": text[: 255 - (language == "en")] for name in names for language in ("ar", "en")}
    )
    look = replace(
        LOOK,
        shape=shape,
        pattern="plain",
        closing=LocalizedText(LOOK.closing.ar + text[:200], LOOK.closing.en + text[:200]),
    )
    made = Design(look, pictures())
    assert pages(draw(long, made)) == 1
    seen = Image.open(BytesIO(draw_png(long, made))).convert("L")
    paper = seen.getpixel((4, 4))
    margin = int(18 * 96 / 25.4)
    for edge in ((0, 0, margin, seen.height), (seen.width - margin, 0, seen.width, seen.height)):
        assert seen.crop(edge).getextrema() == (paper, paper)


def test_ce1_what_the_template_hides_is_not_on_the_sheet_and_the_way_to_check_always_is():
    pdf = draw(FACTS, Design(replace(LOOK, shows=frozenset())))
    assert not shows(pdf, "training") and not shows(pdf, "Valid until") and FACTS.number not in text_of(pdf)
    assert shows(pdf, "academy.example/verify") and links(PdfReader(BytesIO(pdf))) == [FACTS.verify_url]


def test_ce1_without_signatories_of_its_own_the_academys_signs():
    assert shows(draw(FACTS, Design(Look())), FACTS.signer_name_en)
    assert not shows(draw(FACTS, design()), FACTS.signer_role_ar.split()[1] + " الأكاديمية السابقة")


def test_ce1_a_sample_says_across_the_sheet_that_it_is_one():
    assert draw(FACTS, design(), specimen=True) != draw(FACTS, design())
    assert draw_png(FACTS, design(), specimen=True) != draw_png(FACTS, design())


# --- Rules ---------------------------------------------------------------------------------------------


def test_ce1_placeholders_have_a_name_in_each_language():
    assert pieces("أتم {الاسم} في {date}") == [("أتم ", ""), ("", "holder"), (" في ", ""), ("", "date")]
    assert pieces("{ Holder }") == [("", "holder")]


@pytest.mark.parametrize(
    "text", ["{holdr}", "{}", "{", "}", "{{holder}}", "{holder", "{sheet.number}", "{mode}", "{id}"]
)
def test_ce1_anything_else_in_braces_is_refused_at_its_field(text):
    with pytest.raises(UnknownPlaceholder) as refusal:
        checked(replace(LOOK, middle=LocalizedText("", text)))
    assert refusal.value.field == "middle-en"


@pytest.mark.parametrize(
    ("given", "blamed"),
    [
        ({"accent": "#e4f4ec"}, "accent"),
        ({"paper": "#114530"}, "paper"),
        ({"paper": "red"}, "paper"),
        ({"accent": '#"); x'}, "accent"),
        ({"shape": "a3"}, "shape"),
        ({"pattern": "../x"}, "shape"),
        ({"shows": frozenset({"mode"})}, "shape"),
        ({"heading": LocalizedText()}, "heading"),
        ({"heading": LocalizedText("م" * 61)}, "heading-ar"),
        ({"closing": LocalizedText("م" * 301)}, "closing-ar"),
        ({"signers": (Signer(LocalizedText("م" * 81)), Signer())}, "signer_1_name"),
    ],
)
def test_ce1_a_look_that_could_not_be_read_or_drawn_is_refused(given, blamed):
    with pytest.raises(Invalid) as refusal:
        checked(replace(LOOK, **given))
    assert refusal.value.field == blamed


def test_ce1_a_look_reads_back_as_it_was_stored():
    assert Look.from_json(LOOK.as_json()) == LOOK


# --- Pictures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_ce1_a_picture_is_drawn_anew_and_no_larger_than_paper_needs(kind):
    made = prepared(picture(3000, 1500, kind), f"x.{kind.lower()}", "seal")
    assert (made.width, made.height) == (400, 200) and made.media_type == "image/png"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png"),
        (b"%PDF-1.4", "x.pdf"),
        (picture()[:60], "x.png"),
        (picture(kind="GIF"), "x.gif"),
        (picture(kind="WEBP"), "x.webp"),
        (b"\x89PNG" + b"x" * 5_000_001, "x.png"),
    ],
)
def test_ce1_anything_but_a_png_or_jpeg_is_refused_at_its_field(data, name):
    with pytest.raises(Invalid) as refusal:
        prepared(data, name, "logo")
    assert refusal.value.field == "logo"


def test_ce1_a_dark_picture_cannot_lie_behind_the_text():
    dark = Image.new("RGB", (300, 200), "#223344")
    out = BytesIO()
    dark.save(out, format="JPEG")
    with pytest.raises(Invalid) as refusal:
        prepared(out.getvalue(), "x.jpg", "background")
    assert refusal.value.field == "background"
    pale = prepared(picture(800, 560, "JPEG"), "x.jpeg", "background")
    assert pale.media_type == "image/jpeg" and pages(draw(FACTS, Design(LOOK, pictures(background=pale)))) == 1
