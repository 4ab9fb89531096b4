"""P4: what the right answers are stays hidden until the quiz releases it, on every page, file and JSON, for everybody.

Everything that tells of the key carries a canary: feedback, explanations, accepted words, the ids that mark what is right.
"""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.assessment import services as assessment
from academy.assessment.models import Attempt, AttemptItem, QuizVersion
from academy.base import clock
from academy.base.db import db
from academy.catalogue import services as catalogue
from academy.learning import services as learning
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue as courses
from tests.factories import qti_items
from tests.factories.accounts import both
from tests.security.addresses import addresses
from tests.security.conftest import set_up, undone
from tests.security.test_isolation import everything_in
from tests.turns import turn

pytestmark = pytest.mark.doors

KEY = "KEYCANARY"
NUMBER = 735194268.25


@pytest.fixture(scope="module")
def setting(worker, tmp_path_factory):
    """An academy without houses: each test makes the few people that it lets look."""
    return set_up(f"academy_empty_{worker}", tmp_path_factory.mktemp("empty"), lambda: None)


def told(what: str) -> dict:
    return both(f"{what} {KEY}", f"{what} {KEY}").as_dict()


def entry(name: str, right: bool | None = None) -> dict:
    """Something shown; what is authored about it, its id included, must not travel."""
    shown = {"id": f"{KEY.lower()}-{name}", "text": both(f"خيار {name}", f"Choice {name}").as_dict()}
    return shown if right is None else shown | {"correct": right, "feedback": told("تغذية")}


def name(*names: str) -> list[str]:
    return [f"{KEY.lower()}-{each}" for each in names]


ITEM = qti_items.item(
    "kept",
    qti_items.declared("R", "identifier", "single", f"{KEY}b") + qti_items.declared("T", "string", "single", KEY),
    "<choiceInteraction responseIdentifier='R' shuffle='true'><prompt>?</prompt>"
    f"{qti_items.choices('simpleChoice', f'{KEY}a', f'{KEY}b', text='Choice')}</choiceInteraction>"
    "<p>Say <textEntryInteraction responseIdentifier='T'/></p>",
    qti_items.point("R") + qti_items.point("T"),
    most=2,
    after=f"<modalFeedback outcomeIdentifier='SCORE' identifier='none' showHide='hide'>{KEY}</modalFeedback>",
)
QUESTIONS = {
    "single": {"options": [entry("a", False), entry("b", True), entry("c", False)]},
    "multiple": {"options": [entry("a", True), entry("b", True), entry("c", False)], "scoring": "partial"},
    "true_false": {"answer": True, "feedback": told("تغذية")},
    "numeric": {"answer": NUMBER, "tolerance": 0.5, "unit": both("دقيقة", "minutes").as_dict()},
    "ordering": {"items": [entry("a"), entry("b"), entry("c")], "answer": name("b", "c", "a"), "scoring": "partial"},
    "matching": {
        "left": [entry("l1"), entry("l2")],
        "right": [entry("r1"), entry("r2")],
        "answer": dict(zip(name("l1", "l2"), name("r2", "r1"), strict=True)),
    },
    "short_text": {
        "accept": {"ar": [f"مقبول {KEY}"], "en": [f"accepted {KEY}"]},
        "partly": {"ar": [f"نصف {KEY}"], "en": []},
    },
    "categories": {
        "items": [entry("i1"), entry("i2")],
        "categories": [entry("c1"), entry("c2")],
        "answer": dict(zip(name("i1", "i2"), name("c2", "c1"), strict=True)),
    },
    "gap_fill": {
        "text": both("نص [[1]] [[2]] [[3]]", "Text [[1]] [[2]] [[3]]").as_dict(),
        "gaps": [
            {"id": "1", "kind": "typed", "accept": {"ar": [f"مقبول {KEY}"], "en": []}},
            {"id": "2", "kind": "choice", "options": [entry("a", False), entry("b", True)]},
            {"id": "3", "kind": "drag", "word": name("w2")[0]},
        ],
        "words": [entry("w1"), entry("w2")],
    },
    "matrix": {"statements": [entry("s1"), entry("s2")], "scale": [entry("k1"), entry("k2")]},
    "ranking": {"items": [entry("i1"), entry("i2")]},
    "qti": {"item": ITEM, "language": "en", "most": "2"},
    "hotspot": {
        "image": quizzes.image(),
        "regions": [
            {**entry("g1"), "shape": "rectangle", "at": [317, 0, 100, 100], "correct": True},
            {**entry("g2"), "shape": "circle", "at": [500, 500, 103]},
        ],
    },
    "drag_on_image": {
        "image": quizzes.image(),
        "spots": [{"id": f"{KEY.lower()}-s1", "at": [100, 100]}, {"id": f"{KEY.lower()}-s2", "at": [900, 100]}],
        "labels": [entry("b1"), entry("b2")],
        "answer": dict(zip(name("s1", "s2"), name("b2", "b1"), strict=True)),
    },
    "calculated": {
        "stem": both("كم {a}؟", "What is {a}?").as_dict(),
        "variables": [{"name": "a", "low": "3", "high": "3", "step": "1"}],
        "formula": f"a - 3 + {NUMBER}",
    },
}
FORBIDDEN = [
    KEY.lower(),
    "a - 3 +",
    "735194268",
    "٧٣٥١٩٤٢٦٨",
    "735,194,268",
    '"correct"',
    '"answer":',
    "data-correct",
]
PLACES = re.compile(
    r"(?<![\w.])(?<!\d:)[35]1\.7"
)  # of marks on a picture; not the seconds of a time, nor inside a token


