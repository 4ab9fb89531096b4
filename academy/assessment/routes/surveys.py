"""The results of surveys, for those who may edit the course: figures of enough people, and their answers as a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.assessment import queries_of_surveys as queries
from academy.assessment.policies_of_results import learners_seen
from academy.assessment.queries_of_editing import EditedQuestion, edited_questions
from academy.assessment.queries_of_surveys import Sheet, Survey
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.logs import as_file
from academy.assessment.routes.results import the_desk, the_export
from academy.assessment.types import kind
from academy.base import audit, clock
from academy.base.dates import riyadh_day
from academy.base.errors import NotFound
from academy.base.i18n import _, _l, current_language
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.base.text import LocalizedText
from academy.catalogue.policies import EDIT_COURSE
from academy.catalogue.queries import Desk
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor

EXPORTED = "assessment:survey:export"

name_act(EXPORTED, _l("Answers to a survey exported by name"))
navigation.count_as("teach", "assessment.survey_results")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its heading, and what a sheet says in it (None: nothing)."""

    heading: str
    said: Callable[[Sheet], object]


def chosen_of(surveys: Sequence[Survey]) -> Survey | None:
    """Return the survey asked for; else the newest in which somebody took part; else the newest."""
    asked = request.args.get("survey", type=int)
    found = [each for each in surveys if each.version_id == asked] or [each for each in surveys if each.sent]
    return next(iter(found or surveys), None)


@bp.get("/teach/<key>/surveys")
@requires(EDIT_COURSE, find=the_desk)
def survey_results(desk: Desk) -> ResponseReturnValue:
    """Show what was said in a survey, question by question."""
    surveys = queries.surveys_of(desk.course.id)
    chosen = chosen_of(surveys)
    return render_template(
        "assessment/surveys.html",
        course=desk.course,
        course_title=desk.version.title,
        surveys=surveys,
        chosen=chosen,
        results=queries.results(chosen) if chosen else None,
        type_label=lambda question: kind(question.type).label,
    )


@bp.get("/teach/<key>/surveys.<file_kind>")
@requires(EDIT_COURSE, find=the_export)
def export_survey(desk: Desk) -> ResponseReturnValue:
    """Export the answers, one row a person: by name of those whom the trainer may see, or without any in a drawn order."""
    chosen = chosen_of(queries.surveys_of(desk.course.id))
    if chosen is None:
        raise NotFound
    floor = queries.floor_of(chosen.quiz_id) if chosen.anonymous else 1
    found = (
        queries.shown_sheets(chosen, floor)
        if chosen.anonymous
        else queries.named_sheets(chosen, learners_seen(actor()))
    )
    columns = [each for each in columns_of(edited_questions(chosen.version_id)) if enough(each, found, floor)]
    if not found or not columns:
        flash(_("There is nothing to export yet: too few people have answered."), "warn")
        return redirect(url_for("assessment.survey_results", key=desk.course.key, survey=chosen.version_id))
    if not chosen.anonymous:
        note_export(desk, chosen, len(found))
    named = [] if chosen.anonymous else [Column(_("Name"), lambda sheet: plain(sheet.name))]
    return as_table(desk, chosen, [*named, *columns], found)


def enough(column: Column, found: Sequence[Sheet], floor: int) -> bool:
    """Whether as many people have said something in a column as the floor asks for; others are left out whole."""
    return sum(column.said(sheet) is not None for sheet in found) >= floor


def as_table(desk: Desk, survey: Survey, columns: Sequence[Column], found: Sequence[Sheet]) -> ResponseReturnValue:
    """Return the file."""
    head = [column.heading for column in columns]
    rows = [["" if (said := column.said(sheet)) is None else said for column in columns] for sheet in found]
    name = f"{desk.course.key}-survey-{survey.version_id}-{riyadh_day(clock.now()).isoformat()}"
    if (request.view_args or {})["file_kind"] == "csv":
        return as_file(b"".join(write_csv(head, rows)), "text/csv; charset=utf-8", f"{name}.csv")
    sheet = write_xlsx(head, rows, sheet=_("Survey"), right_to_left=current_language() == "ar")
    return as_file(sheet, XLSX, f"{name}.xlsx")


def columns_of(questions: Sequence[EditedQuestion]) -> Iterator[Column]:
    """Yield the columns of each question: a statement with its step, an item with its place."""
    for number, question in enumerate(questions, start=1):
        content, key = question.content, str(question.version_id)
        stem = f"{number}. {plain(question.stem)}"
        if question.type == "ranking":
            for item in content["items"]:
                yield Column(f"{stem} — {_text(item)}", _place_of(key, item["id"]))
        else:
            steps = {step["id"]: _text(step) for step in content["scale"]}
            for statement in content["statements"]:
                yield Column(f"{stem} — {_text(statement)}", _step_of(key, statement["id"], steps))


def _text(entry: Mapping[str, Any]) -> str:
    return plain(LocalizedText.of(entry["text"]))


def _place_of(key: str, item: str) -> Callable[[Sheet], object]:
    return lambda sheet: ((sheet.answers.get(key) or {}).get("places") or {}).get(item)


def _step_of(key: str, statement: str, steps: Mapping[str, str]) -> Callable[[Sheet], object]:
    return lambda sheet: steps.get(((sheet.answers.get(key) or {}).get("ratings") or {}).get(statement, ""))


def note_export(desk: Desk, survey: Survey, people: int) -> None:
    """Leave a trace of who took answers by name."""
    audit.record_reading(
        EXPORTED,
        at=clock.now(),
        actor_id=actor().person_id,
        subject=("course", desk.course.id, plain(desk.version.title)),
        organisation_id=desk.course.organisation_id,
        after={"quiz_version": survey.version_id, "people": people},
    )
