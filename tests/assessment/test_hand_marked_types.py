"""Essays and files: what may be handed in, how it is kept, who gets it back."""

import hashlib
import io
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.assessment import services
from academy.assessment.models import SaveReceipt
from academy.assessment.rules import count_words
from academy.assessment.types import BadResponse, kind
from academy.assessment.types.rubrics import earned, read_picks, share_of
from academy.base import storage
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.storage import StoredFile
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories.accounts import LONG_AGO

PDF = b"%PDF-1.4 a plan of the service"
WORDS = {
    "": 0,
    "   \n ": 0,
    "واحد اثنان ثلاثة": 3,
    "كَتَبَ الطّالِبُ": 2,
    "كتاب،قلم": 2,
    "وكتب ثم قال": 3,
    "رضـــا المستفيد": 2,
    "— ، . !": 0,
    "12.5 دقيقة": 2,
    "١٢٫٥٪ من الطلبات": 3,
    "don't stop-over": 2,
    "می‌خواهم": 1,
}


@pytest.mark.parametrize(("text", "count"), WORDS.items())
def test_words_are_counted_as_a_reader_counts_them(text, count):
    assert count_words(text) == count


@given(
    st.lists(st.text(st.sampled_from("ابتثكلمن"), min_size=1, max_size=6), max_size=20),
    st.sampled_from([" ", "، ", "\n", "؛ "]),
)
def test_words_stay_words_whatever_stands_between_them(words, between):
    assert count_words(between.join(words)) == len(words)


def test_an_essay_is_kept_as_typed_and_warned_of_its_length_but_never_cut():
    """AS1, R33."""
    essay, content = kind("essay"), factories.content("essay", least_words=3, most_words=5)
    assert essay.check(content) == []
    long = "كلمة 😀 " * 9
    kept = essay.clean({"text": long}, content, {})
    assert kept == {"text": long}
    assert [note.code for note in essay.warnings(content, kept)] == ["many_words"]
    assert [note.code for note in essay.warnings(content, {"text": "كلمتان فقط"})] == ["few_words"]
    assert essay.clean({"text": "a\r\nb"}, content, {}) == essay.clean({"text": "a\nb"}, content, {})
    assert essay.clean({"text": "  "}, content, {}) is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"least_words": 9, "most_words": 5}, "most_words"),
        ({"most_words": 0}, "most_words"),
        ({"rubric": [{"id": "c", "text": {"ar": "معيار"}}]}, "rubric.0.points"),
        ({"rubric": [{"id": "c", "text": {"ar": "معيار"}, "levels": []}]}, "rubric.0.levels"),
        ({"rubric": [{"id": "c", "text": {"ar": ""}, "points": 5}]}, "rubric.0.text"),
        ({"rubric": [{"id": "c", "text": {"ar": "م"}, "points": 60}, {"id": "d", "text": {"ar": "ن"}, "points": 60}]}, "rubric"),
        ({"rubric": "levels"}, "rubric"),
        ({"notes": 7}, "notes"),
    ],
)  # fmt: skip
def test_an_essay_that_cannot_be_marked_is_refused_at_its_field(change, path):
    assert path in {problem.path for problem in kind("essay").check(factories.content("essay", **change))}


def test_a_rubric_adds_up_levels_and_points():
    content = factories.content("essay")
    picks = read_picks(content, 5, {"clear": "mid", "voice": "٤٫٥"})
    assert picks == {"clear": "mid", "voice": "4.5"}
    assert earned(content, 5, picks) == (6.5, 10, True)
    assert share_of(content, 5, picks) == Fraction(13, 20)
    assert share_of(content, 5, {"clear": "mid"}) is None
    assert read_picks(content, 5, {"clear": "top", "voice": "6.1", "else": "1"}) == {}
    plain = factories.content("file")
    assert share_of(plain, 4, read_picks(plain, 4, {"": "3"})) == 0.75