def build(release: str, layout: str = "one", **rules):
    """A course with a quiz of all types, its learner with an open attempt, another learner and their manager."""
    trainer = people.trainer()
    course = courses.course(trainer=trainer, published=False, units=0)
    unit = courses.unit(catalogue.draft_of(course, at=clock.now()))
    activity = courses.activity(unit, "quiz")
    quiz = db.session.get(QuizVersion, activity.content["quiz_version_id"])
    quiz.release, quiz.layout, quiz.attempts_allowed = release, layout, 3
    for name, value in rules.items():
        setattr(quiz, name, value)
    for type, special in QUESTIONS.items():
        content = {
            "stem": both("سؤال", "Question").as_dict(),
            "explanation": told("شرح"),
            "hint": told("تلميح"),
            **special,
        }
        quizzes.question(quiz, type, content=content)
    catalogue.publish(course, actor_id=trainer.id, at=clock.now())
    manager = people.manager(people.org_unit(db.session.get(people.Organisation, trainer.organisation_id)))
    who = [people.person(unit=manager.org_unit, manager=manager) for _ in range(2)]
    for each in who:
        learning.enrol(each.id, course.id, at=clock.now())
    attempt = assessment.start_attempt(quiz.id, who[0].id, at=clock.now())
    db.session.commit()
    return course, quiz, attempt, who[0], who[1], manager


def leaks_in(response) -> list[str]:
    """What of the key a response tells."""
    assert response.status_code < 500
    text = everything_in(response)
    return [word for word in FORBIDDEN if word in text] + PLACES.findall(text)


class NoScene:
    """For the addresses: there are no houses here."""

    houses: dict = {}


def crawl(stage, browser) -> list:
    """Open every address as one browser, in JSON and where that is no page in HTML too, and return where the key was told."""
    found = []
    for address in addresses(stage, NoScene(), "GET"):
        for accept in ("application/json", "text/html"):
            response = browser.client.get(address.path, headers={"Accept": accept})
            found += [(address.path, accept, word) for word in leaks_in(response)]
            if not response.is_json or response.status_code in (403, 404):
                break  # who asks for HTML is given this same answer, or refused at the same door
    return found


