"""Writing role profiles: the list, one with a level for each competency, whom a change touches, publishing."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base.errors import Refusal, Stale
from academy.base.i18n import _, _l
from academy.competencies import policies, services
from academy.competencies.forms.frameworks import LEVELS
from academy.competencies.forms.profiles import NewProfileForm, ProfileForm, PublishProfileForm
from academy.competencies.queries import profiles as queries
from academy.competencies.queries.past_profiles import differences
from academy.competencies.queries.profiles import AskedPart, ProfileDesk
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import asked_mark, by_now, status_of
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor

navigation.enter("admin", 32, _l("Role profiles"), "competencies.kept_profiles", "briefcase", policies.KEEP_PROFILES)


@bp.get("/manage/role-profiles")
@requires(policies.KEEP_PROFILES)
def kept_profiles() -> ResponseReturnValue:
    """List the role profiles."""
    return render_template("competencies/profiles/kept.html", rows=queries.profiles_kept())


@bp.route("/manage/role-profiles/new", methods=["GET", "POST"])
@requires(policies.KEEP_PROFILES)
def new_profile() -> ResponseReturnValue:
    """Make a role profile."""
    form = NewProfileForm()
    if form.validate_on_submit():
        try:
            row = services.create_profile(form.key.data or "", form.name.text, **by_now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The role profile has been created as a draft. Choose the levels it asks for."), "ok")
            return redirect(url_for(".edit_profile", profile_key=row.key))
    return render_template("competencies/profiles/new.html", form=form), 422 if form.errors else 200


@bp.route("/manage/role-profiles/<profile_key>", methods=["GET", "POST"])
@requires(policies.KEEP_PROFILES, find=queries.profile_desk)
def edit_profile(desk: ProfileDesk) -> ResponseReturnValue:
    """Choose the level asked for each competency; what is saved is a draft."""
    form, parts, mark = (
        ProfileForm(data={"name": desk.name, "revision": desk.revision}),
        queries.askable(),
        asked_mark(),
    )
    targets: Mapping[str, int] = desk.targets
    refused: Refusal | None = None
    if request.method == "POST":
        targets = _typed(parts)
    if form.validate_on_submit():
        try:
            services.save_profile(desk.profile, form.name.text, targets, revision=mark, **by_now())
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("The draft has been saved. Look at whom it touches, then publish it."), "ok")
            return redirect(url_for(".publish_profile", profile_key=desk.profile.key))
    shown = render_template(
        "competencies/profiles/profile.html", desk=desk, form=form, domains=_by_domain(parts), targets=targets,
        levels=desk.levels, refused=refused, stale=isinstance(refused, Stale), current=desk.revision,
    )  # fmt: skip
    return shown, status_of(form, refused)


def _typed(parts: list[AskedPart]) -> dict[str, int]:
    allowed = {str(level): level for level in LEVELS}
    found = {each.key: allowed.get(request.form.get(f"level-{each.key}", ""), 0) for each in parts}
    return {key: level for key, level in found.items() if level}


def _by_domain(parts: list[AskedPart]) -> list[tuple[AskedPart, list[AskedPart]]]:
    """Return the competencies under the first one of each domain."""
    grouped: list[tuple[AskedPart, list[AskedPart]]] = []
    for each in parts:
        if not grouped or (grouped[-1][0].domain, grouped[-1][0].framework) != (each.domain, each.framework):
            grouped.append((each, []))
        grouped[-1][1].append(each)
    return grouped


@bp.post("/manage/role-profiles/<profile_key>/draft/discard")
@requires(policies.KEEP_PROFILES, find=queries.profile_desk)
def discard_profile(desk: ProfileDesk) -> ResponseReturnValue:
    """Throw the draft away; what is published stays."""
    if services.discard_profile(desk.profile):
        flash(_("The draft has been discarded. What is published is unchanged."), "ok")
    return redirect(url_for(".edit_profile", profile_key=desk.profile.key))


@bp.route("/manage/role-profiles/<profile_key>/publish", methods=["GET", "POST"])
@requires(policies.KEEP_PROFILES, find=queries.profile_desk)
def publish_profile(desk: ProfileDesk) -> ResponseReturnValue:
    """Show who is touched and whose gap opens or closes, and publish."""
    form, status = PublishProfileForm(data={"revision": desk.revision}), 200
    if form.validate_on_submit():
        try:
            services.publish_profile(desk.profile, revision=asked_mark(), **by_now())
        except Refusal as refusal:
            flash(refusal.for_reader(), "bad")
            status, form.revision.data = refusal.status, desk.revision
        else:
            flash(_("The role profile has been published."), "ok")
            return redirect(url_for(".kept_profiles"))
    names = {each.key: each.name for each in queries.askable()}
    page = render_template(
        "competencies/profiles/publish.html", desk=desk, form=form, names=names,
        impact=queries.impact(desk, actor(), names) if desk.draft and desk.profile.number else None,
        differences=differences(desk.profile.targets, desk.targets),
    )  # fmt: skip
    return page, status