def test_what_a_browser_says_of_files_is_never_believed():
    """P3: a response that names somebody's file is refused; only an upload makes one."""
    with pytest.raises(BadResponse):
        kind("file").clean(
            {"files": [{"id": 1, "name": "a.pdf", "size": 1, "kind": "pdf"}]}, factories.content("file"), {}
        )


@pytest.fixture
def taken(app):
    """A learner with an open attempt at a quiz that asks for files, then for an essay."""
    learner = people.person()
    version = factories.quiz(types=("file", "essay"), shuffle=False, layout="one")
    return learner, factories.attempt(version, learner)


def test_files_are_kept_with_receipts_and_their_names_as_typed(taken):
    """AS4, R34: composed and decomposed Arabic names stay as they are; both download by hash."""
    learner, attempt = taken
    names = [unicodedata.normalize(form, "خطّة آمال.pdf") for form in ("NFC", "NFD")]
    for number, name in enumerate(names):
        services.add_file(attempt, 1, PDF + bytes([number]), name, at=LONG_AGO)
    item = factories.items(attempt)[0]
    assert [entry["name"] for entry in item.response["files"]] == names and names[0] != names[1]
    assert [row.sequence for row in db.session.query(SaveReceipt).filter_by(item_id=item.id)] == [1, 2]
    for entry, number in zip(item.response["files"], (0, 1), strict=True):
        row = db.session.get(StoredFile, entry["id"])
        assert row.sha256 == hashlib.sha256(PDF + bytes([number])).hexdigest() and row.audience == "nobody"
        assert hashlib.sha256(storage.read(row)).hexdigest() == row.sha256


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "drawing.svg"),
        (b"<html><script>alert(1)</script>", "page.html"),
        (b"<html>", "really.pdf"),
        (b"\x89PNG not a picture", "picture.png"),
        (b"ID3 music", "song.mp3"),
        (PDF + b"x" * 5_000_001, "large.pdf"),
        (b"MZ", "tool.exe"),
    ],
)  # fmt: skip
def test_files_that_are_empty_large_or_not_what_they_say_are_refused(taken, data, name):
    """R38, P7."""
    _learner, attempt = taken
    with pytest.raises(Invalid):
        services.add_file(attempt, 1, data, name, at=LONG_AGO)
    assert factories.items(attempt)[0].response is None


def test_no_more_files_than_asked_for_and_any_can_be_taken_out(taken):
    _learner, attempt = taken
    for number in range(3):
        services.add_file(attempt, 1, PDF, f"{number}.pdf", at=LONG_AGO)
    with pytest.raises(Invalid):
        services.add_file(attempt, 1, PDF, "one-more.pdf", at=LONG_AGO)
    services.remove_file(attempt, 1, 2, at=LONG_AGO)
    assert [entry["name"] for entry in factories.items(attempt)[0].response["files"]] == ["0.pdf", "2.pdf"]


def upload(name="خطة الخدمة.pdf", data=PDF):
    return (io.BytesIO(data), name)


@pytest.fixture
def open_page(app, visit):
    """A learner in front of an attempt that is going on now."""
    from academy.base import clock

    learner = people.person()
    version = factories.quiz(types=("file", "essay"), shuffle=False, layout="all")
    return visit(learner), factories.attempt(version, learner, at=clock.now())


def test_a_file_and_an_essay_arrive_by_a_plain_form(open_page):
    """AS4, AS1: without any script; what is chosen is kept whatever button is pressed."""
    browser, attempt = open_page
    page = browser.get(f"/attempts/{attempt.id}")
    assert page.select_one("form[enctype='multipart/form-data'] input[type=file]")
    assert not page.select("[name=seen-1]"), "a page without the upload must not empty the answer"
    sent = {"a1-file": upload(), "seen-2": "0", "a2": "أسطر\r\nثم أسطر", "go": "upload:1"}
    page = browser.post(f"/attempts/{attempt.id}", sent, content_type="multipart/form-data")
    assert "خطة الخدمة.pdf" in page.words and "إيصال" in page.words
    assert factories.items(attempt)[1].response == {"text": "أسطر\nثم أسطر"}
    page = browser.post(f"/attempts/{attempt.id}", {"go": "drop:1:1"})
    assert "خطة الخدمة.pdf" not in page.words


