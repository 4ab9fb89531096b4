"""Questions of a bank one by one: writing, editing, trying, filing, and the history of their versions."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import services
from academy.assessment.forms import QuestionForm, form_class
from academy.assessment.forms.bank import FilingForm
from academy.assessment.models import DRAFT
from academy.assessment.policies_of_bank import EDIT_BANKED, REVIEW_BANKED, USE_BANK
from academy.assessment.queries_of_banked import (
    Banked,
    banked,
    pair_of_versions,
    states_of,
    tags_of,
    uses_of,
    versions_of,
)
from academy.assessment.queries_of_categories import shelves
from academy.assessment.queries_of_returns import returned
from academy.assessment.questions import differences
from academy.assessment.routes.bank import shelf_choices
from academy.assessment.routes.bank_words import DIFFICULTIES, STATES
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.editing_pictures import take_picture
from academy.assessment.routes.finding_bank import NewBanked, number, the_banked, the_new_banked
from academy.assessment.routes.writing import Writing, carry_out, competency_choices, try_out
from academy.assessment.rules.bank import tags_in
from academy.assessment.services.banking import RETIRED_IS_CLOSED
from academy.assessment.services.pictures import Owner
from academy.assessment.types import all_types, kind
from academy.base import clock
from academy.base.errors import Conflict, Refusal
from academy.base.i18n import _
from academy.web.access import requires
from academy.web.identity import actor


@bp.route("/bank/new/<type_name>", methods=["GET", "POST"], endpoint="bank_new")
@requires(USE_BANK, find=the_new_banked)
def new_banked(new: NewBanked) -> ResponseReturnValue:
    """Write a new question of a type into the bank, into the category that the address names."""
    category_id = number("category") or None
    form = _form(new.form_class, None)
    here: dict[str, Any] = {"organisation": new.organisation_id, "category": category_id}

    def keep(filled: QuestionForm) -> int:
        at, by_id = clock.now(), actor().person_id
        made = services.add_to_bank(new.organisation_id, filled.written(), category_id=category_id, at=at, by_id=by_id)
        return made.id

    def page(shown: QuestionForm, refused: Refusal | None) -> str:
        action = url_for("assessment.bank_new", type_name=shown.type_name, **here)
        return _form_page(shown, None, refused, action=action, back_url=url_for("assessment.bank", **here))

    def prepare(filled: QuestionForm) -> None:
        take_picture(Owner(organisation_id=new.organisation_id), filled)

    return carry_out(form, Writing(keep=keep, mark=str, after=_after, page=page, prepare=prepare))


@bp.route("/bank/questions/<int:question_id>/edit", methods=["GET", "POST"], endpoint="banked_edit")
@requires(EDIT_BANKED, find=the_banked)
def edit_banked(place: Banked) -> ResponseReturnValue:
    """Change a question: what is saved becomes its next version."""
    chosen, question_id = form_class(place.type), place.question.id
    if chosen is None:
        raise LookupError(f"no form for questions of type {place.type}")
    if place.question.state == "retired":
        raise Conflict(RETIRED_IS_CLOSED)
    form = _form(chosen, place)

    def keep(filled: QuestionForm) -> int:
        from_course = place.version.objective if place.course else None
        written = services.Written(**{**_parts(filled), "objective": from_course})
        seen = filled.seen.data or ""
        services.keep_in_bank(question_id, written, at=clock.now(), by_id=actor().person_id, seen=seen)
        return question_id

    def mark() -> str:
        now = banked(question_id)
        return now.mark if now else ""

    def page(shown: QuestionForm, refused: Refusal | None) -> str:
        here: dict[str, Any] = {"question_id": question_id}
        action = url_for("assessment.banked_edit", **here)
        return _form_page(shown, place, refused, action=action, back_url=url_for("assessment.banked", **here))

    def prepare(filled: QuestionForm) -> None:
        take_picture(Owner.of(place.course, place.organisation_id), filled, place.content)

    return carry_out(form, Writing(keep=keep, mark=mark, after=_after, page=page, prepare=prepare))


def _parts(form: QuestionForm) -> dict[str, Any]:
    written = form.written()
    return {name: getattr(written, name) for name in ("type", "content", "competency_key", "difficulty")}


def _form(chosen: type[QuestionForm], place: Banked | None) -> QuestionForm:
    own, others = competency_choices([], place.version.competency_key if place else None)
    if place is None:
        data: dict[str, Any] = chosen.blank()
    else:
        data = {
            **chosen.filled(place.content),
            "seen": place.mark,
            "competency": place.version.competency_key or "",
            "difficulty": place.version.difficulty,
        }
    formdata = request.form if request.method == "POST" else None
    form = chosen(formdata, own=own, others=others, objectives=[], data=data)
    form.for_bank()
    return form


def _form_page(form: QuestionForm, place: Banked | None, refused: Refusal | None, *, action: str, back_url: str) -> str:
    form.number_rows()
    return render_template(
        "assessment/bank/edit.html",
        form=form,
        place=place,
        refused=refused,
        action=action,
        back_url=back_url,
        returned=returned(place.question.id) if place and place.question.state == DRAFT else None,
        label=kind(form.type_name).label,
        scored=kind(form.type_name).scored,
    )


def _after(question_id: int, act: str) -> ResponseReturnValue:
    flash(_("The question has been saved."), "ok")
    endpoint = "assessment.banked_try" if act == "try" else "assessment.banked"
    return redirect(url_for(endpoint, question_id=question_id))


@bp.route("/bank/questions/<int:question_id>/try", methods=["GET", "POST"], endpoint="banked_try")
@requires(EDIT_BANKED, find=the_banked)
def try_banked(place: Banked) -> ResponseReturnValue:
    """Answer a question as a learner would and see the feedback at once; nothing is kept."""
    return try_out("assessment/bank/try.html", place, place=place)


@bp.route("/bank/questions/<int:question_id>/filing", methods=["GET", "POST"], endpoint="banked_filing")
@requires(EDIT_BANKED, find=the_banked)
def file_banked(place: Banked) -> ResponseReturnValue:
    """Put a question under a category and give it tags."""
    tree = shelves(place.organisation_id, actor())
    tags = ", ".join(row.tag for row in tags_of(place.question.id))
    data = {"category": place.question.category_id or 0, "tags": tags}
    form = FilingForm(data=data, shelves=shelf_choices(tree, _("Without a category")))
    if form.validate_on_submit():
        try:
            wanted = tags_in(form.tags.data or "")
            services.file_question(place.question.id, category_id=form.category.data or None, tags=wanted)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Category and tags have been saved."), "ok")
            return redirect(url_for("assessment.banked", question_id=place.question.id))
    return render_template("assessment/bank/filing.html", place=place, form=form), 422 if form.errors else 200


@bp.get("/bank/questions/<int:question_id>/history", endpoint="banked_history")
@requires(REVIEW_BANKED, find=the_banked)
def banked_history(place: Banked) -> ResponseReturnValue:
    """Show the versions of a question, what differs between two of them, its way through the states, and where it is asked."""
    versions = versions_of(place.question.id)
    newest = place.version.number
    after = min(number("after") or newest, newest)
    before = number("before") or max(1, after - 1)
    pair = pair_of_versions(place.question.id, (before, after)) if before != after else {}
    changes = differences(pair[before], pair[after]) if len(pair) == 2 else None
    return render_template(
        "assessment/bank/history.html",
        place=place,
        versions=versions,
        before=before,
        after=after,
        changes=changes,
        state_changes=states_of(place.question.id),
        uses=uses_of(place.question.id),
        states=STATES,
        difficulties=DIFFICULTIES,
        labels={each.name: each.label for each in all_types()},
    )
