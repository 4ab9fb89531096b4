"""The learner's pages: questions, saving without a script, review, submitting, result, and who may not see them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from academy.assessment import services
from academy.assessment.models import Attempt, AttemptItem
from academy.base import clock
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment as quizzes


def now() -> datetime:
    return datetime.now(UTC)


def started(visit, **given):
    """A learner's browser and their open attempt."""
    version = quizzes.quiz(**{"types": quizzes.COMMON_TYPES, "minutes": 30, **given})
    learner = people.person()
    attempt = quizzes.attempt(version, learner, at=now())
    browser = visit(learner)
    db.session.commit()
    return browser, attempt


def fields(attempt, right=True, positions=None) -> dict:
    """The form fields of right or wrong answers."""
    found = {}
    for item in quizzes.items(attempt):
        if positions and item.position not in positions:
            continue
        name, raw = f"a{item.position}", quizzes.raw(item, right)
        found[f"seen-{item.position}"] = str(item.saved_sequence)
        for value in raw.values():
            if item.question_version.type == "hotspot":
                found |= {f"{name}-m1": value[0], name: value[1]}
            elif isinstance(value, dict):
                found |= {f"{name}-{token}": str(given) for token, given in value.items()}
            else:
                found[name] = value
    return found


def kept(attempt) -> list:
    return [item.response for item in quizzes.items(attempt)]


def address(attempt, tail="") -> str:
    return f"/attempts/{attempt.id}{tail}"


def test_an_attempt_shows_one_question_with_its_map_and_the_time_left(visit):
    browser, attempt = started(visit)
    page = browser.get(address(attempt, "?q=3"))
    assert len(page.select("[data-sheet]")) == 1 and page.select_one("[data-sheet='3']")
    assert page.select_one(".qnav [aria-current]")["data-question"] == "3"
    assert 1700 < int(page.select_one("[data-time-left]")["data-time-left"]) <= 1800
    assert "السؤال 3 من 7" in page.words


def test_a_quiz_can_show_all_questions_on_one_page(visit):
    browser, attempt = started(visit, layout="all")
    page = browser.get(address(attempt))
    assert [int(tag["data-sheet"]) for tag in page.select("[data-sheet]")] == list(range(1, 8))


def test_next_and_previous_save_the_page_first(visit):
    browser, attempt = started(visit)
    page = browser.post(address(attempt), {**fields(attempt, positions=[1]), "q": "1", "go": "next"})
    assert page.select_one("[data-sheet='2']")
    assert kept(attempt)[0] and not any(kept(attempt)[1:])
    page = browser.post(address(attempt), {**fields(attempt, positions=[2]), "q": "2", "go": "previous"})
    assert page.select_one("[data-sheet='1']") and kept(attempt)[1]


@pytest.mark.parametrize("type", quizzes.ALL_TYPES)
def test_an_answer_given_without_a_script_is_kept_and_shown_again(visit, type):
    """R2: for each question type."""
    browser, attempt = started(visit, types=(type,))
    sent = fields(attempt)
    page = browser.post(address(attempt), {**sent, "q": "1", "go": "save"})
    (item,) = quizzes.items(attempt)
    assert quizzes.is_right(item) or type in ("matrix", "ranking")
    shown = {tag["name"]: tag["value"] for tag in page.select("input[name^=a1][checked], input[type=text][name^=a1]")}
    shown |= {tag["name"]: tag.select_one("[selected]")["value"] for tag in page.select("select[name^=a1]")}
    expected = {name: value for name, value in sent.items() if name.startswith("a1")}
    if type == "multiple":
        assert len(page.select("input[checked]")) == 2
    else:
        assert {name: value for name, value in shown.items() if value} == expected


def test_the_map_says_what_is_answered_flagged_and_current(visit):
    browser, attempt = started(visit)
    browser.post(address(attempt), {**fields(attempt, positions=[2]), "q": "2", "go": "flag:2"})
    page = browser.get(address(attempt))
    second = page.select_one(".qnav [data-question='2']")
    assert {"answered", "flagged"} <= set(second["class"]) and "معلَّم للمراجعة" in second.get_text()
    browser.post(address(attempt), {"q": "2", "go": "unflag:2"})
    assert "flagged" not in browser.get(address(attempt)).select_one(".qnav [data-question='2']")["class"]


def test_the_map_leads_anywhere_and_saves_first(visit):
    browser, attempt = started(visit)
    page = browser.post(address(attempt), {**fields(attempt, positions=[1]), "q": "1", "go": "q:6"})
    assert page.select_one("[data-sheet='6']") and kept(attempt)[0]


