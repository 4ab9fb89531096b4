"""Quizzes, questions and attempts for tests, made through the services."""

from datetime import datetime
from itertools import count

from sqlalchemy import select

from academy.accounts.models import Person
from academy.assessment import jobs, services
from academy.assessment.models import (
    Attempt,
    AttemptItem,
    Calibration,
    Question,
    QuestionTag,
    QuestionVersion,
    QuizItem,
    QuizSection,
    QuizVersion,
)
from academy.assessment.queries_of_calibration import scale
from academy.assessment.queries_of_editing import RULES
from academy.assessment.queries_of_statistics import VersionStatistics, shown, standing
from academy.assessment.rules.lines import DrawLine
from academy.assessment.types import kind
from academy.assessment.types.pictures import percent
from academy.base.arabic import normalise
from academy.base.db import db
from academy.catalogue.models import Course
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories.accounts import LONG_AGO, both

MADE_WITH = ("pass_percent", "attempts_allowed", "minutes", "shuffle", "layout", "release")
COMMON_TYPES = ("single", "multiple", "true_false", "numeric", "ordering", "matching", "short_text")
EXCHANGED_TYPES = (*COMMON_TYPES, "categories", "gap_fill", "matrix", "ranking")
PICTURE_TYPES = ("hotspot", "drag_on_image")
ALL_TYPES = (*EXCHANGED_TYPES, *PICTURE_TYPES, "calculated")
SCORED_TYPES = tuple(type for type in ALL_TYPES if kind(type).scored)
_numbers = count(1)


def text(ar: str, en: str) -> dict:
    """A text in both languages as content keeps it."""
    return both(ar, en).as_dict()


def rubric() -> list[dict]:
    """Two criteria: one with three levels (0, 2, 4 points), one with up to 6 points alone."""
    levels = [{**entry, "points": 2 * n} for n, entry in enumerate(entries("low", "mid", "high"))]
    clear, voice = entries("clear", "voice")
    return [{**clear, "levels": levels}, {**voice, "points": 6}]


def entries(*names: str, **marks) -> list[dict]:
    """Options, items or sides with these ids; `correct` names the right ones."""
    right = marks.get("correct", ())
    made = []
    for name in names:
        entry = {"id": name, "text": text(f"خيار {name}", f"Choice {name}")}
        if "correct" in marks:
            entry |= {"correct": name in right, "feedback": text(f"تغذية راجعة {name}", f"Feedback {name}")}
        made.append(entry)
    return made


def image(key: str = "picture-of-a-hall.png", width: int = 1200, height: int = 800) -> dict:
    """A picture as content names it; its file need not be there."""
    return {"key": key, "width": width, "height": height, "alt": text("رسم لردهة", "A drawing of a hall")}


def regions(*names: str, correct=()) -> list[dict]:
    """Areas side by side, each 10 percent wide: the first from 0 to 10, the next from 20 to 30, …"""
    return [
        {
            "id": name,
            "text": text(f"منطقة {name}", f"Area {name}"),
            "shape": "rectangle",
            "at": [n * 200, 100, 100, 500],
        }
        | {"correct": name in correct}
        for n, name in enumerate(names)
    ]