@pytest.mark.parametrize("layout", ["one", "all"])
def test_during_an_attempt_nobody_finds_the_key_anywhere(layout, stage, entered, frameless):
    with undone(stage):
        _course, _quiz, attempt, learner, another, manager = build("after_submit", layout)
        browser = entered(learner)
        for position in range(1, len(QUESTIONS) + 1):
            assert not leaks_in(browser.client.get(f"/attempts/{attempt.id}?q={position}"))
        assert not leaks_in(browser.client.get(f"/attempts/{attempt.id}/review"))
        for who in (learner, another, manager) if layout == "one" else (learner,):
            assert crawl(stage, entered(who)) == []


def test_saving_says_nothing_about_right_and_wrong(stage, entered):
    """The receipts of a right and of a wrong answer cannot be told apart, in JSON and as a page."""
    with undone(stage):
        _course, _quiz, attempt, learner, _another, _manager = build("after_submit")
        browser, said = entered(learner), {True: [], False: []}
        for right in (False, True):
            for item in quizzes.items(attempt):
                response = raw(item, right)
                body = {"attempt": attempt.id, "client_key": f"key-{right}-{item.position}", "client_sequence": 1}
                known = db.session.get(AttemptItem, item.id).saved_sequence
                body["items"] = [{"position": item.position, "response": response, "known": known}]
                answer = browser.client.post(
                    f"/attempts/{attempt.id}/save", json=body, headers={"X-CSRFToken": browser.csrf_token()}
                )
                assert answer.status_code == 200, answer.get_data(as_text=True)
                assert not leaks_in(answer)
                told = answer.get_json()
                said[right].append((sorted(told), [(each["verdict"], each["answered"]) for each in told["items"]]))
        assert said[True] == said[False]


def raw(item, right: bool) -> dict:
    """What a browser would send: a right answer, or any other that can be kept."""
    content, paper = item.question_version.content, item.paper
    order = paper.get("order", [])
    tokens = {key: f"p{place}" for place, key in enumerate(order, start=1)}
    match item.question_version.type:
        case "single":
            return {"choice": tokens[next(o["id"] for o in content["options"] if o["correct"] is right)]}
        case "multiple":
            return {"choices": [tokens[o["id"]] for o in content["options"] if o["correct"] is right]}
        case "true_false":
            return {"choice": "true" if right else "false"}
        case "numeric" | "calculated":
            return {"text": str(NUMBER if right else 5)}
        case "short_text":
            return {"text": f"مقبول {KEY}" if right else "غير ذلك"}
        case "qti":
            place = paper["order R"].index(f"{KEY}{'b' if right else 'a'}") + 1
            return {"answers": {"r1": [f"p{place}"], "r2": [KEY if right else "other"]}}
        case "ordering":
            answer = content["answer"] if right else list(reversed(content["answer"]))
            return {"places": {tokens[key]: place for place, key in enumerate(answer, start=1)}}
        case "categories":
            items, categories = paper["items"], paper["categories"]
            pairs = content["answer"] if right else dict.fromkeys(items, categories[0])
            return {"pairs": {f"p{items.index(a) + 1}": f"p{categories.index(b) + 1}" for a, b in pairs.items()}}
        case "gap_fill":
            choice, word = (name("b")[0], name("w2")[0]) if right else (name("a")[0], name("w1")[0])
            return {
                "gaps": {
                    "p1": f"مقبول {KEY}" if right else "غيره",
                    "p2": f"p{paper['choices.2'].index(choice) + 1}",
                    "p3": f"p{paper['words'].index(word) + 1}",
                }
            }
        case "hotspot":
            return {"marks": ["32 5" if right else "80 90"]}
        case "drag_on_image":
            labels = list(content["answer"].values()) if right else name("b1", "b2")
            return {"pairs": {f"p{n}": f"p{paper['labels'].index(key) + 1}" for n, key in enumerate(labels, start=1)}}
        case "matrix":
            return {"ratings": {"p1": "p1", "p2": "p2" if right else "p1"}}
        case "ranking":
            return {"places": {"p1": 1, "p2": 2} if right else {"p1": 1}}
        case _:
            left = {key: f"p{place}" for place, key in enumerate(paper["left"], start=1)}
            side = {key: f"p{place}" for place, key in enumerate(paper["right"], start=1)}
            pairs = (
                content["answer"].items()
                if right
                else zip(content["answer"], reversed(content["answer"].values()), strict=True)
            )
            return {"pairs": {left[a]: side[b] for a, b in pairs}}


