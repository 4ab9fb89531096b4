"""The glossary: one term an idea, in both languages; read by everyone, kept by those who look after the academy."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.arabic import search_terms
from academy.base.errors import Refusal, Stale
from academy.base.i18n import _, current_language
from academy.base.text import clean_line
from academy.catalogue import policies, queries, services
from academy.catalogue.forms.glossary import TermForm, term_form
from academy.catalogue.models import GlossaryTerm
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.saving import asked_revision, status_of
from academy.catalogue.rules.glossary import by_letter
from academy.web.access import public, requires
from academy.web.identity import actor

AT_ONCE = 150


@bp.get("/glossary")
@public
def glossary() -> ResponseReturnValue:
    """Show the terms under their letters; a large glossary one letter at a time."""
    words = clean_line(request.args.get("q", ""))[:200]
    order = request.args.get("order", "")
    order = order if order in ("ar", "en") else current_language()
    asked = search_terms(words)
    groups = by_letter(queries.terms(asked), lambda row: row.term.ar if order == "ar" else row.term.en)
    total = sum(len(rows) for _letter, rows in groups)
    letters = [letter for letter, _rows in groups]
    letter = request.args.get("letter", "")
    letter = letter if letter in letters else next(iter(letters), "")
    paged = total > AT_ONCE
    return render_template(
        "catalogue/glossary.html",
        groups=[group for group in groups if not paged or group[0] == letter],
        letters=letters,
        letter=letter if paged else "",
        paged=paged,
        total=total,
        words=words,
        order=order,
        only_stop_words=bool(words) and not asked,
    )


@bp.route("/glossary/new", methods=["GET", "POST"])
@requires(policies.KEEP_GLOSSARY)
def new_term() -> ResponseReturnValue:
    """Add a term."""
    form = term_form()

    def save() -> GlossaryTerm:
        return services.add_term(form.details(), at=clock.now(), actor_id=actor().person_id)

    return _edited(form, None, save, _("The term has been added."))


@bp.route("/glossary/<term_key>", methods=["GET", "POST"])
@requires(policies.KEEP_GLOSSARY, find=queries.term_by_key)
def edit_term(term: GlossaryTerm) -> ResponseReturnValue:
    """Change a term."""
    form = term_form(term)

    def save() -> GlossaryTerm:
        by = actor().person_id
        return services.change_term(term.id, form.details(), at=clock.now(), actor_id=by, revision=asked_revision())

    return _edited(form, term, save, _("The term has been saved."))


@bp.post("/glossary/<term_key>/remove")
@requires(policies.KEEP_GLOSSARY, find=queries.term_by_key)
def remove_term(term: GlossaryTerm) -> ResponseReturnValue:
    """Remove a term."""
    services.remove_term(term.id, at=clock.now(), actor_id=actor().person_id)
    flash(_("The term has been removed."), "ok")
    return redirect(url_for(".glossary"))


def _edited(
    form: TermForm, term: GlossaryTerm | None, save: Callable[[], GlossaryTerm], said: str
) -> ResponseReturnValue:
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            saved = save()
        except Refusal as refusal:
            refused = refusal
            if refusal.field:
                form.refuse(refusal)
        else:
            flash(said, "ok")
            return redirect(url_for(".glossary", _anchor=f"term-{saved.key}"))
    page = render_template(
        "catalogue/term.html", form=form, term=term, refused=refused if refused and not refused.field else None,
        stale=isinstance(refused, Stale), current=term.revision if term else 0,
    )  # fmt: skip
    return page, status_of(form, refused)
