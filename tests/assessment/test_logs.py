"""Receipts as a learner keeps them, and the log of an attempt as an appeal reads it."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from academy.assessment import services
from academy.assessment.models import AttemptItem, IntegrityEvent, SaveReceipt, SaveRefusal
from academy.assessment.routes.logs import judge_proof, secret
from academy.assessment.rules.proof import sealed
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue
from tests.invariants import unfaithful

DESK, PHONE = "aaaaaaaaaaaa-0001", "bbbbbbbbbbbb-0001"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def trainer(app):
    return people.trainer(people.organisation())


@pytest.fixture
def learner(trainer):
    return people.person(of=trainer.organisation)


@pytest.fixture
def attempt(trainer, learner):
    """An open attempt at every type of question, in a course of the trainer."""
    version = quizzes.quiz(catalogue.course(trainer=trainer), types=quizzes.COMMON_TYPES, minutes=30)
    made = quizzes.attempt(version, learner, at=now())
    db.session.commit()
    return made


def send(browser, attempt, items, *, key=DESK, sequence=1, status=200, **more):
    entries = [{"position": p, "response": r, **({"known": k[0]} if k else {})} for p, r, *k in items]
    body = {"items": entries, "client_key": key, "client_sequence": sequence, **more}
    return browser.send_json(f"/attempts/{attempt.id}/save", body, status)


def place(attempt, type):
    return next(item.position for item in quizzes.items(attempt) if item.question_version.type == type)


def answered(visit, attempt, learner):
    """Answer everything rightly from the desk, change one on the phone; return the browser."""
    browser = visit(learner)
    send(browser, attempt, [(item.position, quizzes.raw(item)) for item in quizzes.items(attempt)])
    text = place(attempt, "short_text")
    send(browser, attempt, [(text, {"text": "خطأ 👩‍👧"}, 7)], key=PHONE)
    return browser


# --- The learner's receipts ------------------------------------------------------------------------------


def test_the_learner_sees_every_receipt_with_the_academys_time(visit, attempt, learner):
    """P1, AS10."""
    browser = visit(learner)
    page = browser.get(f"/attempts/{attempt.id}/receipts")
    assert "لا إيصالات بعد" in page.words
    answered(visit, attempt, learner)
    page = browser.get(f"/attempts/{attempt.id}/receipts")
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert len(rows) == 8 and rows[0].startswith("الإيصال 8 ") and "الجهاز 2" in rows[0] and "الجهاز 1" in rows[1]
    assert "خطأ 👩‍👧" not in page.words, "the list tells nothing of questions or answers"
    assert page.select_one(f"a[href='/attempts/{attempt.id}/receipts.json']")


def test_the_proof_is_sealed_and_the_log_agrees_with_it(visit, attempt, learner, trainer):
    answered(visit, attempt, learner)
    mine = visit(learner)
    proof = mine.client.get(f"/attempts/{attempt.id}/receipts.json")
    assert proof.headers["Cache-Control"] == "no-store" and "attachment" in proof.headers["Content-Disposition"]
    document = proof.get_json()
    assert [row["number"] for row in document["receipts"]] == list(range(1, 9)) and "خطأ" not in proof.text
    check = lambda data: visit(trainer).post(  # noqa: E731
        f"/attempts/{attempt.id}/log/proof", {"proof": (io.BytesIO(data), "proof.json")}
    )
    assert "صحيح المصدر، وكل إيصالاته" in check(proof.data).words
    forged = json.dumps({**document, "number": 9}).encode()
    for data in (forged, b"", b"{", b"[" * 100_000, b"null", "\ufeff{}".encode(), json.dumps({"seal": 1}).encode()):
        assert "ليس من إثباتاتنا" in check(data).words
    db.session.execute(update(SaveReceipt).where(SaveReceipt.sequence == 8).values(response={"text": "غيره"}))
    assert "ناقصة في السجل أو مخالفة له" in check(proof.data).words
    other = quizzes.attempt(quizzes.quiz(), learner)
    foreign = mine.client.get(f"/attempts/{other.id}/receipts.json").data
    assert "لمحاولة أخرى" in check(foreign).words


def test_nobody_else_has_the_receipts(visit, browser, attempt, trainer):
    for path in ("receipts", "receipts.json"):
        visit(trainer).get(f"/attempts/{attempt.id}/{path}", 404)
        browser.get(f"/attempts/{attempt.id}/{path}", 302)


# --- The log ---------------------------------------------------------------------------------------------


def test_the_log_replays_step_by_step_and_scores_alike(visit, attempt, learner, trainer):
    """AS21, P2: what changed, from where; the replay gives the kept answers and the stored score."""
    answered(visit, attempt, learner)
    services.submit(attempt.id, at=now())
    page = visit(trainer).get(f"/attempts/{attempt.id}/log")
    assert page.select_one("#proof[data-too-large]")["data-most"] == "2000000"
    assert "فأعطى الإجابات المحفوظة تمامًا" in page.words and "وهي الدرجة المحفوظة" in page.words
    last = page.select(".sheet")[0].select("tbody tr")[-1].get_text(" ", strip=True)
    assert "خطأ 👩‍👧" in last and "قبله: رحلة المستفيد" in last and "الجهاز 2، المرة 1 لفتح الاختبار" in last
    assert learner.name.ar in page.words


def test_the_log_shows_what_was_refused_and_when(visit, attempt, learner, trainer, monkeypatch):
    browser, text, number = visit(learner), place(attempt, "short_text"), place(attempt, "numeric")
    send(browser, attempt, [(text, {"text": "أول"})], sequence=5)
    send(browser, attempt, [(text, {"text": "قديم"})], sequence=4, status=409)
    send(browser, attempt, [(text, {"text": "\x00"}), (number, {"text": "12"})], sequence=6)
    late = attempt.deadline + timedelta(seconds=11)
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: late)
        send(browser, attempt, [(number, {"text": "13"})], sequence=7, status=409)
    reasons = db.session.scalars(select(SaveRefusal.reason).order_by(SaveRefusal.id)).all()
    assert reasons == ["newer", "unreadable", "closed"]
    page = visit(trainer).get(f"/attempts/{attempt.id}/log")
    for said in ("كانت إجابة أحدث محفوظة", "تعذرت قراءة الإجابة", "كانت المحاولة قد انتهت"):
        assert said in page.words
    assert "قديم" not in page.words, "what was refused is not kept"


def test_refusals_are_bounded(visit, attempt, learner):
    browser, text = visit(learner), place(attempt, "short_text")
    send(browser, attempt, [(text, {"text": "أ"})], sequence=9)
    db.session.add_all(
        SaveRefusal(attempt_id=attempt.id, position=1, reason="newer", client_key="k", client_sequence=1, at=now())
        for _one in range(99)
    )
    for _twice in range(3):
        send(browser, attempt, [(text, {"text": "ب"})], sequence=8, status=409)
    assert len(db.session.scalars(select(SaveRefusal.id)).all()) == 100


def test_an_answer_that_was_changed_behind_the_log_is_found(visit, attempt, learner, trainer):
    answered(visit, attempt, learner)
    services.submit(attempt.id, at=now())
    text = place(attempt, "short_text")
    of_text = (AttemptItem.attempt_id == attempt.id, AttemptItem.position == text)
    db.session.execute(update(AttemptItem).where(*of_text).values(response={"text": "رحلة المستفيد"}, share=1))
    page = visit(trainer).get(f"/attempts/{attempt.id}/log")
    assert "لا يتطابق السجل" in page.words and f"الأسئلة المختلفة: {text}" in page.words
    assert unfaithful() == [attempt.id]


def test_the_exports_hold_the_same_lines(visit, attempt, learner, trainer):
    answered(visit, attempt, learner)
    services.submit(attempt.id, at=now())
    browser = visit(trainer)
    rows = list(csv.reader(io.StringIO(browser.client.get(f"/attempts/{attempt.id}/log.csv").text.lstrip("\ufeff"))))
    assert len(rows) == 9 and rows[-1][0] == "8" and rows[-1][5] == "خطأ 👩‍👧"
    document = browser.client.get(f"/attempts/{attempt.id}/log.json").get_json()
    assert document["log_is_whole"] and document["stored_score"].startswith(document["replayed_score"])
    assert [line["receipt"] for line in document["lines"]] == list(range(1, 9))
    assert document["saves"][-1]["response"] == {"text": "خطأ 👩‍👧"}
    browser.get(f"/attempts/{attempt.id}/log.xml", 404)


def test_the_log_says_how_sure_somebody_was_and_a_certainty_changed_behind_it_is_found(visit, learner, trainer):
    """AS7, P1, P2: certainty has receipts like an answer: on the page, in the exports, in the proof, in the replay."""
    version = quizzes.quiz(catalogue.course(trainer=trainer), types=("short_text",), confidence=True)
    attempt = quizzes.attempt(version, learner, at=now())
    mine = visit(learner)
    for sequence, (said, sure) in enumerate((("أول", 1), ("أول", 3), ("ثانٍ", None)), start=1):
        entry = {"position": 1, "response": {"text": said}, "confidence": sure}
        body = {"items": [entry], "client_key": DESK, "client_sequence": sequence}
        mine.send_json(f"/attempts/{attempt.id}/save", body)
    services.save_response(attempt.id, 1, {"text": "ثالث"}, at=now())
    rows = db.session.scalars(select(SaveReceipt).order_by(SaveReceipt.sequence)).all()
    assert [row.confidence for row in rows] == [1, 3, 3, 3], "what is not said anew stays"
    assert "تأكد تام" in mine.get(f"/attempts/{attempt.id}/receipts").select("tbody tr")[0].get_text()
    browser = visit(trainer)
    steps = [row.get_text(" ", strip=True) for row in browser.get(f"/attempts/{attempt.id}/log").select("tbody tr")[:4]]
    assert "بلا تأكد" in steps[0] and "تغيّر التأكد" in steps[1] and "تأكد تام" in steps[2]
    document = browser.client.get(f"/attempts/{attempt.id}/log.json").get_json()
    assert [(save["change"], save["certainty"]) for save in document["saves"]] == [
        ("answered", 1), ("certainty", 3), ("changed", 3), ("changed", 3)
    ]  # fmt: skip
    table = list(csv.reader(io.StringIO(browser.client.get(f"/attempts/{attempt.id}/log.csv").text)))
    assert [row[-1] for row in table[1:]] == ["بلا تأكد", "تأكد تام", "تأكد تام", "تأكد تام"]
    proof = mine.client.get(f"/attempts/{attempt.id}/receipts.json").get_json()
    old = {key: value for key, value in proof.items() if key != "seal"}
    old["receipts"] = [{key: row[key] for key in row if key != "certainty"} for row in old["receipts"]]
    old = sealed(old, secret())
    agrees = lambda told: judge_proof(json.dumps(told).encode(), attempt.id)[0]  # noqa: E731
    assert (agrees(proof), agrees(old)) == ("ok", "ok"), "a proof from before certainty was listed still holds"
    db.session.execute(update(SaveReceipt).where(SaveReceipt.sequence == 2).values(confidence=2))
    assert (agrees(proof), agrees(old)) == ("bad", "ok")
    db.session.execute(update(AttemptItem).where(AttemptItem.attempt_id == attempt.id).values(confidence=1))
    assert attempt.id in unfaithful()


def test_a_formula_in_an_answer_stays_text_in_the_export(visit, attempt, learner, trainer):
    send(visit(learner), attempt, [(place(attempt, "short_text"), {"text": "=1+1"})])
    said = visit(trainer).client.get(f"/attempts/{attempt.id}/log.csv").text
    assert "'=1+1" in said


def test_every_reading_stands_in_the_trail(visit, attempt, learner, trainer):
    """P12."""
    browser = visit(trainer)
    for path in ("log", "log.csv", "log.json"):
        browser.client.get(f"/attempts/{attempt.id}/{path}")
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "assessment:log:read").order_by(AuditEntry.id)
    ).all()
    assert [entry.after for entry in entries] == [{"attempt": attempt.id, "as": how} for how in ("page", "csv", "json")]
    assert {(entry.actor_id, entry.subject_id) for entry in entries} == {(trainer.id, learner.id)}


def test_the_wrong_people_find_no_log(visit, browser, attempt, learner):
    """P3: the learner has receipts; the log with its keys is not theirs."""
    wrong = [learner, people.manager(), people.trainer(people.organisation()), people.person()]
    for who in wrong:
        for path in ("log", "log.csv", "log.json"):
            visit(who).get(f"/attempts/{attempt.id}/{path}", 404)
        visit(who).post(f"/attempts/{attempt.id}/log/proof", {}, 404)
    browser.get(f"/attempts/{attempt.id}/log", 302)
    assert not db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "assessment:log:read").order_by(AuditEntry.id)
    ).all()


@pytest.mark.parametrize("saves", [1, 60])
def test_the_pages_take_the_same_few_statements(visit, attempt, learner, trainer, statements, saves):
    for number in range(saves):
        services.save_response(attempt.id, place(attempt, "short_text"), {"text": f"جواب {number}"}, at=now())
    for who, path in ((trainer, "log"), (learner, "receipts")):
        browser = visit(who)
        with statements() as seen:
            browser.get(f"/attempts/{attempt.id}/{path}")
        assert len(seen) <= 8, "\n".join(seen)


# --- Time on questions -----------------------------------------------------------------------------------


def times(attempt):
    return {item.position: (item.seconds, item.opened_at is not None) for item in quizzes.items(attempt)}


def test_time_on_questions_is_what_the_page_reports_within_what_has_passed(visit, attempt, learner, monkeypatch):
    """AS21: with a save, without one, and never more than the academy's own clock."""
    browser, started = visit(learner), attempt.started_at
    assert times(attempt) == {1: (0, True), **{position: (0, False) for position in range(2, 8)}}
    report = {"spent": {"1": 12, "2": 3}}
    monkeypatch.setattr(clock, "now", lambda: started + timedelta(seconds=20))
    send(browser, attempt, [(1, None)], **report)
    assert times(attempt)[1] == (12, True) and times(attempt)[2] == (3, True)
    monkeypatch.setattr(clock, "now", lambda: started + timedelta(seconds=30))
    send(browser, attempt, [], spent={"3": 600, "4": 300})
    found = times(attempt)
    assert found[3][0] + found[4][0] <= 11 and found[3][0] > found[4][0] > 0
    assert sum(seconds for seconds, _opened in found.values()) <= 30