SPECIAL = {
    "single": lambda: {"options": entries("a", "b", "c", correct=("b",))},
    "multiple": lambda: {"options": entries("a", "b", "c", "d", correct=("a", "c")), "scoring": "partial"},
    "true_false": lambda: {"answer": True},
    "numeric": lambda: {"answer": 12.5, "tolerance": 0.5, "unit": text("دقيقة", "minutes")},
    "ordering": lambda: {"items": entries("i1", "i2", "i3"), "answer": ["i2", "i3", "i1"], "scoring": "partial"},
    "matching": lambda: {
        "left": entries("l1", "l2", "l3"),
        "right": entries("r1", "r2", "r3"),
        "answer": {"l1": "r2", "l2": "r3", "l3": "r1"},
    },
    "short_text": lambda: {"accept": {"ar": ["رحلة المستفيد"], "en": ["customer journey"]}},
    "categories": lambda: {
        "items": entries("i1", "i2", "i3"),
        "categories": entries("c1", "c2"),
        "answer": {"i1": "c2", "i2": "c1", "i3": "c2"},
    },
    "gap_fill": lambda: {
        "text": text("قِس [[1]] بعد [[2]] عبر [[3]].", "After each [[2]], measure [[1]] by [[3]]."),
        "gaps": [
            {"id": "1", "kind": "typed", "accept": {"ar": ["الرضا"], "en": ["satisfaction"]}},
            {"id": "2", "kind": "choice", "options": entries("o1", "o2", "o3", correct=("o2",))},
            {"id": "3", "kind": "drag", "word": "w2"},
        ],
        "words": entries("w1", "w2", "w3"),
    },
    "matrix": lambda: {"statements": entries("s1", "s2"), "scale": entries("k1", "k2", "k3"), "needed": True},
    "ranking": lambda: {"items": entries("i1", "i2", "i3")},
    "essay": lambda: {"rubric": rubric(), "notes": text("إجابة نموذجية", "A sample answer"), "most_words": 300},
    "file": lambda: {"kinds": ["pdf", "image", "text"], "most": 3, "megabytes": 5, "rubric": []},
    "hotspot": lambda: {"image": image(), "regions": regions("g1", "g2", "g3", "g4", correct=("g2", "g4"))},
    "drag_on_image": lambda: {
        "image": image(),
        "spots": [{"id": "s1", "at": [200, 300]}, {"id": "s2", "at": [700, 605]}],
        "labels": entries("b1", "b2", "b3"),
        "answer": {"s1": "b3", "s2": "b1"},
    },
    "calculated": lambda: {
        "stem": text("كم يبقى من {a} و{b}؟", "What is left of {a} and {b}?"),
        "variables": [
            {"name": "a", "low": "-5", "high": "20", "step": "0.5"},
            {"name": "b", "low": "1", "high": "9", "step": "1"},
        ],
        "formula": "a - a + b / b * 12.5",
        "tolerance": "0.5",
    },
}
RIGHT = {
    "single": {"choice": "b"},
    "multiple": {"choices": ["a", "c"]},
    "true_false": {"choice": "true"},
    "numeric": {"text": "١٢٫٥"},
    "ordering": {"places": {"i2": 1, "i3": 2, "i1": 3}},
    "matching": {"pairs": {"l1": "r2", "l2": "r3", "l3": "r1"}},
    "short_text": {"text": "رحلة المستفيد"},
    "categories": {"pairs": {"i1": "c2", "i2": "c1", "i3": "c2"}},
    "gap_fill": {"gaps": {"1": "الرضا", "2": "o2", "3": "w2"}},
    "matrix": {"ratings": {"s1": "k3", "s2": "k1"}},
    "ranking": {"places": {"i2": 1, "i3": 2, "i1": 3}},
    "essay": {"text": "نسمع صوت المستفيد في كل قناة، ثم نغلق الحلقة معه."},
    "hotspot": {"regions": ["g2"], "points": [[650, 400]]},
    "drag_on_image": {"pairs": {"s1": "b3", "s2": "b1"}},
    "calculated": {"text": "١٢٫٥"},
}
WRONG = {
    "single": {"choice": "a"},
    "multiple": {"choices": ["b", "d"]},
    "true_false": {"choice": "false"},
    "numeric": {"text": "99"},
    "ordering": {"places": {"i1": 1, "i2": 2, "i3": 3}},
    "matching": {"pairs": {"l1": "r1", "l2": "r2", "l3": "r3"}},
    "short_text": {"text": "شيء آخر"},
    "categories": {"pairs": {"i1": "c1", "i2": "c2", "i3": "c1"}},
    "gap_fill": {"gaps": {"1": "غيره", "2": "o1", "3": "w1"}},
    "matrix": {"ratings": {"s1": "k1"}},
    "ranking": {"places": {"i1": 1}},
    "hotspot": {"regions": ["g1"], "points": [[150, 400]]},
    "drag_on_image": {"pairs": {"s1": "b2", "s2": "b3"}},
    "calculated": {"text": "99"},
}


def content(type: str, **given) -> dict:
    """The content of a question of a type, with stem and explanation."""
    n = next(_numbers)
    base = {"stem": text(f"السؤال {n}؟", f"Question {n}?"), "explanation": text(f"شرح {n}", f"Explanation {n}")}
    return {**base, **SPECIAL[type](), **given}