def test_the_review_lists_what_is_unanswered(visit):
    browser, attempt = started(visit)
    page = browser.post(address(attempt), {**fields(attempt, positions=[1]), "q": "1", "go": "review"})
    assert [tag.get_text() for tag in page.select(".jump")] == ["2", "3", "4", "5", "6", "7"]
    assert "6 أسئلة بلا إجابة" in page.words and "لا درجة لسؤال بلا إجابة" in page.words


def test_the_review_threatens_no_points_where_none_are_given(visit):
    browser, attempt = started(visit, types=("single", "matrix"), shuffle=False)
    page = browser.post(address(attempt), {**fields(attempt, positions=[1]), "q": "1", "go": "review"})
    assert [tag.get_text() for tag in page.select(".jump")] == ["2"]
    assert "لا درجة لسؤال بلا إجابة" not in page.words


def test_an_answer_that_cannot_be_read_as_a_number_is_said_at_once_and_counted_in_the_review(visit):
    browser, attempt = started(visit, layout="all")
    place = next(item.position for item in quizzes.items(attempt) if item.question_version.type == "numeric")
    items = [{"position": place, "response": {"text": "ثلاثون"}, "known": 0}]
    body = {"items": items, "client_key": "page-of-a-learner", "client_sequence": 1}
    saved = browser.send_json(address(attempt, "/save"), body)["items"][0]
    assert (saved["verdict"], saved["notes"]) == ("saved", "لا يُقرأ هذا عددًا.")
    sheet = browser.get(address(attempt)).select_one(f"[data-sheet='{place}'] .sheet-notes")
    assert "لا يُقرأ هذا عددًا." in sheet.get_text()
    browser.post(address(attempt), {**fields(attempt, positions=[each for each in range(1, 8) if each != place])})
    page = browser.get(address(attempt, "/review"))
    assert "إجابة واحدة تستدعي نظرة أخرى." in page.words and "أُجيب عن كل الأسئلة" not in page.words
    assert [tag.get_text() for tag in page.select(".jump")] == [str(place)]
    assert len(page.select(".review-chips .chip.ok")) == 6
    page = browser.get(address(attempt))
    place_in_map = page.select_one(f".qnav [data-question='{place}']")
    assert "doubtful" in place_in_map["class"] and "تستدعي نظرة أخرى" in place_in_map.get_text()
    assert page.select_one("[data-answered-count]").get_text() == "أُجيب عن 6 من 7"


def test_the_title_and_the_mark_for_review_say_where_one_is(visit):
    browser, attempt = started(visit)
    browser.post(address(attempt), {**fields(attempt, positions=[2]), "q": "2", "go": "flag:2"})
    page = browser.get(address(attempt, "?q=2"))
    assert "السؤال 2 من 7" in page.title.get_text()
    assert page.select_one(".flag-button")["aria-pressed"] == "true"


def test_submitting_shows_the_result_and_pressing_again_changes_nothing(visit):
    """R11."""
    browser, attempt = started(visit, layout="all")
    browser.post(address(attempt), {**fields(attempt), "go": "review"})
    page = browser.post(address(attempt, "/submit"))
    assert "تحقق النجاح" in page.words and "100%" in page.words
    at = db.session.get(Attempt, attempt.id).submitted_at
    browser.post(address(attempt, "/submit"))
    assert db.session.get(Attempt, attempt.id).submitted_at == at


def test_a_submitted_attempt_takes_no_more_answers(visit):
    browser, attempt = started(visit)
    services.submit(attempt.id, at=now())
    page = browser.post(address(attempt), {**fields(attempt, positions=[1]), "q": "1", "go": "next"})
    assert "لم يعد تعديل إجاباتها ممكنًا" in page.words and not any(kept(attempt))


def test_opening_an_overdue_attempt_closes_it_with_its_saved_answers(visit, monkeypatch):
    """R6, R9."""
    browser, attempt = started(visit, layout="all")
    quizzes.answer(attempt)
    later = now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = browser.get(address(attempt), follow_redirects=True)
    assert "100%" in page.words and "أُغلقت عند انتهاء الوقت" in page.words
    closed = db.session.get(Attempt, attempt.id)
    assert closed.closed_by == "clock" and closed.submitted_at == closed.deadline + timedelta(seconds=10)


