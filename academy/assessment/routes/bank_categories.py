"""The categories of a bank: the tree, adding, renaming, moving, ordering, removing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import services
from academy.assessment.forms.bank import CategoryForm
from academy.assessment.models import QuestionCategory
from academy.assessment.policies_of_bank import USE_BANK
from academy.assessment.queries_of_categories import Shelf, shelves
from academy.assessment.queries_of_exchange import BankDesk
from academy.assessment.routes.bank import shelf_choices
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.finding_bank import the_bank, the_category, the_desk_of_bank
from academy.assessment.rules.bank import lies_within
from academy.assessment.services.categories import category_in
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.web.access import requires
from academy.web.identity import actor


@bp.get("/bank/categories")
@requires(USE_BANK)
def bank_categories() -> ResponseReturnValue:
    """Show the tree of a bank, ready to be worked on."""
    here = the_bank()
    tree = shelves(here.organisation_id, actor())
    return render_template("assessment/bank/categories.html", bank=here, tree=tree)


@bp.route("/bank/categories/new", methods=["GET", "POST"])
@requires(USE_BANK, find=the_desk_of_bank)
def new_category(desk: BankDesk) -> ResponseReturnValue:
    """Add a category, under the one that the address names."""
    tree = shelves(desk.organisation_id, actor())
    top = _("At the top")
    form = CategoryForm(data={"category": desk.category.id if desk.category else 0}, shelves=shelf_choices(tree, top))
    if form.validate_on_submit():
        try:
            parent = category_in(form.category.data, desk.organisation_id)
            made = services.create_category(
                desk.organisation_id, form.name.text, parent=parent, at=clock.now(), by_id=actor().person_id
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            flash(_("The category has been added."), "ok")
            return _to_tree(made)
    page = render_template(
        "assessment/bank/category.html", organisation_id=desk.organisation_id, form=form, category=None
    )
    return page, 422 if form.errors else 200


def _to_tree(category: QuestionCategory) -> ResponseReturnValue:
    anchor = f"category-{category.id}"
    return redirect(url_for("assessment.bank_categories", organisation=category.organisation_id, _anchor=anchor))


def _refuse(form: CategoryForm, refusal: Refusal) -> None:
    if refusal.field == "parent":
        form.category.errors = [*form.category.errors, refusal.for_reader()]
    else:
        form.refuse(refusal)


@bp.route("/bank/categories/<int:category_id>", methods=["GET", "POST"])
@requires(USE_BANK, find=the_category)
def edit_category(category: QuestionCategory) -> ResponseReturnValue:
    """Rename a category, or put it under another one."""
    tree = shelves(category.organisation_id, actor())
    others = [shelf for shelf in tree if not lies_within(shelf.path, category.path)]
    form = CategoryForm(
        data={"name": category.name, "category": category.parent_id or 0},
        shelves=shelf_choices(others, _("At the top")),
    )
    if form.validate_on_submit():
        at, by_id = clock.now(), actor().person_id
        try:
            parent = category_in(form.category.data, category.organisation_id)
            services.move_category(category, parent, at=at, by_id=by_id)
            services.rename_category(category, form.name.text, at=at, by_id=by_id)
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            flash(_("The category has been saved."), "ok")
            return _to_tree(category)
    return _category_page(category, form, tree), 422 if form.errors else 200


def _category_page(category: QuestionCategory, form: CategoryForm, tree: list[Shelf]) -> str:
    own = next((shelf for shelf in tree if shelf.id == category.id), None)
    return render_template(
        "assessment/bank/category.html",
        organisation_id=category.organisation_id,
        form=form,
        category=category,
        shelf=own,
        holds_more=any(shelf.parent_id == category.id for shelf in tree) or services.holds_questions(category),
    )


@bp.post("/bank/categories/<int:category_id>/order")
@requires(USE_BANK, find=the_category)
def order_category(category: QuestionCategory) -> ResponseReturnValue:
    """Move a category a place up or down among those beside it."""
    services.order_category(category, "up" if request.form.get("move") == "up" else "down")
    return _to_tree(category)


@bp.post("/bank/categories/<int:category_id>/remove")
@requires(USE_BANK, find=the_category)
def remove_category(category: QuestionCategory) -> ResponseReturnValue:
    """Remove a category; what lies in it stays with it or moves up, as the visitor has chosen."""
    organisation_id, lift = category.organisation_id, request.form.get("lift") == "yes"
    try:
        services.remove_category(category, lift=lift, at=clock.now(), by_id=actor().person_id)
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for("assessment.edit_category", category_id=category.id))
    flash(_("The category has been removed."), "ok")
    return redirect(url_for("assessment.bank_categories", organisation=organisation_id))
