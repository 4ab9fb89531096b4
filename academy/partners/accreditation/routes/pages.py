"""An application's page, as each of its readers sees it; every act on it comes back here."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base.access import ADMINISTRATOR, allowed
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.partners.accreditation import kinds, policies, queries
from academy.partners.accreditation.criteria import AGENCY_AVERAGE, way_of
from academy.partners.accreditation.forms import DecisionForm, HandInForm, MeasureForm, SendForm, VoteForm
from academy.partners.accreditation.models import AccreditationApplication
from academy.partners.accreditation.rules import DECIDED, Scheme, State, Way, level_met, tally
from academy.partners.queries import partner as partner_by_id
from academy.web.access import may
from academy.web.filters import plain
from academy.web.forms import AcademyForm
from academy.web.identity import actor

Acting = dict[str, AcademyForm]


def application_page(row: AccreditationApplication, sent: AcademyForm | None = None) -> ResponseReturnValue:
    """Show an application; `sent` is the form that was refused, with what is wrong in it."""
    scheme, me = queries.scheme_of(row.scheme_id), actor()
    readings = queries.readings_in(row.findings)
    votes = queries.votes_of(row.id) if row.state in (State.COMMITTEE, *DECIDED) else []
    own = next((vote for vote, _name in votes if vote.voter_id == me.person_id), None)
    shown = render_template(
        "accreditation/application.html", row=row, scheme=scheme, readings=readings, partner=partner_by_id(row.organisation_id),
        criteria=scheme.up_to(row.level), documents=queries.documents_of(row.id), measures=queries.measures_of(row.id),
        forms=_forms(row, scheme, sent), sent=sent, votes=votes, own_vote=own, sees_votes=_sees_votes(row, own is not None),
        counted=_tally(row, scheme) if row.state == State.COMMITTEE else None, **_words(row),
    )  # fmt: skip
    return shown, 422 if sent is not None else 200


def _words(row: AccreditationApplication) -> dict[str, object]:
    return {
        "names": kinds.DOCUMENTS, "states": kinds.STATES, "sources": kinds.SOURCES, "undecided": kinds.UNDECIDED,
        "prepares": may(policies.MAKE_APPLICATION, row), "reviews": may(policies.REVIEW_APPLICATION, row),
        "voting": may(policies.VOTE_ON_APPLICATION, row), "lists": may(policies.LIST_APPLICATIONS),
        "average": AGENCY_AVERAGE,
    }  # fmt: skip


def _sees_votes(row: AccreditationApplication, has_voted: bool) -> bool:
    """Votes are read by the members who have given theirs, and after the decision by the reviewers too; the partner reads the reason."""
    me = actor()
    if allowed(policies.VOTE_ON_APPLICATION, me, row):
        return has_voted or row.state in DECIDED
    return row.state in DECIDED and me.holds_everywhere(ADMINISTRATOR)


def _tally(row: AccreditationApplication, scheme: Scheme) -> object:
    return tally(queries.ballots_of(row.id), scheme.quorum, queries.involved(row.id))


def _forms(row: AccreditationApplication, scheme: Scheme, sent: AcademyForm | None) -> Acting:
    """Return the forms of the page, each as it is at first but the one that was sent."""
    made: Acting = {}
    for kind in (HandInForm, MeasureForm, SendForm, VoteForm, DecisionForm):
        form = sent if isinstance(sent, kind) else kind(formdata=None)
        offer(form, row, scheme)
        made[kind.__name__] = form
    return made


def offer(form: AcademyForm, row: AccreditationApplication, scheme: Scheme) -> None:
    """Set what can be chosen in a form of an application."""
    if isinstance(form, HandInForm):
        refs = [ref for each in scheme.up_to(row.level) for ref in each.refs]
        form.ref.choices = [(ref, str(kinds.DOCUMENTS[ref])) for ref in refs]
    if isinstance(form, MeasureForm):
        asked = [each for each in scheme.up_to(row.level) if way_of(each) is Way.ENTERED]
        form.criterion.choices = [(each.key, plain(each.text)) for each in asked]
    if isinstance(form, SendForm):
        reached = level_met(scheme, queries.readings_in(row.findings), row.level)
        levels = [each for each in reversed(scheme.levels) if each.level <= reached]
        form.proposed.choices = [
            *((str(each.level), _("Accredit: %(level)s", level=plain(each.name))) for each in levels),
            ("0", _("Refuse")),
        ]


def acted(
    row: AccreditationApplication, form: AcademyForm, act: Callable[[], object], said: str
) -> ResponseReturnValue:
    """Do what a form of an application's page asks for; else show that page again with what is wrong."""
    offer(form, row, queries.scheme_of(row.scheme_id))
    if not form.validate_on_submit():
        return application_page(row, form)
    try:
        act()
    except Refusal as refusal:
        form.refuse(refusal)
        db.session.rollback()
        return application_page(row, form)
    flash(said, "ok")
    return redirect(url_for("accreditation.application", application_id=row.id))


def pressed(row: AccreditationApplication, act: Callable[[], object], said: str) -> ResponseReturnValue:
    """Do what a bare button asks for, and say what came of it."""
    number = row.id
    try:
        act()
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.for_reader(), "bad")
    else:
        flash(said, "ok")
    return redirect(url_for("accreditation.application", application_id=number))
