"""The editors: Markdown that cannot run, pictures, files, sorting exercises, and the text zoo."""

import io

import pytest
from PIL import Image

from academy.base.db import db
from academy.base.storage import FileRefused, StoredFile, check
from academy.base.text import clean_block, clean_line
from academy.catalogue import queries
from tests.catalogue.test_desk_pages import fields
from tests.factories import accounts as people
from tests.factories import catalogue as make

ZOO = [
    "مُدَرِّسٌ مُتَمَكِّن", "مـــدرب", "لا إله", "هٔ ي\u0654", "١٢٣ ۴۵۶", "\u202eمقلوب", "\u2067عزل\u2069", "نص\u200dموصول", "👨‍👩‍👧‍👦",
    "x" * 255, "س", "O'Brien", "<b>غامق</b>", "{{7*7}}", "=1+1", "\ud800وحيد", "صفر\x00", "null", "None", "-0", "1e308", "NaN",
]  # fmt: skip
ATTACKS = [
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](data:text/html,1)", "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/a.png)", "![x](/files/../etc)", "<a href='vbscript:x'>y</a>", "[x]( JaVaScRiPt:alert(1) )",
    "<div style='background:url(//evil.example)'>", "<iframe src=//evil.example></iframe>", '"><svg onload=alert(1)>',
]  # fmt: skip


@pytest.fixture
def trainer(app):
    """A trainer with an account."""
    return people.trainer()


@pytest.fixture
def desk(visit, trainer):
    """The trainer's browser."""
    return visit(trainer)


@pytest.fixture
def course(trainer):
    """A draft with a lesson a1, an exercise a2 and a file a3."""
    row = make.course(trainer=trainer, published=False)
    unit = queries.units_of(make.draft(row).id)[0]
    make.activity(unit, "classify")
    make.activity(unit, "file")
    return row


def kept(course, key="a1"):
    """The activity as it is in the database."""
    return queries.edited_activity(course.key, key).activity


def picture(size=(4, 3)):
    """A small PNG."""
    data = io.BytesIO()
    Image.new("RGB", size, "green").save(data, "PNG")
    return data.getvalue()


def upload(desk, address, name, content, **values):
    """Send a form with one file."""
    return desk.post(address, {**values, name: content}, content_type="multipart/form-data")


@pytest.mark.parametrize("animal", ZOO)
def test_the_text_zoo_is_kept_as_cleaned_and_shown_escaped(desk, course, animal):
    path = f"/teach/{course.key}/activities/a1"
    sent = animal.encode("utf-8", "replace").decode() if "\ud800" in animal else animal
    desk.post(path, {**fields(desk.get(path)), "title-ar": sent, "body-ar": f"{sent}\n\nثم", "key_points-0-ar": sent})
    row = kept(course)
    assert row.title.ar == clean_line(sent)
    assert row.content["body"]["ar"] == clean_block(f"{sent}\n\nثم")
    for page in (desk.get(path), desk.get(f"/teach/{course.key}"), desk.get(f"/teach/{course.key}/preview/a1")):
        assert not page.select("h1 b, .grow b")
    assert desk.get(f"/teach/{course.key}/preview/a1").h1.get_text() == clean_line(sent)


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_cannot_run_anything(desk, course, attack):
    path = f"/teach/{course.key}/activities/a1"
    desk.post(path, {**fields(desk.get(path)), "body-ar": attack, "body-en": f"text {attack} text"})
    pages = [
        desk.get(f"/teach/{course.key}/preview/a1").select_one(".prose"),
        desk.get(path).select_one("[data-preview=ar]"),
    ]
    pages.append(desk.post(f"/teach/{course.key}/markdown", {"source": attack}))
    for page in pages:
        assert not page.select("script, iframe, svg, object, style, [style], img[src^=http]")
        for tag in page.find_all(True):
            assert not any(name.startswith("on") for name in tag.attrs)
            assert "script:" not in tag.get("href", "").lower() and not tag.get("href", "").startswith("data:")
        assert not page.select("img[src*='..']")


def test_the_live_preview_answers_as_the_lesson_will_look(desk, course):
    page = desk.post(f"/teach/{course.key}/markdown", {"source": "# عنوان\n\n| أ | ب |\n|---|---|\n| 1 | 2 |"})
    assert page.h2.get_text() == "عنوان" and page.select_one(".table-scroll table")
    desk.post(f"/teach/{course.key}/markdown", {"source": "س" * 300_000})


def test_without_scripts_a_button_shows_the_preview_and_saves_nothing(desk, course):
    path = f"/teach/{course.key}/activities/a1"
    before = kept(course).content
    page = desk.post(path, {**fields(desk.get(path)), "body-ar": "**جديد**", "act": "preview"})
    assert page.select_one("[data-preview=ar] strong").get_text() == "جديد"
    assert page.select_one("[name=body-ar]").get_text().strip() == "**جديد**"
    assert kept(course).content == before


