"""The versions of a role profile, retiring it after a look at whom that touches, and taking it back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.competencies import policies, services
from academy.competencies.forms.profiles import RetireProfileForm
from academy.competencies.queries import past_profiles
from academy.competencies.queries import profiles as queries
from academy.competencies.queries.profiles import ProfileDesk
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import by_now
from academy.web.access import requires
from academy.web.identity import actor

name_act("competencies:profile:retire", _l("Role profile retired"))
name_act("competencies:profile:revive", _l("Retirement of a role profile taken back"))


@bp.get("/manage/role-profiles/<profile_key>/history")
@requires(policies.KEEP_PROFILES, find=queries.profile_desk)
def profile_history(desk: ProfileDesk) -> ResponseReturnValue:
    """List the versions of a role profile: what changed, when and by whom."""
    return render_template(
        "competencies/profiles/history.html",
        desk=desk,
        versions=past_profiles.past_profiles(desk.profile.id),
        names={each.key: each.name for each in queries.askable()},
        retired_by=past_profiles.retired_by(desk.profile),
    )


@bp.route("/manage/role-profiles/<profile_key>/retire", methods=["GET", "POST"])
@requires(policies.KEEP_PROFILES, find=queries.profile_desk)
def retire_profile(desk: ProfileDesk) -> ResponseReturnValue:
    """Show whom retiring touches, and retire."""
    form, status = RetireProfileForm(), 200
    if form.validate_on_submit():
        try:
            services.retire_profile(desk.profile, **by_now())
        except Refusal as refusal:
            flash(refusal.for_reader(), "bad")
            status = refusal.status
        else:
            flash(_("The role profile is retired. Whoever has it keeps it; nobody gets it any more."), "ok")
            return redirect(url_for(".profile_history", profile_key=desk.profile.key))
    page = render_template(
        "competencies/profiles/retire.html",
        desk=desk,
        form=form,
        touched=past_profiles.retirement(desk.profile.id, actor()),
    )
    return page, status


@bp.post("/manage/role-profiles/<profile_key>/revive")
@requires(policies.KEEP_PROFILES, find=queries.profile_desk)
def revive_profile(desk: ProfileDesk) -> ResponseReturnValue:
    """Take a retirement back."""
    services.revive_profile(desk.profile, **by_now())
    flash(_("The role profile can be given again. Whoever has one of its jobs has it."), "ok")
    return redirect(url_for(".profile_history", profile_key=desk.profile.key))