def draft_quiz(course: Course | None = None, **given) -> QuizVersion:
    """A quiz without questions, open to edits."""
    course = course or catalogue.course(people.organisation())
    n = next(_numbers)
    values = {"title": both(f"اختبار {n}", f"Quiz {n}"), "at": LONG_AGO}
    later = {name: given.pop(name) for name in list(given) if name in RULES and name not in MADE_WITH}
    version = services.create_quiz(course.id, given.pop("key", f"quiz-{n}"), **{**values, **given})
    for name, value in later.items():
        setattr(version, name, value)
    db.session.flush()
    return version


def question(version: QuizVersion, type: str = "single", **given):
    """A question at the end of a draft quiz; `content` and the rest as `add_question` takes them."""
    n = next(_numbers)
    values = {"key": f"q{n}", "competency_key": "CX-01", "at": LONG_AGO}
    if "content" not in given:
        values["content"] = content(type)
    return services.add_question(version, type=type, **{**values, **given})


def in_bank(organisation_id: int, type: str = "single", *, course_id: int | None = None, **given) -> QuestionVersion:
    """A ready question of an organisation's bank (or of a course), in its only version."""
    n = next(_numbers)
    tags, state = given.pop("tags", ()), given.pop("state", "ready")
    found = Question(
        organisation_id=organisation_id, course_id=course_id, category_id=given.pop("category_id", None), key=f"b{n}",
        state=state, created_at=LONG_AGO,
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    db.session.add_all(QuestionTag(question_id=found.id, tag=tag, folded=normalise(tag)) for tag in tags)
    version = QuestionVersion(
        question=found, number=1, type=type, content=given.pop("content", None) or content(type), created_at=LONG_AGO,
        **{"competency_key": "D1.1", **given},
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version


def section(version: QuizVersion, *lines: DrawLine, position: int = 1, title=both("قسم", "Section")) -> QuizSection:
    """A section of a draft quiz that draws by these lines."""
    made = QuizSection(
        quiz_version_id=version.id, position=position, title=title, kind="draw",
        draw={"lines": [line.as_json() for line in lines]},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def drawn_quiz(course: Course | None = None, *, domains=(("D1", 4), ("D2", 2)), bank: int = 3, **given) -> QuizVersion:
    """A published quiz that draws some questions of each domain from a bank with so many times as many."""
    course = course or catalogue.course(people.organisation())
    type = given.pop("type", "single")
    for domain, wanted in domains:
        for place in range(wanted * bank):
            difficulty = place % 3 + 1
            in_bank(course.organisation_id, type, competency_key=f"{domain}.{place % 2 + 1}", difficulty=difficulty)
    version = draft_quiz(course, **given)
    section(version, *(DrawLine(wanted, competencies=(domain,)) for domain, wanted in domains))
    services.freeze(version.id, LONG_AGO)
    return version


def quiz(course: Course | None = None, types=("single", "single"), *, points: int = 1, **given) -> QuizVersion:
    """A frozen quiz of a course (or of a new one) with a question of each of the types, as published."""
    version = draft_quiz(course, **given)
    for type in types:
        question(version, type, points=points)
    services.freeze(version.id, LONG_AGO)
    return version


def quiz_activity(trainer: Person):
    """A quiz activity in the draft of a course of the trainer's."""
    course = catalogue.course(trainer=trainer, published=False, units=0)
    return catalogue.activity(catalogue.unit(catalogue.draft(course)), "quiz")


def last_question(activity):
    """The question version that was written last into the quiz of an activity."""
    versions = db.session.query(QuestionVersion).join(QuizItem, QuizItem.question_version_id == QuestionVersion.id)
    wanted = versions.filter(QuizItem.quiz_version_id == activity.content["quiz_version_id"])
    return wanted.order_by(QuizItem.position.desc()).first()


def attempt(version: QuizVersion, learner: Person, at: datetime = LONG_AGO, **given) -> Attempt:
    """A started attempt."""
    return services.start_attempt(version.id, learner.id, at=at, **given)


def items(of: Attempt) -> list[AttemptItem]:
    """The questions of an attempt in the order shown."""
    return list(
        db.session.query(AttemptItem).filter_by(attempt_id=of.id).order_by(AttemptItem.position).populate_existing()
    )


def answer(of: Attempt, right: bool | int = True, at: datetime | None = None) -> None:
    """Answer every question rightly or wrongly; a number answers that many rightly, the rest wrongly."""
    for place, item in enumerate(items(of)):
        good = place < right if not isinstance(right, bool) else right
        response = (RIGHT if good else WRONG)[item.question_version.type]
        services.save_response(of.id, item.position, response, at=at or of.started_at)


def graded(
    version: QuizVersion, learner: Person, right: bool | int = True, at: datetime = LONG_AGO, **given
) -> Attempt:
    """A submitted attempt."""
    made = attempt(version, learner, at=at, **given)
    answer(made, right)
    return services.submit(made.id, at=at)


def raw(item: AttemptItem, right: bool = True) -> dict:
    """What a browser would send for a right or a wrong answer: the stored response in the tokens of the paper."""
    type, paper = item.question_version.type, item.paper
    stored = (RIGHT if right else WRONG)[type]
    if type == "single":
        return {"choice": f"p{paper['order'].index(stored['choice']) + 1}"}
    if type == "multiple":
        return {"choices": [f"p{paper['order'].index(key) + 1}" for key in stored["choices"]]}
    if type in ("ordering", "ranking"):
        return {"places": {f"p{paper['order'].index(key) + 1}": place for key, place in stored["places"].items()}}
    if type == "hotspot":
        points = [f"{percent(x)} {percent(y)}" for x, y in stored["points"]]
        return {"marks": [*points, *(_token(paper, "regions", key) for key in stored["regions"])]}
    if type in TWO_SIDES:
        field, one, other = TWO_SIDES[type]
        return {field: {_token(paper, one, key): _token(paper, other, end) for key, end in stored[field].items()}}
    if type == "gap_fill":
        orders = {"1": None, "2": "choices.2", "3": "words"}
        return {
            "gaps": {
                _token(paper, "gaps", key): value if orders[key] is None else _token(paper, orders[key], value)
                for key, value in stored["gaps"].items()
            }
        }
    return dict(stored)


TWO_SIDES = {
    "matching": ("pairs", "left", "right"),
    "categories": ("pairs", "items", "categories"),
    "matrix": ("ratings", "statements", "scale"),
    "drag_on_image": ("pairs", "spots", "labels"),
}


def _token(paper: dict, order: str, key: str) -> str:
    return f"p{paper[order].index(key) + 1}"


def is_right(item: AttemptItem) -> bool:
    """Whether the stored answer earns everything."""
    return kind(item.question_version.type).score(item.question_version.content, item.response) == 1


BEST = {"clear": "high", "voice": "6"}


def handed_in(version: QuizVersion, learner: Person, at: datetime = LONG_AGO, **given) -> Attempt:
    """An attempt whose every answer was given and submitted; essays are not yet marked."""
    made = attempt(version, learner, at=at, **given)
    for item in items(made):
        if item.question_version.type == "file":
            services.add_file(made, item.position, b"%PDF-1.4 a plan", "plan.pdf", at=at)
        else:
            services.save_response(made.id, item.position, RIGHT[item.question_version.type], at=at)
    return services.submit(made.id, at=at)


def essays(of: Attempt) -> list[AttemptItem]:
    """The answers of an attempt that a person marks."""
    return [item for item in items(of) if item.marking is not None]


def mark(
    item: AttemptItem,
    marker: Person,
    picks: dict | None = None,
    *,
    final: bool = True,
    at: datetime = LONG_AGO,
    **given,
):
    """A mark, final unless told otherwise; without picks the best one."""
    claimed = services.claim(item.id, marker_id=marker.id, at=at)
    chosen = BEST if picks is None else picks
    return services.save_mark(
        item.id, marker_id=marker.id, version=claimed.version, given=chosen, final=final, at=at, **given
    )
    of_type, content = kind(item.question_version.type), item.question_version.content
    return of_type.score(of_type.drawn(content, item.paper), item.response) == 1


def reckoned(quiz: QuizVersion) -> VersionStatistics:
    """The statistics of a quiz version as its job keeps them and its page reads them."""
    jobs.reckon(quiz.id)
    kept = standing(quiz.id).reckoned
    calibration = db.session.scalar(select(Calibration).where(Calibration.quiz_version_id == quiz.id))
    assert kept is not None
    return shown(kept, scale(calibration))