def test_a_picture_is_inserted_with_its_description(desk, course):
    path = f"/teach/{course.key}/activities/a1"
    typed = {
        **fields(desk.get(path)),
        "body-ar": "قبل",
        "act": "insert",
        "image_alt": "مخطط [الرحلة]",
        "image_language": "ar",
    }
    page = upload(desk, path, "image", (io.BytesIO(picture()), "map.png"), **typed)
    row = db.session.query(StoredFile).filter_by(course_id=course.id).one()
    text = page.select_one("[name=body-ar]").get_text().strip()
    assert text == f"قبل\n\n![مخطط (الرحلة)]({row.address})"
    desk.post(path, fields(page))
    shown = desk.get(f"/teach/{course.key}/preview/a1").select_one(".prose img")
    assert (shown["src"], shown["alt"]) == (row.address, "مخطط (الرحلة)")
    desk.get(row.address)


@pytest.mark.parametrize(
    ("name", "data", "alt"),
    [
        ("map.png", picture(), ""),
        ("", b"", "وصف"),
        ("map.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "وصف"),
        ("map.png", b"<svg onload=alert(1)>", "وصف"),
        ("book.pdf", b"%PDF-1.7 x", "وصف"),
    ],
)
def test_a_picture_without_description_or_that_is_none_is_refused_and_the_text_stays(desk, course, name, data, alt):
    path = f"/teach/{course.key}/activities/a1"
    typed = {**fields(desk.get(path)), "body-ar": "نصي الطويل", "act": "insert", "image_alt": alt}
    page = upload(desk, path, "image", (io.BytesIO(data), name), **typed)
    assert page.select_one("[name=body-ar]").get_text().strip() == "نصي الطويل"
    assert page.select(".picture-box .error, .error-summary")
    assert not db.session.query(StoredFile).filter_by(course_id=course.id).count()
    script = {"Accept": "application/json"}
    sent = {"image": (io.BytesIO(data), name), "image_alt": alt}
    desk.post(f"/teach/{course.key}/images", sent, status=422, content_type="multipart/form-data", headers=script)
    said = desk.response.get_json()
    assert said["error"] and said["field"] == ("image" if alt else "image_alt")


def test_a_sorting_exercise_is_written_row_by_row(desk, course):
    path = f"/teach/{course.key}/activities/a2"
    sent = {**fields(desk.get(path)), "categories-0-text-ar": "قيمة", "categories-1-text-ar": "خلل", "act": "items:add"}
    page = desk.post(path, sent)
    assert [option["value"] for option in page.select("[name=items-0-answer] option")] == ["", "c1", "c2"]
    desk.post(path, {**fields(page), "items-0-text-ar": "أين طلبي؟", "items-0-answer": "c2", "prompt-ar": "صنّف"})
    content = kept(course, "a2").content
    assert content["items"] == [{"id": "i1", "text": {"ar": "أين طلبي؟", "en": ""}, "answer": "c2"}]
    assert [category["id"] for category in content["categories"]] == ["c1", "c2"]
    page = desk.get(f"/teach/{course.key}/preview/a2")
    assert [box["value"] for box in page.select("[name=item-i1]")] == ["c1", "c2"]


def test_a_file_is_kept_shown_and_replaced(desk, course):
    path = f"/teach/{course.key}/activities/a3"
    upload(desk, path, "file", (io.BytesIO(b"%PDF-1.7 one"), "دليل الخدمة.pdf"), **fields(desk.get(path)))
    first = kept(course, "a3").content
    assert (first["file_name"], first["media_type"]) == ("دليل الخدمة.pdf", "application/pdf")
    assert desk.get(f"/teach/{course.key}/preview/a3").select(f"a[href='/files/{first['file_key']}']")
    desk.post(path, {**fields(desk.get(path)), "note-ar": "اقرأ الفصل الأول"})
    assert kept(course, "a3").content["file_key"] == first["file_key"]
    upload(desk, path, "file", (io.BytesIO(b"%PDF-1.7 two"), "b.pdf"), **fields(desk.get(path)))
    assert kept(course, "a3").content["file_key"] != first["file_key"]


@pytest.mark.parametrize(
    ("name", "data"), [("a.exe", b"MZ"), ("a.pdf", b"not a pdf"), ("a.html", b"<script>"), ("a.svg", b"<svg/>")]
)
def test_a_file_of_another_kind_is_refused_next_to_the_field_and_nothing_is_saved(desk, course, name, data):
    path = f"/teach/{course.key}/activities/a3"
    typed = {**fields(desk.get(path)), "note-ar": "ملاحظتي", "file": (io.BytesIO(data), name)}
    page = desk.post(path, typed, status=422, content_type="multipart/form-data")
    assert page.select_one("#file-error") and page.select_one("[name=note-ar]").get_text().strip() == "ملاحظتي"
    assert not kept(course, "a3").content["file_key"]


def test_a_title_in_no_language_is_refused_next_to_the_field(desk, course):
    path = f"/teach/{course.key}/activities/a1"
    page = desk.post(path, {**fields(desk.get(path)), "title-ar": " ", "title-en": "\u202e"}, status=422)
    assert page.select("[aria-invalid=true]")


@pytest.mark.parametrize("size", [(8000, 5001), (12000, 8000)])
def test_a_picture_of_too_many_pixels_is_told_the_limit(size):
    """A small file may be wide and high: neither «a smaller file» nor «save it again» would help."""
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    with pytest.raises(FileRefused) as refused:
        check(out.getvalue(), "wide.png", most=10_000_000)
    assert refused.value.values == {"most": 40}
