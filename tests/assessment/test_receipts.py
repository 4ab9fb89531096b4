"""Saving by the page's script: every acknowledged answer is kept, in order, once."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from academy.assessment import services
from academy.assessment.models import Attempt, SaveReceipt
from academy.base import clock
from academy.base.db import db
from tests.conftest import undone
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.quick import again

PAGE, OTHER = "page-one-0001", "page-two-0002"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def quiz(the_app):
    """A quiz of seven questions, for all tests here."""
    with undone(the_app):
        made = quizzes.quiz(types=quizzes.COMMON_TYPES, minutes=30)
        db.session.commit()
        yield made


@pytest.fixture
def taking(quiz, visit):
    """A browser and its open attempt at seven questions."""
    learner = people.person()
    attempt = quizzes.attempt(again(quiz), learner, at=now())
    browser = visit(learner)
    db.session.commit()
    return browser, attempt


def message(*items, key=PAGE, sequence=1, **given) -> dict:
    entries = [
        {"position": position, "response": response, **({} if known is None else {"known": known})}
        for position, response, known in ((*item, None)[:3] for item in items)
    ]
    return {"items": entries, "client_key": key, "client_sequence": sequence, **given}


def send(taking, body, status=200) -> dict:
    browser, attempt = taking
    return browser.send_json(f"/attempts/{attempt.id}/save", body, status)


def send_raw(taking, body):
    """Send JSON in plain ASCII, where a lone surrogate can be written."""
    browser, attempt = taking
    headers = {"X-CSRFToken": browser.csrf_token(), "X-Requested-With": "fetch", "Accept": "application/json"}
    data, kind = json.dumps(body), "application/json"
    return browser.client.post(f"/attempts/{attempt.id}/save", data=data, content_type=kind, headers=headers)


def place(attempt, type) -> int:
    return next(item.position for item in quizzes.items(attempt) if item.question_version.type == type)


def kept(attempt, position):
    return quizzes.items(attempt)[position - 1].response


def texts(taking) -> int:
    return place(taking[1], "short_text")


def test_a_save_is_acknowledged_with_its_receipt(taking):
    """P1."""
    _browser, attempt = taking
    items = quizzes.items(attempt)
    said = send(taking, message(*[(item.position, quizzes.raw(item)) for item in items], attempt=attempt.id))
    assert said["sequence"] == 7 and 1700 < said["seconds_left"] <= 1800 and "الإيصال" in said["said"]
    assert {item["verdict"] for item in said["items"]} == {"saved"}
    assert all(quizzes.is_right(item) for item in quizzes.items(attempt))
    rows = db.session.query(SaveReceipt).filter_by(attempt_id=attempt.id).order_by(SaveReceipt.sequence).all()
    assert [row.sequence for row in rows] == list(range(1, 8))
    assert {row.item_id: row.response for row in rows} == {item.id: item.response for item in quizzes.items(attempt)}


def test_the_same_save_twice_is_acknowledged_alike_and_kept_once(taking):
    """R25: a lost reply makes the page send again."""
    position = texts(taking)
    first = send(taking, message((position, {"text": "مرة"}), sequence=4))
    again = send(taking, message((position, {"text": "مرة"}), sequence=4))
    assert again["items"][0]["verdict"] == "repeat" and again["sequence"] == first["sequence"]
    assert db.session.query(SaveReceipt).count() == 1


def test_an_older_save_of_the_same_page_never_overwrites_a_newer_one(taking):
    """R26: two saves arrive out of order."""
    position = texts(taking)
    send(taking, message((position, {"text": "جديد"}), sequence=5))
    said = send(taking, message((position, {"text": "قديم"}), sequence=4), status=409)
    assert said["items"][0]["verdict"] == "newer" and kept(taking[1], position) == {"text": "جديد"}


def test_another_device_does_not_overwrite_what_it_did_not_know_of(taking):
    position = texts(taking)
    known = send(taking, message((position, {"text": "من الأول"}), sequence=1))["items"][0]["known"]
    said = send(taking, message((position, {"text": "من الثاني"}, 0), key=OTHER), status=409)
    assert said["items"][0]["verdict"] == "newer" and "جهاز آخر" in said["items"][0]["message"]
    assert said["items"][0]["by"] == PAGE and kept(taking[1], position) == {"text": "من الأول"}
    said = send(taking, message((position, {"text": "من الثاني"}, known), key=OTHER, sequence=2))
    assert said["items"][0]["verdict"] == "saved" and kept(taking[1], position) == {"text": "من الثاني"}


def test_an_attempt_goes_on_from_another_device(taking, visit):
    browser, attempt = taking
    position = texts(taking)
    send(taking, message((position, {"text": "من الهاتف"})))
    page = visit(browser.person).get(f"/attempts/{attempt.id}?q={position}")
    assert page.select_one("input[type=text]")["value"] == "من الهاتف"
    assert page.select_one("[data-known]")["value"] == "1"


def test_an_answer_can_be_taken_back(taking):
    position = texts(taking)
    send(taking, message((position, {"text": "شيء"})))
    said = send(taking, message((position, {"text": "  "}), sequence=2))
    assert said["items"][0]["answered"] is False and not kept(taking[1], position)


def test_one_unreadable_answer_does_not_cost_the_others(taking):
    first, second = texts(taking), place(taking[1], "numeric")
    said = send_raw(taking, message((first, {"text": "\ud800"}), (second, {"text": "١٢"}))).get_json()
    verdicts = {item["position"]: item["verdict"] for item in said["items"]}
    assert verdicts == {first: "refused", second: "saved"} and kept(taking[1], second) == {"text": "١٢"}
    assert send(taking, message((first, {"text": "\x00"}), sequence=2), status=422)["items"][0]["message"]


HOSTILE = [
    None, [], "x", {}, {"items": []}, {"items": "x", "client_key": PAGE, "client_sequence": 1},
    message((1, {}), key="short"), message((1, {}), key=7), message((1, {}), sequence=0), message((1, {}), sequence=True),
    message((1, {}), sequence="1"), message((1, {}), sequence=2**40), message(("1", {})), message((0, {})),
    message((True, {})), message((1, {}), (1, {})), message((1, {}, -1)), message((1, {}, "x")), message((1, {}), attempt=0),
    {"items": [{"position": 1}], "client_key": PAGE, "client_sequence": 1},
    {"items": [{"position": 1, "response": {}}] * 300, "client_key": PAGE, "client_sequence": 1},
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
def test_a_message_that_no_page_of_ours_sends_is_refused(taking, body):
    assert send(taking, body, status=422)["error"]


@pytest.mark.parametrize("raw", [None, 1, "x", [], {"x": 1}, {"choice": {}}, {"text": [1]}, {"places": {"p1": 99}}])
def test_a_hostile_answer_is_refused_or_clears_and_never_an_accident(taking, raw):
    for position in range(1, 8):
        assert send_raw(taking, message((position, raw), sequence=position)).status_code in (200, 422)


def test_a_question_that_the_attempt_does_not_have_is_not_found(taking):
    send(taking, message((99, {"text": "x"})), status=404)


def test_after_submitting_nothing_is_kept_and_the_page_is_told(taking):
    _browser, attempt = taking
    services.submit(attempt.id, at=now())
    said = send(taking, message((texts(taking), {"text": "متأخر"})), status=409)
    assert said["closed"] and said["result_url"].endswith("/result") and "سُلِّمت" in said["error"]
    assert db.session.query(SaveReceipt).count() == 0


@pytest.mark.parametrize(("late", "status"), [(9, 200), (11, 409)])
def test_the_deadline_is_the_servers_with_ten_seconds_of_grace(taking, monkeypatch, late, status):
    """P5."""
    at = taking[1].deadline + timedelta(seconds=late)
    monkeypatch.setattr(clock, "now", lambda: at)
    said = send(taking, message((texts(taking), {"text": "في آخر لحظة"})), status=status)
    assert bool(kept(taking[1], texts(taking))) is (status == 200) and (said.get("seconds_left") == 0 or said["closed"])


def test_a_browser_that_is_signed_out_is_told_so(taking, app, browser):
    _signed_in, attempt = taking
    browser.get("/sign-in")
    answer = browser.client.post(
        f"/attempts/{attempt.id}/save",
        json=message((1, {"text": "x"})),
        headers={"X-CSRFToken": browser.csrf_token(), "X-Requested-With": "fetch", "Accept": "application/json"},
    )
    assert answer.status_code == 401


def test_nobody_else_saves(taking, visit):
    _browser, attempt = taking
    stranger = visit(people.person())
    stranger.send_json(f"/attempts/{attempt.id}/save", message((texts(taking), {"text": "دخيل"})), status=404)
    assert db.session.get(Attempt, attempt.id).sequence == 0


def test_a_form_sent_after_the_script_changes_nothing_twice(taking):
    """The page's script and its form carry the same answer: one receipt."""
    browser, attempt = taking
    position = texts(taking)
    send(taking, message((position, {"text": "واحد"}), sequence=3))
    form = {f"seen-{position}": "1", f"a{position}": "واحد", "q": str(position), "client_key": PAGE}
    browser.post(f"/attempts/{attempt.id}", {**form, "client_sequence": "4", "go": "next"})
    assert db.session.query(SaveReceipt).count() == 1
    late = send(taking, message((position, {"text": "قديم متأخر"}), sequence=2), status=409)
    assert late["items"][0]["verdict"] == "newer"


def test_saving_takes_few_statements(taking, statements):
    body = message((texts(taking), {"text": "سريع"}))
    with statements() as seen:
        send(taking, body)
    assert len(seen) <= 8, seen
