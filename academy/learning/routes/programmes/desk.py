"""The desk of those who keep programmes: the list, making one, its outline, its draft, its details, whom it is for."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import allowed
from academy.base.errors import NotAllowed, Refusal, Stale
from academy.base.i18n import _, _l
from academy.catalogue.kinds import lookups
from academy.catalogue.queries import organisations
from academy.learning import naming, policies
from academy.learning.forms import (
    NewProgrammeForm,
    ProgrammeAccessForm,
    choices_of,
    programme_details_form,
)
from academy.learning.forms_of_entry import ProgrammeEntryForm, entry_form
from academy.learning.queries import programmes as queries
from academy.learning.queries.entry import entry_of_programme
from academy.learning.queries.programmes import ProgrammeDesk
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.saving import asked_revision, desk_page, status_of
from academy.learning.services import change_entry
from academy.learning.services import programmes as services
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("teach", 20, _l("Programmes I keep"), "learning.kept_programmes", "route", policies.KEEP_PROGRAMMES)


@bp.get("/manage/programmes")
@requires(policies.KEEP_PROGRAMMES)
def kept_programmes() -> ResponseReturnValue:
    """List the programmes that the visitor may edit."""
    page = paginate(queries.programmes_kept(policies.programmes_edited(actor())))
    return render_template("learning/programmes/kept.html", page=page, naming=naming)


@bp.route("/manage/programmes/new", methods=["GET", "POST"])
@requires(policies.CREATE_PROGRAMME)
def new_programme() -> ResponseReturnValue:
    """Make a programme."""
    visitor, form = actor(), NewProgrammeForm()
    owners = sorted(
        organisations(policies.organisations_keeping(visitor)), key=lambda each: each[0] != visitor.organisation_id
    )
    form.organisation.choices = choices_of(owners, plain)
    form.audience.choices = list(naming.AUDIENCES.items())
    if form.organisation.data is None and form.organisation.choices:
        form.organisation.data = form.organisation.choices[0][0]
    if form.validate_on_submit():
        if not allowed(policies.CREATE_PROGRAMME, visitor, form.organisation.data):
            raise NotAllowed
        try:
            programme = services.create_programme(
                services.ProgrammeDetails(title=form.title.text),
                organisation_id=form.organisation.data,
                key=form.key.data or "",
                code=form.code.data or "",
                audience=form.audience.data,
                actor_id=visitor.person_id,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The programme has been created as a draft. Add its first group of steps."), "ok")
            return redirect(url_for(".programme_desk", programme_key=programme.key))
    return render_template("learning/programmes/new.html", form=form), 422 if form.errors else 200


@bp.get("/manage/programmes/<programme_key>")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def programme_desk(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Show the groups, steps and prerequisites of a programme, ready to be worked on when there is a draft."""
    plan = queries.plan_of(desk.version.id, in_order=desk.version.in_order)
    return desk_page("desk", desk, plan=plan, prerequisites=queries.prerequisites_of(desk.version.id))


@bp.post("/manage/programmes/<programme_key>/draft")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def edit_programme(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Open a draft of a published programme."""
    services.programme_draft(desk.programme, at=clock.now())
    flash(_("You are editing a draft. Learners keep seeing the published version until you publish."), "info")
    return redirect(url_for(".programme_desk", programme_key=desk.programme.key))


@bp.post("/manage/programmes/<programme_key>/draft/discard")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def discard_programme(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Throw the draft away; the published version stays."""
    if services.discard_programme_draft(desk.programme):
        flash(_("The draft has been discarded. The published version is unchanged."), "ok")
    return redirect(url_for(".programme_desk", programme_key=desk.programme.key))


@bp.route("/manage/programmes/<programme_key>/details", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def programme_details(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Change what the draft says of the programme."""
    form = programme_details_form(desk.version)
    form.offer(queries.courses_to_renew_by(desk.programme))
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            services.change_programme_details(desk.version, form.details(desk.version), revision=asked_revision())
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("The details have been saved."), "ok")
            return redirect(url_for(".programme_details", programme_key=desk.programme.key))
    page = desk_page(
        "details", desk, form=form, refused=refused, stale=isinstance(refused, Stale), current=desk.version.revision
    )
    return page, status_of(form, refused)


@bp.route("/manage/programmes/<programme_key>/access", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def programme_access(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Change whom the programme is for; this takes effect at once."""
    programme, form = desk.programme, _access_form(desk)
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            services.change_programme_access(
                programme, code=form.code.data or "", audience=form.audience.data, target_role=form.target_role.data or "",
                actor_id=actor().person_id, at=clock.now(), revision=asked_revision(),
            )  # fmt: skip
        except Refusal as refusal:
            refused = refusal
            if refusal.field:
                form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".programme_access", programme_key=programme.key))
    return _access_page(desk, form, refused)


def _access_form(desk: ProgrammeDesk, *, typed: bool = True) -> ProgrammeAccessForm:
    """Return the form of whom a programme is for, with what there is to choose from."""
    programme = desk.programme
    names = ("revision", "code", "audience", "target_role")
    kept = {name: getattr(programme, name) for name in names}
    form = ProgrammeAccessForm(data=kept) if typed else ProgrammeAccessForm(None, data=kept)
    form.audience.choices = list(naming.AUDIENCES.items())
    roles = choices_of(lookups.role_choices() if lookups.role_choices else [], plain)
    form.target_role.choices = [("", _("No particular role")), *roles]
    if programme.target_role and programme.target_role not in dict(roles):
        form.target_role.choices.append((programme.target_role, programme.target_role))
    return form


def _access_page(
    desk: ProgrammeDesk,
    form: ProgrammeAccessForm,
    refused: Refusal | None,
    way_in: ProgrammeEntryForm | None = None,
    entry_refused: Refusal | None = None,
) -> ResponseReturnValue:
    page = desk_page(
        "access", desk, form=form, refused=refused if refused and not refused.field else None,
        stale=isinstance(refused, Stale), current=desk.programme.revision,
        entry_form=way_in or entry_form(entry_of_programme(desk.programme.id), ProgrammeEntryForm),
    )  # fmt: skip
    return page, status_of(way_in or form, entry_refused or refused)


@bp.post("/manage/programmes/<programme_key>/entry")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def programme_entry(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Decide how people come into a programme; this takes effect at once."""
    programme, way_in, refused = desk.programme, ProgrammeEntryForm(), None
    if way_in.validate_on_submit():
        try:
            change_entry(
                way_in.entry(), programme_id=programme.id, actor_id=actor().person_id, organisation_id=programme.organisation_id,
                label=plain(desk.version.title), at=clock.now(), revision=asked_revision("entry_revision"),
            )  # fmt: skip
        except Refusal as refusal:
            refused = refusal
            way_in.refuse(refusal)
        else:
            flash(_("Saved. The change has taken effect."), "ok")
            return redirect(url_for(".programme_access", programme_key=programme.key))
    return _access_page(desk, _access_form(desk, typed=False), None, way_in, refused)


@bp.post("/manage/programmes/<programme_key>/retire")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def retire_programme(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Retire a programme, or bring it back."""
    act = services.bring_programme_back if request.form.get("act") == "bring-back" else services.retire_programme
    if act(desk.programme, actor_id=actor().person_id, at=clock.now()):
        flash(_("Saved."), "ok")
    return redirect(url_for(".programme_access", programme_key=desk.programme.key))