def crawlers(place: int, learner, another, manager) -> list:
    """Who looks for the key in one of the states of a quiz: its learner, and by turns another learner or their manager."""
    return [learner, *turn((another, manager), place, 2)]


RELEASES = ["none", "score", "after_pass"]


@pytest.mark.parametrize("release", RELEASES)
def test_after_submitting_the_key_stays_hidden_as_the_quiz_says(release, stage, entered, frameless):
    """A failed attempt of a quiz that tells nothing, only the score, or the answers once it is passed."""
    with undone(stage):
        _course, _quiz, attempt, learner, another, manager = build(release)
        assessment.submit(attempt.id, at=clock.now())
        db.session.commit()
        for who in crawlers(RELEASES.index(release), learner, another, manager):
            assert crawl(stage, entered(who)) == []


PRACTICE = {"tries": 3, "review": {"during": ["responses", "marks", "feedback", "right_answers", "explanation"]}}


def test_practice_tells_nothing_of_a_question_that_was_not_checked(stage, entered, frameless):
    """AS7: whatever the table shows during practice, hints and key of an unchecked question stay where they are."""
    with undone(stage):
        _course, _quiz, attempt, learner, another, manager = build("none", **PRACTICE)
        for who in crawlers(0, learner, another, manager):
            assert crawl(stage, entered(who)) == []


def test_what_the_table_shows_only_after_closing_stays_hidden_until_then(stage, entered, frameless):
    """AS12: the score now, the key once the quiz is closed, for nobody before."""
    table = {"after": ["score"], "later": ["score"], "closed": ["score", "responses", "right_answers", "explanation"]}
    with undone(stage):
        _course, quiz, attempt, learner, another, manager = build("score", review=table)
        assessment.submit(attempt.id, at=clock.now() - timedelta(minutes=5))
        db.session.commit()
        for who in crawlers(1, learner, another, manager):
            assert crawl(stage, entered(who)) == []
        quiz.closes_at = clock.now() - timedelta(minutes=1)
        db.session.commit()
        assert KEY.lower() in everything_in(entered(learner).client.get(f"/attempts/{attempt.id}/result"))


def test_once_released_the_learner_sees_the_key_and_others_still_do_not(stage, entered, frameless):
    """Without this, the tests above could pass because nothing is ever shown."""
    with undone(stage):
        _course, _quiz, attempt, learner, another, manager = build("after_submit")
        assessment.submit(attempt.id, at=clock.now())
        db.session.commit()
        assert KEY.lower() in everything_in(entered(learner).client.get(f"/attempts/{attempt.id}/result"))
        for who in (another, manager):
            assert crawl(stage, entered(who)) == []


def test_a_released_key_does_not_help_in_the_next_attempt_of_another(stage, entered):
    """The order of a paper says nothing: authored ids never travel, and papers differ."""
    with undone(stage):
        _course, quiz, first, _learner, another, _manager = build("none")
        second = assessment.start_attempt(quiz.id, another.id, at=clock.now())
        db.session.commit()
        papers = [json.dumps([item.paper for item in quizzes.items(each)]) for each in (first, second)]
        seeds = db.session.scalars(select(Attempt.seed).where(Attempt.id.in_([first.id, second.id]))).all()
        assert papers[0] != papers[1] or seeds[0] != seeds[1]
        assert not leaks_in(entered(another).client.get(f"/attempts/{second.id}"))