def test_moving_by_the_buttons_notes_when_a_question_was_opened(visit, attempt, learner):
    form = {"q": "1", "client_key": DESK, "client_sequence": "1", "spent": "1:0,x,2:5000000,-1:3", "away": "a,,5"}
    visit(learner).post(f"/attempts/{attempt.id}", {**form, "go": "q:5"})
    assert {position for position, (_seconds, opened) in times(attempt).items() if opened} == {1, 5}
    assert [event.seconds for event in db.session.scalars(select(IntegrityEvent))] == [5]


def test_on_one_page_all_questions_are_opened_by_starting(app, learner):
    made = quizzes.attempt(quizzes.quiz(types=("single",) * 3, layout="all"), learner, at=now())
    assert all(opened for _seconds, opened in times(made).values())


@pytest.mark.parametrize(
    "more", [{"spent": []}, {"spent": {str(n): 1 for n in range(300)}}, {"away": {}}, {"away": ["x"]}, {"away": [True]},
             {"away": [0]}, {"away": [10**6]}, {"away": [1] * 21}, {"spent": {}, "away": []}],
)  # fmt: skip
def test_a_report_that_no_page_of_ours_sends_is_refused(visit, attempt, learner, more):
    send(visit(learner), attempt, [], status=422, **more)


def test_saving_with_time_takes_no_more_statements_than_before(visit, attempt, learner, statements):
    browser, text = visit(learner), place(attempt, "short_text")
    path, counts = f"/attempts/{attempt.id}/save", []
    for number, more in enumerate(({}, {"spent": {str(text): 2}}), start=1):
        body = {"items": [{"position": text, "response": {"text": f"جواب {number}"}}], "client_key": DESK}
        with statements() as seen:
            browser.send_json(path, {**body, "client_sequence": number, **more})
        counts.append(len(seen))
    assert counts == [6, 6], "\n".join(seen)


@pytest.mark.parametrize("part", ["log", "hints"])
def test_the_pages_about_an_attempt_belong_to_teaching(visit, attempt, trainer, part):
    page = visit(trainer).get(f"/attempts/{attempt.id}/{part}")
    assert [link["href"] for link in page.select(".mainnav a[aria-current=page]")] == ["/teach"]
