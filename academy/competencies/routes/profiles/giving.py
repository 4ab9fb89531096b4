"""Giving role profiles to jobs and people, and a level of their own to one person."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import kinds
from academy.accounts import queries as accounts
from academy.accounts.models import Person
from academy.base.access import allowed
from academy.base.db import db
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l
from academy.competencies import policies, queries, services
from academy.competencies.forms.profiles import JobForm, OwnLevelForm, PersonProfilesForm
from academy.competencies.models import JobProfile
from academy.competencies.queries import profiles
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import by_now
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor

navigation.enter(
    "admin", 34, _l("Jobs and role profiles"), "competencies.job_profiles", "briefcase", policies.ATTACH_JOBS
)


@bp.route("/admin/job-profiles", methods=["GET", "POST"])
@requires(policies.ATTACH_JOBS)
def job_profiles() -> ResponseReturnValue:
    """List which jobs bring which role profile, and add to them."""
    form, titles = JobForm(), profiles.titles_of(actor())
    form.job.choices = [(str(n), f"{plain(each.title)} · {plain(each.organisation)}") for n, each in enumerate(titles)]
    form.profile.choices = [(key, plain(name)) for key, name in queries.role_choices()]
    if form.validate_on_submit():
        chosen = titles[int(form.job.data)]
        services.attach_job(chosen.organisation_id, chosen.title, form.profile.data, **by_now())
        flash(_("Everyone with this job has the role profile now."), "ok")
        return redirect(url_for(".job_profiles"))
    if request.method == "GET":
        form.job.data, form.profile.data = request.args.get("job"), request.args.get("profile")
    page = render_template("competencies/profiles/jobs.html", form=form, rows=profiles.jobs_of(actor()), titles=titles)
    return page, 422 if form.errors else 200


@bp.post("/admin/job-profiles/remove")
@requires(policies.ATTACH_JOBS)
def remove_job_profile() -> ResponseReturnValue:
    """Let a job bring a role profile no more."""
    asked = request.form.get("job", "")
    row = db.session.get(JobProfile, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    if row is None or not actor().has("administrator", row.organisation_id):
        raise NotFound
    services.detach_job(row, **by_now())
    flash(_("The job brings this role profile no more."), "ok")
    return redirect(url_for(".job_profiles"))


@bp.route("/admin/people/<int:person_id>/role-profiles", methods=["GET", "POST"])
@requires(policies.GIVE_PROFILES, find=accounts.person)
def person_profiles(who: Person) -> ResponseReturnValue:
    """Choose the role profiles of a person."""
    asked = profiles.asked_of(who.id)
    form = PersonProfilesForm(data={"profiles": list(asked.own)})
    form.profiles.choices = _choices(asked)
    if form.validate_on_submit():
        services.give_profiles(who, form.profiles.data, **by_now())
        flash(_("Saved."), "ok")
        return redirect(url_for(".person_profiles", person_id=who.id))
    return _person_page(who, asked, form, _level_form())


@bp.post("/admin/people/<int:person_id>/levels")
@requires(policies.GIVE_PROFILES, find=accounts.person)
def person_level(who: Person) -> ResponseReturnValue:
    """Ask a level of one person, with the reason, or let the profiles decide again."""
    if remove := request.form.get("remove"):
        if not services.drop_level(who, remove[:20], **by_now()):
            raise NotFound
        flash(_("The role profiles decide again."), "ok")
        return redirect(url_for(".person_profiles", person_id=who.id))
    form = _level_form()
    if form.validate_on_submit():
        try:
            services.set_level(who, form.competency.data, int(form.level.data), form.reason.data or "", **by_now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".person_profiles", person_id=who.id))
    asked = profiles.asked_of(who.id)
    own = PersonProfilesForm(formdata=None, data={"profiles": list(asked.own)})
    own.profiles.choices = _choices(asked)
    return _person_page(who, asked, own, form)


def _choices(asked: profiles.PersonAsked) -> list[tuple[str, str]]:
    """The profiles that can be given, then the retired ones that the person has and may keep."""
    held = [(key, _("%(name)s (retired)", name=plain(name))) for key, name in asked.retired]
    return [*((key, plain(name)) for key, name in queries.role_choices()), *held]


def _level_form() -> OwnLevelForm:
    form = OwnLevelForm()
    form.competency.choices = [(key, f"{key} · {plain(name)}") for key, name in queries.competency_choices()]
    return form


def _person_page(
    who: Person, asked: profiles.PersonAsked, form: PersonProfilesForm, level: OwnLevelForm
) -> ResponseReturnValue:
    page = render_template("competencies/profiles/person.html", person=who, form=form, level=level, asked=asked)
    return page, 422 if form.errors or level.errors else 200


def _panel(person_id: int, own: bool) -> kinds.PersonPanel | None:
    if own:
        return None
    who = accounts.person(person_id)
    if who is None or not allowed(policies.GIVE_PROFILES, actor(), who):
        return None
    name = profiles.requirement_name(person_id)
    rows = ((_("Role profile"), plain(name)),) if name else ()
    url = url_for("competencies.person_profiles", person_id=person_id)
    return kinds.PersonPanel(_("Role profiles"), rows, _("No role profile is set yet."), url=url, link=_("Change"))


kinds.add_person_panel(_panel)
