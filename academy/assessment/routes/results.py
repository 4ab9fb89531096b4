"""The results of quizzes and their questions, for those who may edit the course."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import queries_of_results as queries
from academy.assessment import queries_of_statistics as statistics
from academy.assessment import services
from academy.assessment.policies_of_results import SEE_LEARNER, learners_seen
from academy.assessment.queries_of_first_answers import LATEST
from academy.assessment.queries_of_opinions import Opinion, Opinions
from academy.assessment.queries_of_results import LearnerOfCourse, QuizFigures, ReckonedQuiz
from academy.assessment.queries_of_statistics import QuestionFigures
from academy.assessment.routes.blueprints import bp
from academy.assessment.rules import ENOUGH_ATTEMPTS, ENOUGH_IN_GROUP, ENOUGH_PEOPLE, ENOUGH_TO_CALIBRATE, FLAGS
from academy.assessment.rules.gain import ENOUGH_PAIRS
from academy.assessment.types.base import separator
from academy.base.dates import riyadh_day
from academy.base.errors import NotFound
from academy.base.i18n import _, current_language
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.catalogue import queries as catalogue
from academy.catalogue.policies import EDIT_COURSE
from academy.catalogue.queries import Desk
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import paginate


def the_desk(key: str) -> Desk | None:
    """Find a course, with the version that gives it its title."""
    return catalogue.desk(key)


def the_export(key: str, file_kind: str) -> Desk | None:
    """Find the course of an export; None for a kind of file that is not written."""
    return catalogue.desk(key) if file_kind in ("csv", "xlsx") else None


def the_learner(key: str, person_id: int) -> LearnerOfCourse | None:
    """Find a learner of a course."""
    return queries.learner_of_course(catalogue.course_by_key(key), person_id)


def _chosen(figures: list[QuizFigures]) -> QuizFigures | None:
    """Return the quiz version asked for; else the newest with attempts; else the newest."""
    asked = request.args.get("quiz", type=int)
    found = [each for each in figures if each.version_id == asked] or [each for each in figures if each.attempts]
    return next(iter(found or figures), None)


@bp.get("/teach/<key>/questions")
@requires(EDIT_COURSE, find=the_desk)
def item_results(desk: Desk) -> ResponseReturnValue:
    """Show how a quiz and each of its questions turned out, as it was last reckoned."""
    figures = queries.quiz_figures(desk.course.id)
    chosen = _chosen(figures)
    standing = statistics.standing(chosen.version_id) if chosen and chosen.attempts else None
    kept = standing.reckoned if standing else None
    return render_template(
        "assessment/results.html",
        course=desk.course,
        course_title=desk.version.title,
        quizzes=figures,
        chosen=chosen,
        standing=standing,
        figures=statistics.shown(kept, chosen.scale) if kept and chosen else None,
        type_label=statistics.type_label,
        flags=FLAGS,
        enough={
            "pairs": ENOUGH_PAIRS,
            "attempts": ENOUGH_ATTEMPTS,
            "group": ENOUGH_IN_GROUP,
            "people": ENOUGH_PEOPLE,
            "scale": ENOUGH_TO_CALIBRATE,
        },
        latest=LATEST,
    )


@bp.get("/teach/<key>/questions/<int:quiz_version_id>/reckoning")
@requires(EDIT_COURSE, find=queries.reckoned_quiz)
def reckoning(quiz: ReckonedQuiz) -> ResponseReturnValue:
    """Say how far the reckoning is, if that is news: the page asks while it lasts. Whoever opens the address is led to the page."""
    if "HX-Request" not in request.headers:
        return redirect(_results(quiz))
    standing = statistics.standing(quiz.version_id)
    if standing.busy and standing.progress == request.args.get("seen"):
        return "", 204
    return render_template("assessment/results_reckoning.html", quiz=quiz, standing=standing)


@bp.post("/teach/<key>/questions/<int:quiz_version_id>/reckon")
@requires(EDIT_COURSE, find=queries.reckoned_quiz)
def reckon(quiz: ReckonedQuiz) -> ResponseReturnValue:
    """Ask for the statistics of a quiz to be reckoned anew."""
    services.ask_to_reckon(quiz.version_id)
    return redirect(_results(quiz))


def _results(quiz: ReckonedQuiz) -> str:
    return url_for("assessment.item_results", key=quiz.course.key, quiz=quiz.version_id)


@bp.get("/teach/<key>/questions.<file_kind>")
@requires(EDIT_COURSE, find=the_export)
def export_results(desk: Desk) -> ResponseReturnValue:
    """Export the figures of each question as CSV or XLSX."""
    chosen = _chosen(queries.quiz_figures(desk.course.id))
    if chosen is None:
        raise NotFound
    standing = statistics.standing(chosen.version_id)
    if standing.reckoned is None or standing.as_of is None:
        flash(_("There is nothing to export yet: compute the statistics first."), "warn")
        return redirect(url_for("assessment.item_results", key=desk.course.key, quiz=chosen.version_id))
    head = [
        _("Number"), _("Question"), _("Type"), _("Competency"), _("Points"), _("Asked"), _("Answered"),
        _("Right"), _("Share right"), _("Lower end (95%)"), _("Upper end (95%)"), _("Discrimination"),
        _("ETS class between agency and partners"), _("Rasch difficulty (logits)"), _("Standard error"),
        _("Infit"), _("Outfit"), _("Notes"), _("Choices"), _("Time on it in seconds (median)"), _("People timed"),
        _("ETS class between Arabic and English"),
    ]  # fmt: skip
    rows = _rows(statistics.shown(standing.reckoned, chosen.scale).questions)
    name = f"{desk.course.key}-questions-{chosen.version_id}-{riyadh_day(standing.as_of).isoformat()}"
    if (request.view_args or {})["file_kind"] == "csv":
        return _file(b"".join(write_csv(head, rows)), "text/csv; charset=utf-8", f"{name}.csv")
    sheet = write_xlsx(head, rows, sheet=_("Questions"), right_to_left=current_language() == "ar")
    return _file(sheet, XLSX, f"{name}.xlsx")


def _rows(figures: Iterable[QuestionFigures]) -> Iterator[list[object]]:
    for each in figures:
        found, fit = each.statistics, each.fit
        likely = (found.interval.low, found.interval.high) if found.interval else (None, None)
        rasch = (fit.difficulty, fit.error, fit.infit, fit.outfit) if fit else (None,) * 4
        yield [
            each.number, plain(each.question.stem), statistics.type_label(each.question),
            each.question.competency_key or "", each.question.points, each.asked, each.answered,
            each.right if each.question.worth else "",
            _cell(found.difficulty), *map(_cell, likely), _cell(found.discrimination),
            each.difference.size if each.difference else "", *map(_cell, rasch),
            " ".join(str(FLAGS[flag]) for flag in each.flags), _choices_in_words(each),
            _cell(each.seconds), each.timed, each.faces.size if each.faces else "",
        ]  # fmt: skip


def _cell(value: float | Fraction | None) -> float | str:
    return "" if value is None else round(float(value), 4)


def _choices_in_words(figures: QuestionFigures) -> str:
    if figures.opinions:
        return "\n".join(_opinion_in_words(figures.opinions, each) for each in figures.opinions.statements)
    words = {True: _("True"), False: _("False")}
    return "\n".join(
        f"{words[each.text] if isinstance(each.text, bool) else plain(each.text)}: {each.chosen}{' ✓' if each.right else ''}"
        for each in figures.choices
    )


def _opinion_in_words(found: Opinions, one: Opinion) -> str:
    counts = (f"{plain(step)} {count}" for step, count in zip(found.scale, one.counts, strict=True))
    return f"{plain(one.text)}: {separator(current_language()).join(counts)}"


def _file(data: bytes, content_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, content_type=content_type, headers=headers)


@bp.get("/teach/<key>/questions/learners")
@requires(EDIT_COURSE, find=the_desk, auditors=True)
def learner_results(desk: Desk) -> ResponseReturnValue:
    """List the learners with graded attempts whom the trainer may see."""
    page = paginate(queries.learners(desk.course.id, learners_seen(actor())))
    return render_template(
        "assessment/results_learners.html", course=desk.course, page=page, course_title=desk.version.title,
        passed=queries.passed_a_quiz(desk.course.id, [row.id for row in page.rows]),
    )  # fmt: skip


@bp.get("/teach/<key>/questions/learners/<int:person_id>")
@requires(SEE_LEARNER, find=the_learner, auditors=True)
def learner_attempts(learner: LearnerOfCourse) -> ResponseReturnValue:
    """List one learner's attempts at the quizzes of a course."""
    attempts = queries.attempts_of(learner.course.id, learner.person.id)
    if not attempts:
        raise NotFound
    return render_template(
        "assessment/results_learner.html", course=learner.course, person=learner.person, attempts=attempts
    )
