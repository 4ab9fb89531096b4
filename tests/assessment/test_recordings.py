"""AS4: sound and video as answers: what is taken, how it is given back, on which pages a browser may record."""

import io

import pytest

from academy.assessment import services
from academy.assessment.types import kind
from academy.assessment.types.written import given_files
from academy.base import clock, storage
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.storage import StoredFile
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories import catalogue
from tests.factories.accounts import LONG_AGO

EBML = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"
SOUND = EBML + b"\x86\x86A_OPUS" + b"\x00" * 3000
FILM = EBML + b"\x86\x85V_VP8" + b"\x86\x86A_OPUS" + b"\x00" * 3000
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 90
MP4 = b"\x00\x00\x00\x18ftypiso5" + b"\x00" * 40
MP4_FILM = MP4 + b"hdlr" + b"\x00" * 8 + b"vide" + b"\x00" * 20
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>webm</script>"


def asks(course=None, kinds=("audio", "video"), **given):
    """A frozen quiz that asks for recordings."""
    version = factories.draft_quiz(course, shuffle=False, **given)
    factories.question(version, "file", content=factories.content("file", kinds=list(kinds)))
    services.freeze(version.id, LONG_AGO)
    return version


@pytest.fixture
def begun(app):
    """Begin an attempt at a quiz that asks for these kinds of recording."""

    def begin(*kinds):
        return factories.attempt(asks(kinds=kinds), people.person())

    return begin


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (SOUND, "جواب.webm", "audio/webm"),
        (FILM, "answer.webm", "video/webm"),
        (b"OggS\x00\x02" + b"\x00" * 40, "answer.ogg", "audio/ogg"),
        (b"ID3\x04" + b"\x00" * 40, "answer.mp3", "audio/mpeg"),
        (MP4, "answer.m4a", "audio/mp4"),
        (WAV, "answer.wav", "audio/wav"),
        (MP4_FILM, "answer.MP4", "video/mp4"),
    ],
)
def test_recordings_are_kept_as_what_their_content_says(begun, data, name, media_type):
    """AS4: one end of a name may hold sound or video; what is inside decides which player shows it."""
    attempt = begun("audio", "video")
    services.add_file(attempt, 1, data, name, at=LONG_AGO)
    response = factories.items(attempt)[0].response
    row = db.session.get(StoredFile, response["files"][0]["id"])
    assert (row.media_type, storage.read(row)) == (media_type, data)
    assert [each.media for each in given_files(response)] == [media_type.partition("/")[0]]


@pytest.mark.parametrize("data", [b"", SVG, HTML, b"OggS", b"MZ\x90\x00", EBML[:8]])
@pytest.mark.parametrize("end", ["webm", "m4a", "wav", "mp3", "mp4"])
def test_what_is_no_recording_is_refused_whatever_its_name(begun, data, end):
    """AS4, P7, R38: a drawing or a page called .webm, nothing of 0 bytes, no other kind's content."""
    attempt = begun("audio", "video")
    with pytest.raises(Invalid):
        services.add_file(attempt, 1, data, f"answer.{end}", at=LONG_AGO)
    assert factories.items(attempt)[0].response is None


@pytest.mark.parametrize(("data", "name"), [(FILM, "a.webm"), (MP4_FILM, "a.m4a"), (MP4, "a.mp4"), (b"%PDF-", "a.pdf")])
def test_a_question_for_sound_takes_no_video(begun, data, name):
    """AS4."""
    with pytest.raises(Invalid):
        services.add_file(begun("audio"), 1, data, name, at=LONG_AGO)


def test_a_course_takes_no_recordings_as_its_own_files():
    """What authors may upload has not grown with what learners may record."""
    with pytest.raises(Invalid):
        storage.check(SOUND, "lesson.webm", most=10**6)


