"""What reviewers do: the list of applications, a document's review, measures, and putting an application before the committee."""

from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import COMMITTEE, Actor
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.partners.accreditation import kinds, policies, queries, services
from academy.partners.accreditation.forms import MeasureForm, ReviewForm, SendForm
from academy.partners.accreditation.models import AccreditationApplication, ApplicationDocument
from academy.partners.accreditation.routes.blueprints import bp
from academy.partners.accreditation.routes.pages import acted
from academy.partners.queries import partner as partner_by_id
from academy.web import identity, navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate


def _waiting(visitor: Actor) -> object:
    """Return the query of how many applications wait for somebody's vote; None for those who have none."""
    return queries.count_awaited() if visitor.holds_everywhere(COMMITTEE) else None


_counted = identity.tallied("to_vote", _waiting)
navigation.enter(
    "admin", 16, _l("Accreditation"), "accreditation.applications", "scale", policies.LIST_APPLICATIONS, counts=_counted
)
navigation.enter(
    "main", 91, _l("Accreditation"), "accreditation.applications", "scale", policies.LIST_APPLICATIONS,
    shows=lambda visitor: not visitor.has("administrator"), counts=_counted,
)  # fmt: skip


@bp.get("/admin/accreditation")
@requires(policies.LIST_APPLICATIONS, auditors=True)
def applications() -> ResponseReturnValue:
    """The applications, those that wait first."""
    page = paginate(queries.applications(policies.applications_seen(actor())))
    schemes = {row.scheme_id for row, _name in page.rows}
    return render_template(
        "accreditation/applications.html", page=page, states=kinds.STATES,
        schemes={number: queries.scheme_of(number) for number in schemes},
    )  # fmt: skip


@bp.route("/admin/accreditation/documents/<int:accreditation_document_id>/review", methods=["GET", "POST"])
@requires(policies.REVIEW_APPLICATION, find=queries.document)
def review(document: ApplicationDocument) -> ResponseReturnValue:
    """Accept a document or return it."""
    form, row = ReviewForm(), queries.application(document.application_id)
    assert row is not None
    if form.validate_on_submit():
        try:
            services.review_document(
                document, accepted=form.outcome.data == "accept", reason=form.reason.data or "", actor_id=actor().person_id,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            db.session.rollback()
        else:
            flash(_("The review is kept."), "ok")
            return redirect(url_for("accreditation.application", application_id=row.id))
    shown = render_template(
        "accreditation/review.html", form=form, document=document, row=row, partner=partner_by_id(row.organisation_id),
        stored=queries.file_of(document), names=kinds.DOCUMENTS,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.post("/admin/accreditation/applications/<int:application_id>/measures")
@requires(policies.REVIEW_APPLICATION, find=queries.application)
def enter_measure(row: AccreditationApplication) -> ResponseReturnValue:
    """Enter a measure of the service."""
    form = MeasureForm()

    def act() -> None:
        typed = services.Entered(
            form.criterion.data, _exact(form.value.data), form.as_of.data, form.source.data or "",
            _exact(form.average.data), _exact(form.margin.data),
        )  # fmt: skip
        services.enter_measure(row, typed, actor_id=actor().person_id, at=clock.now())

    return acted(row, form, act, _("The measure is kept."))


def _exact(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


@bp.post("/admin/accreditation/applications/<int:application_id>/send")
@requires(policies.REVIEW_APPLICATION, find=queries.application)
def send(row: AccreditationApplication) -> ResponseReturnValue:
    """Put the application before the committee."""
    form = SendForm()

    def act() -> None:
        services.send_to_committee(row, int(form.proposed.data), actor_id=actor().person_id, at=clock.now())

    return acted(row, form, act, _("The application is before the committee. Its members are told."))
