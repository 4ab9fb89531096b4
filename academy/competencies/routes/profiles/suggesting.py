"""What is suggested for a job title, with the reasons; whoever reads decides (CM10)."""

from collections.abc import Collection, Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.competencies import policies, services
from academy.competencies.forms.profiles import SuggestedForm
from academy.competencies.queries import level_names
from academy.competencies.queries import profiles as queries
from academy.competencies.queries.profiles import JobTitle, ProfileDesk
from academy.competencies.queries.suggesting import Suggested, suggested
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import asked_mark, by_now
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor


def _by_address(titles: Iterable[LocalizedText]) -> dict[str, LocalizedText]:
    """The job titles that the reader can ask about, by what stands in the address."""
    return {title.ar or title.en: title for title in titles}


def _asked(known: Collection[JobTitle], without: int | None = None) -> tuple[str, Suggested | None]:
    job, found = request.args.get("job", ""), _by_address(each.title for each in known)
    return (job, suggested(found[job], actor(), known, without=without)) if job in found else ("", None)


@bp.get("/admin/job-profiles/suggestions")
@requires(policies.ATTACH_JOBS)
def job_suggestions() -> ResponseReturnValue:
    """Show what is suggested for a job title, and which role profiles alike jobs have."""
    known = queries.titles_of(actor())
    titles, (job, found) = [each.title for each in known], _asked(known)
    numbers = {title.ar or title.en: n for n, title in reversed([*enumerate(titles)])}
    return render_template(
        "competencies/profiles/job_suggestions.html", titles=_by_address(titles), job=job, found=found, levels=level_names(),
        number_of=numbers,
    )  # fmt: skip


@bp.route("/manage/role-profiles/<profile_key>/suggestions", methods=["GET", "POST"])
@requires(policies.KEEP_PROFILES, find=queries.profile_desk)
def profile_suggestions(desk: ProfileDesk) -> ResponseReturnValue:
    """Show what is suggested for a job title beside what the profile asks; what is chosen goes into its draft."""
    known = queries.titles_of(actor())
    job, found = _asked(known, without=desk.profile.id)
    rows = [row for row in found.rows if row.level > int(desk.targets.get(row.key, 0))] if found else []
    form = SuggestedForm(data={"revision": desk.revision})
    if found:
        form.chosen.choices = [(row.key, plain(found.names[row.key])) for row in rows]
    if found and form.validate_on_submit():
        taken = {row.key: row.level for row in rows if row.key in (form.chosen.data or ())}
        try:
            services.save_profile(desk.profile, desk.name, {**desk.targets, **taken}, revision=asked_mark(), **by_now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The chosen levels stand in the draft now. Nothing is published yet."), "ok")
            return redirect(url_for(".edit_profile", profile_key=desk.profile.key))
    page = render_template(
        "competencies/profiles/profile_suggestions.html", desk=desk, form=form, job=job, found=found,
        titles=_by_address(each.title for each in known), rows=rows, levels=desk.levels,
    )  # fmt: skip
    return page, 422 if form.errors else 200
