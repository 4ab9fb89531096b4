"""Putting the letters of a kind into the academy's own words, for administrators."""

from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import queries as accounts
from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import LANGUAGES, _, _l, in_language
from academy.notices import kinds, own_words, policies, rules, services, wording
from academy.notices import queries_of_wording as queries
from academy.notices.forms_of_wording import WordingForm
from academy.notices.kinds import Kind
from academy.notices.own_words import OwnWords
from academy.notices.routes.blueprints import bp
from academy.notices.services.rewording import examples
from academy.notices.values import PHRASES, VALUES, Phrase, Value
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import calendar, digits
from academy.web.identity import actor
from academy.web.pagination import paginate

name_act("notices:wording:change", _l("Letters reworded"))
name_act("notices:wording:restore", _l("Standard wording of letters restored"))

FIELDS = {
    "subject-ar": _l("Subject in Arabic"),
    "subject-en": _l("Subject in English"),
    "body-ar": _l("Text in Arabic"),
    "body-en": _l("Text in English"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reader of one language is written."""

    language: str
    words: wording.Words


@bp.get("/admin/letters/wording")
@requires(policies.CHANGE_WORDING)
def wordings() -> ResponseReturnValue:
    """Each kind of letters, and whether it speaks in own words."""
    rows = [(kind, kinds.name_of(kind)) for kind in kinds.worded()]
    return _page("wordings", rows=rows, newest=queries.all_newest(), words_of=queries.words_of)


@bp.route("/admin/letters/wording/<name>", methods=["GET", "POST"])
@requires(policies.CHANGE_WORDING, find=queries.kind_worded)
def wording_of(kind: Kind) -> ResponseReturnValue:
    """Subject and text of one kind of letters: saved, shown as they would be read, or sent to oneself."""
    row = queries.newest(kind.name)
    present = own_words.standing(kind, queries.words_of(row))
    given = {"subject": present.subject, "body": present.body, "version": str(row.version if row else 0)}
    form = WordingForm(kind, data=given)
    if form.validate_on_submit() and (done := _acted(kind, form)) is not None:
        return done
    shown = _previews(kind, form.words)
    said = {
        "variables": _variables(kind), "previews": shown, "row": row, "own": bool(queries.words_of(row)),
        "title": kinds.name_of(kind), "kind": kind,
    }  # fmt: skip
    return _page("wording", form=form, **said), 422 if form.errors else 200


def _acted(kind: Kind, form: WordingForm) -> ResponseReturnValue | None:
    """Do what the pressed button says. None: the page is to be drawn again with what was typed."""
    act, me, at = request.form.get("act", "save"), actor().person_id, clock.now()
    if act == "preview":
        return None
    try:
        if act == "test":
            person = accounts.person(me)
            assert person is not None
            services.try_wording(kind, form.words, person, at=at)
            flash(_("Two test letters are on their way to you, one in each language. Nothing was saved."), "ok")
            return None
        changed = services.reword(kind, form.words, seen=form.seen, actor_id=me, at=at)
    except services.NewerWording as newer:
        form.refuse(newer)
        latest = queries.newest(kind.name)
        form.version.data = str(latest.version if latest else 0)
        return None
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    flash(_("Saved. Letters written from now on use these words.") if changed else _("Nothing was changed."), "ok")
    return redirect(url_for("notices.wording_of", name=kind.name))


@bp.post("/admin/letters/wording/<name>/preview")
@requires(policies.CHANGE_WORDING, find=queries.kind_worded)
def preview_wording(kind: Kind) -> ResponseReturnValue:
    """How the words typed so far would be read, with what is wrong with them."""
    form = WordingForm(kind)
    faults = [] if form.validate() else [said for half in _halves(form) for said in half.errors]
    return render_template("notices/administration/parts/wording_previews.html", previews=_previews(kind, form.words), faults=faults)  # fmt: skip


def _halves(form: WordingForm) -> list[Any]:
    fields = [form.subject, *([form.body] if form.kind.body else [])]
    return [field.form[language] for field in fields for language in LANGUAGES]


@bp.get("/admin/letters/wording/<name>/versions")
@requires(policies.CHANGE_WORDING, find=queries.kind_worded)
def wording_versions(kind: Kind) -> ResponseReturnValue:
    """All versions of a kind's wording: who, when, and what changed."""
    page = paginate(queries.versions(kind.name))
    rows = [row for row, _name in page.rows]
    earlier = [*rows[1:], queries.version(kind.name, rows[-1].version - 1)] if rows else []
    changed = [_changed(kind, before, row) for row, before in zip(rows, earlier, strict=True)]
    shown = [(row, name, changes) for (row, name), changes in zip(page.rows, changed, strict=True)]
    return _page("wording_versions", kind=kind, title=kinds.name_of(kind), page=page, shown=shown, fields=FIELDS)


def _changed(kind: Kind, before: Any, after: Any) -> list[tuple[str, str, str, str]]:
    """What a version changed: field, its language, before, after."""
    then, now = (own_words.standing(kind, queries.words_of(row)) for row in (before, after))
    return [(name, name[-2:], *pair) for name, pair in own_words.changes(then, now).items()]


@bp.post("/admin/letters/wording/<name>/restore")
@requires(policies.CHANGE_WORDING, find=queries.kind_worded)
def restore_wording(kind: Kind) -> ResponseReturnValue:
    """Let the letters of a kind follow the standard wording again."""
    seen = request.form.get("version", -1, type=int)
    try:
        services.restore_wording(kind, seen=seen, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
    else:
        flash(_("The standard wording is back."), "ok")
    return redirect(url_for("notices.wording_of", name=kind.name))


def _variables(kind: Kind) -> list[tuple[str, Any, bool]]:
    """The variables of a kind: name, meaning, whether a letter must say it."""
    needed = own_words.needed(kind)
    described: dict[str, Value | Phrase] = {**VALUES, **PHRASES}
    return [(name, described[name].meaning, name in needed) for name in own_words.variables(kind)]


def _previews(kind: Kind, typed: OwnWords) -> list[Preview]:
    """The typed words with example values, as readers of each language see them; what is no variable stays as it is typed."""
    texts = (typed.subject.ar, typed.subject.en, typed.body.ar, typed.body.en)
    unknown = {name for text in texts for name in own_words.PLACE.findall(text)} - set(own_words.variables(kind))
    values, shown = {**{name: f"{{{name}}}" for name in unknown}, **examples(kind)}, []
    own = own_words.without_shipped(kind, typed)
    for language in LANGUAGES:
        with in_language(language):
            reader = rules.Reader(language, digits(), calendar())
            words = wording.in_own_words(kind, own, values, reader, markup=True)
        shown.append(Preview(language, words))
    return shown


def _page(name: str, **values: Any) -> str:
    """Draw a page of the administration."""
    return render_template(f"notices/administration/{name}.html", section_navigation=navigation.menu("admin"), **values)