def test_a_refused_file_is_explained_beside_its_field_and_the_rest_is_kept(open_page):
    browser, attempt = open_page
    sent = {"a1-file": upload("صورة.svg", b"<svg/>"), "seen-2": "0", "a2": "يبقى", "go": "save"}
    page = browser.post(f"/attempts/{attempt.id}", sent, status=422, content_type="multipart/form-data")
    assert "صورة.svg" in page.select_one("#a1-error").get_text()
    assert factories.items(attempt)[1].response == {"text": "يبقى"}


def test_a_file_is_a_download_for_its_learner_and_nothing_for_others(open_page, visit):
    """P7, P3: never shown in place, never by its store's address, never to another learner."""
    browser, attempt = open_page
    browser.post(f"/attempts/{attempt.id}", {"a1-file": upload(), "go": "save"}, content_type="multipart/form-data")
    item = factories.items(attempt)[0]
    address = f"/answers/{item.id}/files/1"
    browser.get(address)
    assert browser.response.data == PDF
    assert browser.response.mimetype == "application/octet-stream"
    assert browser.response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in browser.response.headers["Content-Security-Policy"]
    key = db.session.get(StoredFile, item.response["files"][0]["id"]).key
    browser.get(f"/files/{key}", status=404)
    browser.get(f"/answers/{item.id}/files/2", status=404)
    visit(people.person()).get(address, status=404)


def test_the_editor_writes_rubrics_and_keeps_what_was_typed(app, visit):
    """GR2 in part: levels with points, or points alone; a mistake is shown in its row."""
    trainer = people.trainer()
    activity = factories.quiz_activity(trainer)
    browser = visit(trainer)
    address = f"/teach/activities/{activity.id}/quiz/new/essay"
    browser.get(address)
    form = {
        "stem-ar": "كيف تُغلق الحلقة؟", "difficulty": "2", "points": "10", "most_words": "٣٠٠",
        "rubric-0-text-ar": "الوضوح", "rubric-0-levels-0-text-ar": "ضعيف", "rubric-0-levels-0-points": "0",
        "rubric-0-levels-1-text-ar": "واضح", "rubric-1-text-ar": "الشواهد", "rubric-1-points": "6",
        "notes-ar": "إجابة نموذجية",
    }  # fmt: skip
    page = browser.post(address, form, status=422)
    assert page.select_one("#rubric-0-levels-1-points-error") and "واضح" in str(page)
    browser.post(address, {**form, "rubric-0-levels-1-points": "٤"})
    content = factories.last_question(activity).content
    assert [level["points"] for level in content["rubric"][0]["levels"]] == [0, 4]
    assert content["rubric"][1]["points"] == 6 and content["most_words"] == 300
    assert content["notes"]["ar"] == "إجابة نموذجية"
    page = browser.get(f"/teach/activities/{activity.id}/quiz")
    page = browser.get(page.select_one("a[href*='/quiz/questions/']")["href"])
    assert len(page.select("[name^='rubric-0-levels-'][name$='-points']")) == 4


def test_the_editor_of_uploads_wants_kinds_number_and_size(app, visit):
    trainer = people.trainer()
    activity = factories.quiz_activity(trainer)
    browser = visit(trainer)
    address = f"/teach/activities/{activity.id}/quiz/new/file"
    form = {"stem-ar": "ارفع خطتك", "difficulty": "2", "points": "4", "most": "2", "megabytes": "5"}
    assert browser.post(address, form, status=422).select_one("#kinds-error")
    browser.post(address, {**form, "kinds": ["pdf", "image"]})
    assert factories.last_question(activity).content["kinds"] == ["pdf", "image"]
