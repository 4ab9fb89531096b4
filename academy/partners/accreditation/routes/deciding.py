"""What the committee does on an application's page: vote, and close the vote."""

from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _
from academy.partners.accreditation import policies, queries, services
from academy.partners.accreditation.forms import DecisionForm, VoteForm
from academy.partners.accreditation.models import AccreditationApplication
from academy.partners.accreditation.routes.blueprints import bp
from academy.partners.accreditation.routes.pages import acted
from academy.web.access import requires
from academy.web.identity import actor


@bp.post("/admin/accreditation/applications/<int:application_id>/vote")
@requires(policies.VOTE_ON_APPLICATION, find=queries.application)
def vote(row: AccreditationApplication) -> ResponseReturnValue:
    """Give one's vote with its reason."""
    form = VoteForm()

    def act() -> None:
        in_favour, by = form.in_favour.data == "yes", actor().person_id
        services.vote(row, in_favour=in_favour, reason=form.reason.data or "", actor_id=by, at=clock.now())

    return acted(row, form, act, _("Your vote is kept."))


@bp.post("/admin/accreditation/applications/<int:application_id>/decide")
@requires(policies.VOTE_ON_APPLICATION, find=queries.application)
def decide(row: AccreditationApplication) -> ResponseReturnValue:
    """Close the vote."""
    form = DecisionForm()

    def act() -> None:
        reason, by = form.decision_reason.data or "", actor().person_id
        services.close_vote(row, reason=reason, actor_id=by, at=clock.now())

    return acted(row, form, act, _("The decision is kept, and the partner is told."))
