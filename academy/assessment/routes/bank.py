"""The list of a question bank: searched, filtered, and many questions changed at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from academy.assessment import services
from academy.assessment.policies_of_bank import READ_BANK, USE_BANK
from academy.assessment.queries_of_bank import SIZE, allowed_ids, bank_rows, with_tags
from academy.assessment.queries_of_categories import Shelf, shelves
from academy.assessment.queries_of_exchange import BankDesk
from academy.assessment.routes.bank_words import DIFFICULTIES, LANGUAGES, MOVES, PLACES, STATES
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.finding_bank import asked_for, number, the_bank, the_posted_bank, words_asked
from academy.assessment.rules.bank import tags_in
from academy.assessment.services import Outcome
from academy.assessment.types import all_types
from academy.base import clock
from academy.base.access import allowed
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l, ngettext
from academy.catalogue.kinds import lookups
from academy.web import navigation
from academy.web.access import requires, safe_next
from academy.web.filters import in_digits, plain
from academy.web.filters import number as shown
from academy.web.identity import actor
from academy.web.pagination import Page, asked_page

navigation.enter("teach", 20, _l("Question bank"), "assessment.bank", "database", READ_BANK)
navigation.enter(
    "main",
    61,
    _l("Question bank"),
    "assessment.bank",
    "database",
    READ_BANK,
    shows=lambda actor: not allowed(USE_BANK, actor),
)

BULK_MOVES = ("send", "withdraw", "approve", "retire", "revive")
UNDONE = {"send": "withdraw", "retire": "revive", "revive": "retire", "tag": "untag", "untag": "tag", "file": "refile"}
FILTERS = ("q", "state", "type", "competency", "difficulty", "language", "tag", "place", "mine")


@bp.get("/bank")
@requires(READ_BANK)
def bank() -> ResponseReturnValue:
    """Show the questions of a bank with those of the courses that the visitor may edit."""
    visitor, here = actor(), the_bank()
    ask = asked_for(here)
    tree = shelves(here.organisation_id, visitor)
    rows, total = bank_rows(visitor, ask, number=asked_page())
    tagged, tags = with_tags(rows, visitor, here.organisation_id)
    pages = max(1, -(-total // SIZE))
    return render_template(
        "assessment/bank/list.html",
        bank=here,
        organisations=[(number, plain(name)) for number, name in here.choices],
        ask=ask,
        words=words_asked(),
        tree=tree,
        shelf=next((each for each in tree if each.id == ask.category), None),
        page=Page(tagged, min(asked_page(), pages), pages, total),
        tags=tags,
        filtered=any(request.args.get(name) for name in FILTERS),
        works=allowed(USE_BANK, visitor, BankDesk(here.organisation_id)),
        types=[each for each in all_types() if each.authored],
        **words_of_bank(),
    )


def words_of_bank() -> dict[str, Any]:
    """Return the names that lists of questions show: states, moves, types, competencies and the rest."""
    competencies = dict(lookups.competency_choices()) if lookups.competency_choices else {}
    return {
        "states": STATES,
        "state_choices": [(name, label) for name, (label, _tone, _icon) in STATES.items()],
        "moves": MOVES,
        "difficulties": DIFFICULTIES,
        "languages": LANGUAGES,
        "places": PLACES,
        "labels": {each.name: each.label for each in all_types()},
        "competencies": competencies,
        "competency_choices": [(key, f"{key} · {plain(name)}") for key, name in competencies.items()],
    }


def shelf_choices(tree: list[Shelf], none: str) -> list[tuple[int, str]]:
    """Return the categories for a select, deeper ones indented; the first stands for no category."""
    return [(0, none), *((shelf.id, "\u2003" * (shelf.depth - 1) + plain(shelf.name)) for shelf in tree)]


@bp.post("/bank/bulk")
@requires(USE_BANK, find=the_posted_bank)
def bank_bulk(desk: BankDesk) -> ResponseReturnValue:
    """Do the same to every ticked question, and say what became of each."""
    back = redirect(safe_next(request.form.get("next"), url_for("assessment.bank", organisation=desk.organisation_id)))
    ticked = [each for typed in request.form.getlist("question") if (each := number("", typed))]
    if not ticked:
        flash(_("Tick at least one question first."), "bad")
        return back
    act = _known_act()
    ids = allowed_ids(actor(), desk.organisation_id, ticked)
    try:
        outcome = _done(act, ids, desk.organisation_id)
    except NotFound:
        flash(_("This category is no longer there."), "bad")
        return back
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return back
    _tell(act, outcome, len(set(ticked)) - len(ids), desk)
    return back


def _known_act() -> str:
    act = request.form.get("act", "")
    if act not in ("file", "refile", "tag", "untag", *BULK_MOVES):
        raise NotFound
    return act


def _done(act: str, ids: list[int], organisation_id: int) -> Outcome:
    common: dict[str, Any] = {"organisation_id": organisation_id, "at": clock.now(), "by_id": actor().person_id}
    if act == "file":
        return services.file_many(ids, number("", request.form.get("category", "")), **common)
    if act in ("tag", "untag"):
        return services.tag_many(ids, tags_in(request.form.get("tag", "")[:400]), add=act == "tag", **common)
    return services.move_many(ids, act, **common)


def _tell(act: str, outcome: Outcome, unknown: int, desk: BankDesk) -> None:
    told = render_template(
        "assessment/bank/outcome.html",
        done=_sentence(act, outcome.count) if outcome.count else "",
        left=[(reason, len(ids)) for reason, ids in outcome.left.items()],
        unknown=unknown,
        act=UNDONE.get(act, "") if outcome.count else "",
        undo=",".join(f"{question_id}:{_before(act, before)}" for question_id, before in outcome.changed.items()),
        tag=request.form.get("tag", "")[:400],
        desk=desk,
        next=safe_next(request.form.get("next"), ""),
    )
    flash(Markup(told), "ok" if outcome.count else "warn")


def _before(act: str, before: str) -> str:
    return before if act == "file" else ""


def _sentence(act: str, count: int) -> str:
    said = {
        "file": ngettext("%(num)s question was moved.", "%(num)s questions were moved.", count, num=shown(count)),
        "tag": ngettext("%(num)s question was tagged.", "%(num)s questions were tagged.", count, num=shown(count)),
        "untag": ngettext(
            "The tag was taken from %(num)s question.", "The tag was taken from %(num)s questions.", count, num=shown(count)
        ),
        "send": ngettext("%(num)s question is in review now.", "%(num)s questions are in review now.", count, num=shown(count)),
        "withdraw": ngettext("%(num)s question is a draft again.", "%(num)s questions are drafts again.", count, num=shown(count)),
        "approve": ngettext("%(num)s question is ready now.", "%(num)s questions are ready now.", count, num=shown(count)),
        "retire": ngettext("%(num)s question was retired.", "%(num)s questions were retired.", count, num=shown(count)),
        "revive": ngettext("%(num)s question was brought back.", "%(num)s questions were brought back.", count, num=shown(count)),
    }  # fmt: skip
    return said[act]


@bp.post("/bank/undo")
@requires(USE_BANK, find=the_posted_bank)
def bank_undo(desk: BankDesk) -> ResponseReturnValue:
    """Take back what was just done to many questions, as far as they are still as that left them."""
    back = redirect(safe_next(request.form.get("next"), url_for("assessment.bank", organisation=desk.organisation_id)))
    pairs = [part.partition(":") for part in request.form.get("undo", "")[:4000].split(",")]
    before = {number("", key) or 0: number("", value) for key, _colon, value in pairs}
    ids = allowed_ids(actor(), desk.organisation_id, before)
    act = _known_act()
    try:
        count = _taken_back(act, ids, before, desk.organisation_id)
    except NotFound:
        flash(_("This category is no longer there."), "bad")
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    else:
        said = ngettext("Undone for %(num)s question.", "Undone for %(num)s questions.", count)
        flash(in_digits(said), "ok" if count else "warn")
    return back


def _taken_back(act: str, ids: list[int], before: dict[int, int | None], organisation_id: int) -> int:
    if act != "refile":
        return _done(act, ids, organisation_id).count
    count = 0
    for category_id in set(before.values()):
        same = [question_id for question_id in ids if before[question_id] == category_id]
        common: dict[str, Any] = {"organisation_id": organisation_id, "at": clock.now(), "by_id": actor().person_id}
        count += services.file_many(same, category_id, **common).count if same else 0
    return count