def test_files_that_were_kept_before_recordings_existed_are_played_too():
    """AS4: their rows do not say what they are, their names do."""
    kept = {"files": [{"id": 1, "name": name, "size": 1, "kind": name} for name in ("mp3", "mp4", "pdf")]}
    assert [each.media for each in given_files(kept)] == ["audio", "video", ""]


def test_the_control_names_every_end_once_and_what_may_be_recorded(app):
    """AS4."""
    content = factories.content("file", kinds=["image", "audio", "video"])
    control = kind("file").control(content, {})
    assert control.records == ("audio", "video") and len(set(control.kinds)) == len(control.kinds)
    assert kind("file").control(factories.content("file"), {}).records == ()


@pytest.fixture
def recorded(app, visit):
    """A trainer whose quiz asks for recordings, a learner who sent one by the plain form, its address."""
    trainer = people.trainer()
    learner = people.person()
    version = asks(catalogue.course(trainer=trainer))
    attempt = factories.attempt(version, learner, at=clock.now())
    browser = visit(learner)
    sent = {"a1-file": (io.BytesIO(SOUND), "صوتي.webm"), "go": "upload:1"}
    page = browser.post(f"/attempts/{attempt.id}", sent, content_type="multipart/form-data")
    return trainer, browser, attempt, f"/answers/{factories.items(attempt)[0].id}/files/1", page


def test_a_recording_is_played_in_place_in_parts_and_a_download_beside_it(recorded, visit):
    """AS4, P7, P3: the right media type, never sniffed, sandboxed; 404 for anybody else."""
    _trainer, browser, _attempt, address, page = recorded
    player = page.select_one(f"audio[controls][preload=none][src='{address}']")
    assert player and not player.has_attr("autoplay") and page.select_one(f"a[href='{address}?download=1']")
    browser.get(address)
    headers = browser.response.headers
    assert (browser.response.mimetype, browser.response.data) == ("audio/webm", SOUND)
    assert headers["Content-Disposition"].startswith("inline") and headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    part = browser.client.get(address, headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.data) == (206, SOUND[4:10])
    browser.get(f"{address}?download=1")
    assert browser.response.mimetype == "application/octet-stream"
    assert browser.response.headers["Content-Disposition"].startswith("attachment")
    for stranger in (people.person(), people.trainer()):
        visit(stranger).get(address, status=404)


def test_a_marker_hears_the_answer_without_learning_whose_it_is(recorded, visit):
    """AS4, AS22: the player stands on the marking page; names of files stay hidden."""
    trainer, browser, attempt, address, _page = recorded
    browser.post(f"/attempts/{attempt.id}/submit", {})
    desk = visit(trainer)
    page = desk.get(f"/marking/answers/{address.split('/')[2]}")
    assert page.select_one(f"audio[controls][src='{address}']")["aria-label"] and "صوتي" not in str(page)
    desk.get(address)
    assert desk.response.data == SOUND and "%D8" not in desk.response.headers["Content-Disposition"]


def test_only_pages_that_ask_for_recordings_may_record(app, visit):
    """AS4: microphone and camera are shut everywhere else, and blob: addresses are not played there."""
    learner = people.person()
    browser = visit(learner)
    wanted = {("audio",): ("(self)", "()"), ("video",): ("(self)", "(self)"), ("pdf",): ("()", "()")}
    for kinds, (microphone, camera) in wanted.items():
        attempt = factories.attempt(asks(kinds=kinds), learner, at=clock.now())
        browser.get(f"/attempts/{attempt.id}")
        told = browser.response.headers
        assert f"microphone={microphone}" in told["Permissions-Policy"]
        assert f"camera={camera}" in told["Permissions-Policy"] and "geolocation=()" in told["Permissions-Policy"]
        assert ("media-src 'self' blob:" in told["Content-Security-Policy"]) == (kinds != ("pdf",))
        for address in (f"/attempts/{attempt.id}/review", "/", "/learn"):
            told = browser.client.get(address).headers
            assert "camera=(), microphone=()" in told["Permissions-Policy"]
            assert "blob:" not in told["Content-Security-Policy"]