def test_answers_after_the_deadline_are_refused_honestly(visit, monkeypatch):
    browser, attempt = started(visit)
    later = now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = browser.post(address(attempt), {**fields(attempt, positions=[1]), "q": "1", "go": "next"})
    assert "انتهى وقت هذه المحاولة" in page.words and not any(kept(attempt))


@pytest.mark.parametrize("tail", ["", "?q=2", "/review", "/result"])
def test_nobody_else_opens_an_attempt(visit, tail):
    _browser, attempt = started(visit)
    for stranger in (people.person(), people.administrator(), people.trainer()):
        visit(stranger).get(address(attempt, tail), 404)


@pytest.mark.parametrize("tail", ["", "/save", "/submit"])
def test_nobody_else_sends_anything_to_an_attempt(visit, tail):
    _browser, attempt = started(visit)
    visit(people.person()).post(address(attempt, tail), fields(attempt, positions=[1]), status=404)
    assert kept(attempt) == [None] * 7 and db.session.get(Attempt, attempt.id).state == "open"


def test_an_answer_that_cannot_be_read_stays_in_its_field_with_the_reason(visit):
    browser, attempt = started(visit, types=("short_text", "single"), shuffle=False)
    sent = {**fields(attempt), "a1": "كلام" * 200}
    page = browser.post(address(attempt), {**sent, "q": "1", "go": "next"}, status=422)
    assert page.select_one("input[name=a1]")["value"] == sent["a1"]
    assert "300" in page.select_one("[data-sheet-error]").get_text()
    assert kept(attempt)[0] is None and kept(attempt)[1]


def test_a_stale_page_does_not_overwrite_a_newer_answer(visit):
    """R26: the page was opened before another window saved."""
    browser, attempt = started(visit, types=("short_text",))
    services.save_response(attempt.id, 1, {"text": "الجديد"}, at=now())
    page = browser.post(address(attempt), {"seen-1": "0", "a1": "القديم", "q": "1", "go": "next"})
    assert kept(attempt) == [{"text": "الجديد"}] and "نافذة أخرى أو جهاز آخر" in page.words


ZOO = (
    "كِتَابٌ", "كـــتاب", "لا", "أُ\u0654", "١٢٣ ۴۵", "\u202eabc", "\u2066x\u2069", "لا\u200dلا", "👨‍👩‍👧‍👦 بعد",
    "ن" * 255, "ن", "O'Brien", "<b>", "{{7*7}}", "=1+1", "null", "None", "-0", "1e308", "NaN", " محاط بمسافات ",
)  # fmt: skip


@pytest.mark.parametrize("text", ZOO)
def test_a_short_text_is_stored_exactly_as_typed(visit, text):
    """R33."""
    browser, attempt = started(visit, types=("short_text",))
    page = browser.post(address(attempt), {"seen-1": "0", "a1": text, "q": "1", "go": "save"})
    assert kept(attempt) == [{"text": text}]
    assert page.select_one("input[name=a1]")["value"] == text


def test_changing_the_language_keeps_the_answers_and_the_place(visit):
    browser, attempt = started(visit)
    browser.post(address(attempt), {**fields(attempt, positions=[4]), "q": "4", "go": "save"})
    before = kept(attempt)
    page = browser.get(address(attempt, "?q=4"))
    form = page.select_one("form[action='/language']")
    page = browser.post("/language", {tag["name"]: tag["value"] for tag in form.select("input")})
    assert page.html["lang"] == "en" and "Question 4 of 7" in page.words
    assert kept(attempt) == before and "answered" in page.select_one(".qnav [data-question='4']")["class"]


@pytest.mark.parametrize("count", [10, 40])
def test_the_pages_need_as_many_statements_for_forty_questions_as_for_ten(visit, statements, count):
    browser, attempt = started(visit, types=("single",) * count)
    for tail in ("", "/review"):
        with statements() as seen:
            browser.get(address(attempt, tail))
        assert len(seen) <= 8, seen
    quizzes.answer(attempt, right=5)
    services.submit(attempt.id, at=now())
    with statements() as seen:
        browser.get(address(attempt, "/result"))
    assert len(seen) <= 8, seen


CANARY = "كناري"


