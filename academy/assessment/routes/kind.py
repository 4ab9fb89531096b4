"""The quiz as a kind of activity: what the catalogue asks of it when courses are written, copied and published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from academy.assessment import services
from academy.assessment.forms.safe_browser import BROWSER_NAMES, show_secure
from academy.assessment.models import QuizVersion
from academy.assessment.queries_of_editing import QUIZ, RULES, EditedQuestion, questions_of
from academy.assessment.queries_of_pools import (
    Drawing,
    LinePool,
    PlacedQuiz,
    SectionRow,
    drawings_of,
    placed_quizzes,
    sections_of,
)
from academy.assessment.questions import N_, texts_of
from academy.assessment.routes.telling import reading_of
from academy.assessment.rules import matrix, show_table
from academy.assessment.rules.lines import show_blueprint, show_line
from academy.assessment.types import kind
from academy.base.dates import RIYADH
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue import kinds
from academy.catalogue.kinds import ActivityKind, NamedText, NewActivity, Problem

NO_QUESTIONS = N_("The quiz has no questions.")
BAD_QUESTION = N_("Question %(number)s: %(problem)s")
TOO_FEW = N_("Line %(number)s draws %(count)s questions, but only %(found)s fit.")
OVERLAP = N_("The draws find too few different questions together: lines share the same ones.")
NO_FLOOR = N_("A least percentage is asked for in %(key)s, but a paper may come without questions of it.")
EMPTY = N_("Section %(number)s has no questions.")
MIXED = N_("An anonymous survey holds only questions that are not scored, and draws none.")
THIN = N_("Line %(number)s draws %(count)s of %(found)s questions; %(enough)s or more would keep papers apart.")
RULE_NAMES = {
    "pass_percent": N_("Pass mark (percent)"), "floors": N_("Least percent in single domains"),
    "minutes": N_("Time limit in minutes"), "grace_seconds": N_("Grace in seconds"), "opens_at": N_("Opens"),
    "closes_at": N_("Closes"), "attempts_allowed": N_("Attempts allowed"),
    "cooling_minutes": N_("Minutes between attempts"), "counting": N_("Which attempt counts"),
    "shuffle": N_("In a different order in each attempt"), "layout": N_("Layout"),
    "navigation": N_("How learners move"), "confidence": N_("Asks how sure learners are"),
    "tries": N_("Tries for each question"), "try_penalty": N_("Less for each further try (percent)"),
    "password": N_("Password"), "addresses": N_("Networks it may be taken from"),
    "secure_browser": N_("Browser"), "secure": N_("Settings for Safe Exam Browser"),
    "review": N_("What learners see of their result"), "pre_quiz_id": N_("Quiz that was taken before"),
}  # fmt: skip


def _start(new: NewActivity) -> dict[str, Any]:
    quiz = services.create_quiz(new.course_id, new.key, title=new.title, at=new.at)
    return {"quiz_version_id": quiz.id}


def _copy(content: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {"quiz_version_id": services.copy_version(content["quiz_version_id"], at).id}


def _freeze(content: dict[str, Any], at: datetime) -> None:
    services.freeze(content["quiz_version_id"], at)


def _rename(content: dict[str, Any], title: LocalizedText) -> None:
    quiz = db.session.get(QuizVersion, content.get("quiz_version_id") or 0)
    if quiz is not None and quiz.frozen_at is None:
        quiz.title = title
        db.session.flush()


def _check(content: dict[str, Any]) -> list[Problem]:
    return _checks([content])[0]


def _checks(contents: Sequence[dict[str, Any]]) -> list[list[Problem]]:
    return [problems for problems, *_rest in _reviews(contents)]


def _reviews(contents: Sequence[dict[str, Any]]) -> list[kinds.Review]:
    ids = _ids(contents)
    questions, quizzes = questions_of(ids), placed_quizzes(ids)
    fixed = {key: {each.question_id: each.competency_key for each in mine} for key, mine in questions.items()}
    drawn = drawings_of(quizzes, fixed)
    found: list[kinds.Review] = []
    for key in ids:
        mine, quiz = questions.get(key, []), quizzes.get(key)
        problems = (
            [*_problems(mine, drawn[key], quiz.version), *_empty(quiz, mine)] if quiz else [Problem(NO_QUESTIONS)]
        )
        found.append((problems, _texts_of(mine, quiz.sections if quiz else ()), _told(quiz, mine)))
    return found


def _problems(questions: list[EditedQuestion], drawing: Drawing, version: QuizVersion) -> list[Problem]:
    if not questions and not drawing.lines:
        return [Problem(NO_QUESTIONS)]
    found = [
        Problem(BAD_QUESTION, (("number", number), ("problem", problem.sentence)))
        for number, question in enumerate(questions, start=1)
        for problem in kind(question.type).check(question.content)
    ]
    if version.anonymous and (drawing.lines or any(question.worth for question in questions)):
        found.append(Problem(MIXED))
    small = [
        Problem(TOO_FEW, (("number", each.number), ("count", each.line.count), ("found", each.found)))
        for each in drawing.lines
        if each.pool.too_small
    ]
    found += small or ([] if drawing.fits else [Problem(OVERLAP)])
    found += [Problem(NO_FLOOR, (("key", key),)) for key in version.floors if key not in drawing.domains]
    return found + [_thin(each) for each in drawing.lines if each.pool.thin and not each.pool.too_small]


def _empty(quiz: PlacedQuiz, questions: list[EditedQuestion]) -> list[Problem]:
    """Tell which sections were made and never filled; learners never see them."""
    filled = {question.section_id for question in questions}
    return [
        Problem(EMPTY, (("number", number),), blocks=False)
        for number, row in enumerate(quiz.sections, start=1)
        if questions and not row.lines and row.id not in filled
    ]


def _thin(each: LinePool) -> Problem:
    values = (("number", each.number), ("count", each.line.count), ("found", each.found), ("enough", each.enough))
    return Problem(THIN, values, blocks=False)


def _facts(contents: Sequence[dict[str, Any]]) -> list[list[tuple[str, object]]]:
    """Return the rules in which two versions of a quiz may differ, and what its sections draw."""
    ids = _ids(contents)
    quizzes = placed_quizzes(ids)
    found: list[list[tuple[str, object]]] = []
    for key in ids:
        quiz = quizzes.get(key)
        rules = [(label, _fact(name, quiz.version)) for name, label in RULE_NAMES.items()] if quiz else []
        lines = [show_line(line) for row in (quiz.sections if quiz else []) for line in row.lines]
        found.append([*rules, (N_("Questions drawn"), "; ".join(lines))])
    return found


def _fact(name: str, version: QuizVersion) -> object:
    value = getattr(version, name)
    if name == "review":
        return show_table(matrix(version.release, value))
    if name == "secure_browser":
        return str(BROWSER_NAMES[value])
    if name == "secure":
        return show_secure(value)
    if name == "floors":
        return show_blueprint(value)
    if name in ("opens_at", "closes_at"):
        return f"{value.astimezone(RIYADH):%Y-%m-%d %H:%M}" if value else None
    return ", ".join(value) if name == "addresses" else value


def _ids(contents: Sequence[dict[str, Any]]) -> list[int]:
    return [int(content.get("quiz_version_id") or 0) for content in contents]


def _texts(contents: Sequence[dict[str, Any]]) -> list[list[NamedText]]:
    ids = _ids(contents)
    questions, sections = questions_of(ids), sections_of(ids)
    return [_texts_of(questions.get(key, []), sections.get(key, ())) for key in ids]


def _texts_of(questions: Sequence[EditedQuestion], sections: Sequence[SectionRow]) -> list[NamedText]:
    titles = [NamedText(N_("Section"), row.title, number) for number, row in enumerate(sections, start=1)]
    written = [text for number, each in enumerate(questions, start=1) for text in texts_of(each.content, number)]
    return [text for text in (*titles, *written) if text.text]


def _prints(contents: Sequence[dict[str, Any]]) -> list[object]:
    """Tell all that learners would meet of quizzes: rules, sections with what they draw, questions in order; no ids."""
    ids = _ids(contents)
    questions, quizzes = questions_of(ids), placed_quizzes(ids)
    return [_told(quizzes.get(key), questions.get(key, [])) for key in ids]


def _told(quiz: PlacedQuiz | None, questions: Sequence[EditedQuestion]) -> object:
    if quiz is None:
        return None
    sections = quiz.version.sections
    places = {section.id: place for place, section in enumerate(sections)}
    chosen = [name for name in RULES if name != "secure"]  # publishing adds to that what nobody chose
    return [
        [(name, getattr(quiz.version, name)) for name in (*chosen, "title", "marking", "anonymous")],
        {name: said for name, said in quiz.version.secure.items() if name != "step"},
        [(section.title, section.kind, section.draw, section.points) for section in sections],
        [
            (
                places.get(each.section_id or 0), each.points, each.key, each.type, each.competency_key, each.objective,
                each.difficulty, each.content,
            )
            for each in questions
        ],
    ]  # fmt: skip


def _read(content: dict[str, Any]) -> list[Any]:
    """Return the questions of a quiz with their right answers, for whoever reviews the draft."""
    found = questions_of(_ids([content])).get(_ids([content])[0], [])
    return [
        {
            "question": each,
            "label": kind(each.type).label,
            **reading_of(each.type, each.content, each.sound),
        }
        for each in found
    ]


kinds.add(
    ActivityKind(
        QUIZ,
        _l("Quiz"),
        "list-checks",
        "passed",
        "assessment.edit_quiz",
        start=_start,
        copy=_copy,
        freeze=_freeze,
        rename=_rename,
        check=_check,
        checks=_checks,
        texts=_texts,
        facts=_facts,
        reviews=_reviews,
        prints=_prints,
        reading="assessment/edit_parts/reading.html",
        read=_read,
    )
)
