"""Writing questions on a picture: the picture is kept as a file of the course, areas and spots as typed, nothing is lost."""

import io

import pytest
from PIL import Image

from academy.assessment.queries_of_editing import edited_questions
from academy.base import clock, storage
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.catalogue import services as catalogue_services
from tests.assessment.test_edit_pages import BASE, activity, address, fields, page, text, trainer
from tests.assessment.test_editing import quiz_of
from tests.factories import accounts as people
from tests.factories import catalogue

__all__ = ["activity", "page", "trainer"]

ALT = text("alt", "ردهة فيها ثلاثة أماكن", "A hall with three places")
HOTSPOT = {
    **ALT, **text("regions-0-text", "الاستقبال", "Reception"), "regions-0-shape": "rectangle",
    "regions-0-at": "٧ ٣٨ ٢٢٫٥ ٣٥", "regions-0-correct": "y",
    **text("regions-1-text", "الجهاز", "Kiosk"), "regions-1-shape": "circle", "regions-1-at": "50 55 10",
    **text("regions-2-text", "المخرج", "Exit"), "regions-2-shape": "polygon", "regions-2-at": "69 38 91 38 91 73",
    "named": "y", "most": "", "scoring": "all_or_nothing",
}  # fmt: skip
LABELS = {
    **ALT, **text("spots-0-text", "الاستقبال", "Reception"), "spots-0-at": "18 60",
    **text("spots-1-text", "المخرج", "Exit"), "spots-1-at": "80,5 60", **text("extras-0-text", "المدير", "Manager"),
    "scoring": "partial",
}  # fmt: skip
KEPT = {
    "hotspot": (HOTSPOT, {
        "regions": [
            {"id": "r1", "text": {"ar": "الاستقبال", "en": "Reception"}, "shape": "rectangle", "at": [70, 380, 225, 350], "correct": True},
            {"id": "r2", "text": {"ar": "الجهاز", "en": "Kiosk"}, "shape": "circle", "at": [500, 550, 100]},
            {"id": "r3", "text": {"ar": "المخرج", "en": "Exit"}, "shape": "polygon", "at": [690, 380, 910, 380, 910, 730]},
        ],
        "scoring": "all_or_nothing",
    }),
    "drag_on_image": (LABELS, {
        "spots": [{"id": "s1", "at": [180, 600]}, {"id": "s2", "at": [805, 600]}],
        "labels": [
            {"id": "l1", "text": {"ar": "الاستقبال", "en": "Reception"}}, {"id": "l2", "text": {"ar": "المخرج", "en": "Exit"}},
            {"id": "l3", "text": {"ar": "المدير", "en": "Manager"}},
        ],
        "answer": {"s1": "l1", "s2": "l2"},
    }),
}  # fmt: skip


def picture(kind="PNG", size=(12, 8), **options):
    data = io.BytesIO()
    Image.new("RGB", size, "green").save(data, kind, **options)
    return data.getvalue()


def send(page, where, typed, data=None, name="hall.png", **given):
    """Send the form of a question, with a picture when there is one."""
    sent = {**BASE, **typed, **({"picture": (io.BytesIO(data), name)} if data is not None else {})}
    return page.post(where, sent, content_type="multipart/form-data", **given)


def files_of(activity):
    course_id = activity.version.course_id
    return db.session.query(StoredFile).filter_by(course_id=course_id).order_by(StoredFile.id).all()


@pytest.mark.parametrize("type", KEPT)
def test_what_is_written_is_kept_with_its_picture_and_saved_again_unchanged(page, activity, type):
    """AS3: numbers in any digits; the picture is a file of the course."""
    typed, kept = KEPT[type]
    page.get(address(activity, f"/new/{type}"))
    send(page, address(activity, f"/new/{type}"), typed, picture())
    question = edited_questions(quiz_of(activity).id)[0]
    assert question.type == type and question.sound and question.missing == []
    assert {name: question.content[name] for name in kept} == kept
    (row,) = files_of(activity)
    alt = {"ar": "ردهة فيها ثلاثة أماكن", "en": "A hall with three places"}
    assert question.content["image"] == {"key": row.key, "width": 12, "height": 8, "alt": alt}
    before = dict(question.content)
    where = address(activity, f"/questions/{question.item_id}")
    form = page.get(where)
    assert form.select_one("[data-stage] img")["src"] == row.address
    page.post(where, fields(form))
    db.session.expire_all()
    assert edited_questions(quiz_of(activity).id)[0].content == before
    tried = page.get(f"{where}/try")
    assert tried.select_one(".picture-stage img")["alt"] == alt["ar"]