def canary_quiz(release: str):
    """A quiz whose keys, feedback and explanations all carry the canary, where the learner's paper has none."""
    version = quizzes.draft_quiz(release=release, pass_percent=100, layout="all", attempts_allowed=3)
    explanation = {"explanation": quizzes.text(f"{CANARY} شرح", f"{CANARY} explanation")}
    marked = quizzes.entries("a", "b", "c", correct=("b",))
    for option in marked:
        option["feedback"] = quizzes.text(f"{CANARY} {option['id']}", f"{CANARY} {option['id']}")
    quizzes.question(version, "single", content=quizzes.content("single", options=marked, **explanation))
    accept = {"ar": [f"{CANARY} إجابة"], "en": [f"{CANARY} answer"]}
    quizzes.question(version, "short_text", content=quizzes.content("short_text", accept=accept, **explanation))
    quizzes.question(version, "numeric", content=quizzes.content("numeric", answer=7654321, **explanation))
    services.freeze(version.id, people.LONG_AGO)
    return version


def leaks(browser, attempt, tails) -> list[str]:
    found = []
    for tail in tails:
        body = str(browser.get(address(attempt, tail), follow_redirects=True))
        found += [f"{tail}: {word}" for word in (CANARY, "7654321") if word in body]
    return found


def test_no_key_leaves_the_academy_before_the_rule_says_so(visit):
    """P4: no page and no JSON of an open attempt holds a key, a feedback or an explanation."""
    learner = people.person()
    attempt = quizzes.attempt(canary_quiz("after_submit"), learner, at=now())
    browser = visit(learner)
    assert not leaks(browser, attempt, ["", "/review", "/result"])
    for item in quizzes.items(attempt):
        raw = {"choice": "p1"} if item.question_version.type == "single" else {"text": "7"}
        message = {
            "items": [{"position": item.position, "response": raw}],
            "client_key": "a" * 12,
            "client_sequence": 1,
        }
        said = json.dumps(browser.send_json(address(attempt, "/save"), message), ensure_ascii=False)
        assert CANARY not in said and "7654321" not in said and "share" not in said
    services.submit(attempt.id, at=now())
    assert leaks(browser, attempt, ["/result"])


@pytest.mark.parametrize(("release", "score"), [("none", False), ("score", True), ("after_close", True)])
def test_a_result_shows_no_more_than_its_rule_releases(visit, release, score):
    learner = people.person()
    attempt = quizzes.graded(canary_quiz(release), learner, right=0, at=now())
    browser = visit(learner)
    assert not leaks(browser, attempt, ["/result"])
    page = browser.get(address(attempt, "/result"))
    assert ("لم يتحقق النجاح" in page.words) is score and bool(page.select(".ring")) is score
    assert not page.select(".question")


def test_after_a_pass_only_shows_own_marks_first_and_the_key_when_no_attempt_is_left(visit):
    version, learner = canary_quiz("after_pass"), people.person()
    first = quizzes.graded(version, learner, right=0, at=now())
    browser = visit(learner)
    page = browser.get(address(first, "/result"))
    assert len(page.select(".question")) == 3 and not page.select(".explanation, .right-answer")
    assert "7654321" not in str(page)
    for _again in range(2):
        last = quizzes.graded(version, learner, right=0, at=now())
    assert browser.get(address(last, "/result")).select(".explanation")


def test_a_result_tells_right_wrong_and_missed_in_words(visit):
    version = quizzes.quiz(types=quizzes.COMMON_TYPES, pass_percent=50)
    learner = people.person()
    for right, word in ((True, "صحيح"), (False, "خطأ")):
        attempt = quizzes.graded(version, learner, right=right, at=now())
        page = visit(learner).get(address(attempt, "/result"))
        assert word in {tag["aria-label"] for tag in page.select("svg[aria-label]")}
        assert len(page.select(".explanation")) == 7 and "العودة إلى المقرر" in page.words


def test_the_attempt_of_a_draft_or_an_unknown_number_is_not_found(visit):
    visit(people.person()).get("/attempts/999999", 404)
    visit(people.person()).get("/attempts/999999/result", 404)


def test_items_of_another_attempt_cannot_be_reached(visit):
    browser, attempt = started(visit, types=("single",))
    page = browser.post(address(attempt), {"seen-2": "0", "a2": "p1", "q": "1"}, status=404)
    assert page and db.session.query(AttemptItem).filter_by(attempt_id=attempt.id).count() == 1


def test_the_instructions_of_a_question_keep_to_the_digits_of_the_reader(visit):
    version = quizzes.quiz(types=("ordering", "ranking"), layout="all")
    learner = people.person(digits="arab")
    attempt = quizzes.attempt(version, learner, at=now())
    page = visit(learner).get(address(attempt))
    hints = [tag.get_text() for tag in page.select("[data-sheet] .hint")]
    assert len(hints) == 2 and all("١" in hint and "1" not in hint for hint in hints)
