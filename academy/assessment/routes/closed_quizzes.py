"""Where the editor of a quiz leads when the quiz is published: to the draft, or to the course where one is begun."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.assessment.queries_of_editing import activity_in_draft, edited_quiz
from academy.assessment.refusals_of_editing import QuizClosed
from academy.assessment.routes.blueprints import bp
from academy.base.db import db
from academy.web import errors


@bp.errorhandler(QuizClosed)
def quiz_is_closed(refusal: QuizClosed) -> ResponseReturnValue:
    """Say that a published quiz stays as it is, and show the way on; whoever gets here may edit the course."""
    db.session.rollback()
    desk = edited_quiz((request.view_args or {}).get("activity_id", 0))
    if desk is None or errors.wants_json():
        return errors.page(refusal.status, refusal.for_reader())
    has_draft, draft_id = activity_in_draft(desk)
    shown = render_template("assessment/edit_closed.html", desk=desk, has_draft=has_draft, draft_id=draft_id)
    return shown, refusal.status