def test_the_picture_is_shown_before_anything_is_saved_and_stays_through_mistakes(page, activity):
    """Without scripts: a button sends the picture; what was typed and the picture are there again."""
    where = address(activity, "/new/hotspot")
    shown = send(page, where, {**HOTSPOT, "act": "picture"}, picture("WEBP"), "hall.webp")
    key = shown.select_one("[name=image_key]")["value"]
    assert key.endswith(".webp") and not edited_questions(quiz_of(activity).id)
    wrong = {**fields(shown), "regions-1-at": "50"}
    shown = page.post(where, wrong, status=422)
    assert "#regions-1-at" in [link["href"] for link in shown.select(".error-summary a")]
    assert fields(shown)["regions-1-at"] == "50" and fields(shown)["image_key"] == key
    page.post(where, {**fields(shown), "regions-1-at": "50 55 10"})
    assert edited_questions(quiz_of(activity).id)[0].content["image"]["key"] == key


def test_a_picture_sent_with_a_mistake_elsewhere_is_not_lost(page, activity):
    where = address(activity, "/new/drag_on_image")
    shown = send(page, where, {**LABELS, "spots-0-at": "x"}, picture(), status=422)
    page.post(where, {**fields(shown), "spots-0-at": "18 60"})
    assert edited_questions(quiz_of(activity).id)[0].sound


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("hall.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("hall.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("hall.png", b""), ("hall.pdf", b"%PDF-1.7 x"), ("hall.png", picture()[:30]), ("../../hall", picture()),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_and_what_was_typed_stays(page, activity, name, data):
    shown = send(page, address(activity, "/new/hotspot"), HOTSPOT, data, name, status=422)
    assert shown.select(".upload .error") and fields(shown)["regions-0-at"] == HOTSPOT["regions-0-at"]
    assert not files_of(activity) and not edited_questions(quiz_of(activity).id)


def test_a_picture_is_drawn_anew_so_that_nothing_hides_in_it(page, activity):
    exif = Image.Exif()
    exif[0x010E] = "KEPT-SECRET"
    data = picture("JPEG", exif=exif) + b"KEPT-SECRET"
    send(page, address(activity, "/new/hotspot"), HOTSPOT, data, "hall.jpg")
    (row,) = files_of(activity)
    assert row.media_type == "image/jpeg" and b"KEPT-SECRET" not in storage.read(row)


def test_the_picture_of_another_course_cannot_be_named(page, activity):
    """T: a forged key is no picture, even one that exists; nor is a file that is none."""
    stranger = catalogue.course(trainer=people.trainer(), published=False)
    given = {"most": 10**6, "actor_id": None, "at": clock.now()}
    other = catalogue_services.keep_picture(stranger, picture(), "x.png", **given)
    own = catalogue_services.keep_file(activity.version.course, b"%PDF-1.7 x", "x.pdf", **given)
    db.session.commit()
    for key in (other.key, own.key, "no-such-file-at-all.png", "\x00", "x" * 5000):
        typed = {**HOTSPOT, "image_key": key, "image_size": "12x8"}
        shown = page.post(address(activity, "/new/hotspot"), {**BASE, **typed}, status=422)
        assert "#picture" in [link["href"] for link in shown.select(".error-summary a")]
    assert not edited_questions(quiz_of(activity).id)


@pytest.mark.parametrize(
    ("type", "change", "field"),
    [
        ("hotspot", text("alt", "ردهة", ""), "alt-en"),
        ("hotspot", {"regions-0-at": "90 0 20 10"}, "regions-0-at"),
        ("hotspot", {"regions-2-at": "١ ٢ ٣"}, "regions-2-at"),
        ("hotspot", {"regions-2-at": ""}, "regions-2-at"),
        ("hotspot", {"regions-1-correct": "y"}, "regions"),
        ("hotspot", {"most": "11"}, "most"),
        ("hotspot", text("regions-1-text", "", ""), "regions-1-text-ar"),
        ("hotspot", {"regions-1-shape": "star"}, "regions-1-shape"),
        ("drag_on_image", {"spots-1-at": "80 60 1"}, "spots-1-at"),
        ("drag_on_image", text("spots-1-text", "", ""), "spots-1-text-ar"),
        ("drag_on_image", text("extras-0-text", "المخرج", "Exit"), "extras-0-text-ar"),
    ],
)
def test_a_problem_is_said_at_its_field_and_what_was_typed_stays(page, activity, type, change, field):
    typed = {**KEPT[type][0], **change}
    shown = send(page, address(activity, f"/new/{type}"), typed, picture(), status=422)
    assert f"#{field}" in [link["href"] for link in shown.select(".error-summary a")]
    kept = fields(shown)
    assert not {name for name, value in typed.items() if value and name not in kept}
    assert not edited_questions(quiz_of(activity).id)


def test_whoever_may_not_edit_the_course_sends_no_picture(visit, activity):
    stranger = visit(people.person())
    send(stranger, address(activity, "/new/hotspot"), HOTSPOT, picture(), status=404)
    assert not files_of(activity)
