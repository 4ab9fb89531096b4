"""A starter course: its shapes, and how they are read from `cx-course/1`."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from academy.base.text import LocalizedText
from academy.devdata.reading.parts import Part, load

BLOOM = ("remember", "understand", "apply", "analyze", "evaluate", "create")
QUESTION_FIELDS = ("id", "type", "competency", "objective", "difficulty")
HIGHEST_LEVEL = 4


@dataclass(frozen=True)
class TargetLevel:
    """A competency by its id, and the level of proficiency meant (1 to 4)."""

    id: str
    level: int


@dataclass(frozen=True)
class NamedText:
    """An id with its text, such as a category of an exercise."""

    id: str
    text: LocalizedText


@dataclass(frozen=True)
class ObjectiveContent:
    """What a learner can do afterwards, with its level in Bloom's taxonomy."""

    id: str
    bloom: str
    text: LocalizedText


@dataclass(frozen=True)
class ClassifyItem:
    """A statement to be sorted, and the id of the category it belongs to."""

    text: LocalizedText
    answer: str


@dataclass(frozen=True)
class ActivityContent:
    """An ungraded exercise inside a lesson: sort the items into the categories."""

    tool: str
    prompt: LocalizedText
    categories: tuple[NamedText, ...]
    items: tuple[ClassifyItem, ...]


@dataclass(frozen=True)
class LessonContent:
    """One lesson; `body` is Markdown, `minutes` the time it takes, `objectives` ids of the course's objectives."""

    id: str
    kind: str
    minutes: int
    objectives: tuple[str, ...]
    title: LocalizedText
    body: LocalizedText
    key_points: tuple[LocalizedText, ...]
    activity: ActivityContent | None


@dataclass(frozen=True)
class UnitContent:
    """A unit of a course (`modules` in the file) with its lessons in order."""

    id: str
    title: LocalizedText
    lessons: tuple[LessonContent, ...]


@dataclass(frozen=True)
class QuestionContent:
    """One question; `content` holds what its type reads: stem, explanation, options or answers, texts as {ar, en}."""

    id: str
    type: str
    competency: str
    objective: str
    difficulty: int
    content: dict[str, Any]


@dataclass(frozen=True)
class QuizContent:
    """The quiz of a course; `pass_percent` 1 to 100, `attempts` how often it may be tried."""

    pass_percent: int
    attempts: int
    shuffle: bool
    questions: tuple[QuestionContent, ...]


@dataclass(frozen=True)
class CourseContent:
    """A starter course: `hours` credited, `prerequisites` ids of courses, `practice` tasks as in the file."""

    file: str
    id: str
    code: str
    version: str
    title: LocalizedText
    summary: LocalizedText
    level: int
    hours: Decimal
    audience: LocalizedText
    prerequisites: tuple[str, ...]
    competencies: tuple[TargetLevel, ...]
    objectives: tuple[ObjectiveContent, ...]
    units: tuple[UnitContent, ...]
    practice: tuple[dict[str, Any], ...]
    quiz: QuizContent

    @property
    def lessons(self) -> tuple[LessonContent, ...]:
        """Every lesson of the course in reading order."""
        return tuple(lesson for unit in self.units for lesson in unit.lessons)


def read_course(path: Path) -> CourseContent:
    """Read one course; raises BadContent."""
    top = load(path, "cx-course/1")
    return CourseContent(
        file=path.name,
        id=top.at("id").word(),
        code=top.at("code").word(),
        version=top.at("version").word(),
        title=top.at("title").text(),
        summary=top.at("summary").text(),
        level=top.at("level").whole(1, HIGHEST_LEVEL),
        hours=top.at("hours").amount(),
        audience=top.at("audience").text(),
        prerequisites=top.words("prerequisites"),
        competencies=tuple(map(target, top.each("competencies"))),
        objectives=tuple(map(_objective, top.each("objectives"))),
        units=tuple(map(_unit, top.each("modules"))),
        practice=tuple(map(_task, top.each("practice", optional=True))),
        quiz=_quiz(top.at("quiz")),
    )


def target(part: Part) -> TargetLevel:
    """Read `{id, level}`."""
    return TargetLevel(part.at("id").word(), part.at("level").whole(1, HIGHEST_LEVEL))


def _objective(part: Part) -> ObjectiveContent:
    bloom = part.at("bloom").word()
    if bloom not in BLOOM:
        raise part.at("bloom").bad(f"is none of {', '.join(BLOOM)}")
    return ObjectiveContent(part.at("id").word(), bloom, part.at("text").text())


def _unit(part: Part) -> UnitContent:
    return UnitContent(
        part.at("id").word(),
        part.at("title").text(),
        tuple(map(_lesson, part.each("lessons"))),
    )


def _lesson(part: Part) -> LessonContent:
    return LessonContent(
        id=part.at("id").word(),
        kind=part.at("kind").word(),
        minutes=part.at("minutes").whole(1),
        objectives=part.words("objectives"),
        title=part.at("title").text(),
        body=part.at("body").text(),
        key_points=part.texts("key_points"),
        activity=_activity(part.at("activity")) if part.has("activity") else None,
    )


def _activity(part: Part) -> ActivityContent:
    if part.at("tool").word() != "classify":
        raise part.at("tool").bad("is not classify, the only exercise a lesson may hold")
    categories = tuple(NamedText(each.at("id").word(), each.at("text").text()) for each in part.each("categories"))
    known = {category.id for category in categories}
    items = tuple(_classify_item(each, known) for each in part.each("items"))
    return ActivityContent("classify", part.at("prompt").text(), categories, items)


def _classify_item(part: Part, known: set[str]) -> ClassifyItem:
    item = ClassifyItem(part.at("text").text(), part.at("answer").word())
    if item.answer not in known:
        raise part.at("answer").bad(f"{item.answer} is not a category")
    return item


def _task(part: Part) -> dict[str, Any]:
    """Check what every practice task has and return it as it stands; its tool knows the rest."""
    for key in ("id", "tool", "graded"):
        part.at(key).word()
    for key in ("title", "brief"):
        part.at(key).text()
    for key in ("rubric", "fields"):
        for line in part.each(key, optional=True):
            line.at("points").whole(1)
    for aim in part.each("competencies"):
        target(aim)
    categories = {each.at("id").word() for each in part.each("categories", optional=True)}
    for item in part.each("items", optional=not categories):
        _classify_item(item, categories)
    return part.raw()


def _quiz(part: Part) -> QuizContent:
    return QuizContent(
        pass_percent=part.at("pass_percent").whole(1, 100),
        attempts=part.at("attempts").whole(1),
        shuffle=part.at("shuffle").yes(),
        questions=tuple(map(_question, part.each("questions"))),
    )


def _question(part: Part) -> QuestionContent:
    part.at("stem").text()
    part.at("explanation").text()
    return QuestionContent(
        id=part.at("id").word(),
        type=part.at("type").word(),
        competency=part.at("competency").word(),
        objective=part.at("objective").word(),
        difficulty=part.at("difficulty").whole(1, 3),
        content=part.raw(*QUESTION_FIELDS),
    )
