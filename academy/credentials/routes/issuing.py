"""Issuing certificates later to many who completed a course: everybody's fate, and the button."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.access import kept_by
from academy.base.arabic import search_terms
from academy.base.errors import Refusal
from academy.base.i18n import _l, ngettext
from academy.base.text import clean_line
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key, titles
from academy.credentials import policies
from academy.credentials import services_of_issuing as services
from academy.credentials.queries import certified
from academy.credentials.queries_of_renewal import newest_version
from academy.credentials.routes.blueprints import bp
from academy.credentials.services_of_issuing import COMING, ENDED, EXEMPTED, FATES, GETS, HAS, OPEN, STUCK, SUSPENDED
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import in_digits, plain
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import Page, asked_page, paginate

name_act(policies.ISSUE_CERTIFICATES, _l("Certificates issued later"))
navigation.belong("credentials.issue_certificates", "credentials.administration", "administration.start")
ROWS = 50
NAMES = {
    GETS: _l("Would get one"), COMING: _l("Is being issued"), STUCK: _l("Could not be issued"), HAS: _l("Has one already"), OPEN: _l("Not completed"), EXEMPTED: _l("Exempted"),
    SUSPENDED: _l("Suspended for now"), ENDED: _l("Would have ended already"),
}  # fmt: skip


@bp.get("/admin/certificates/courses")
@requires(policies.LIST_CERTIFICATES, auditors=True)
def certified_courses() -> ResponseReturnValue:
    """The courses whose certificates somebody keeps: how many were issued, and where to issue, dress and renew them."""
    typed = clean_line(request.args.get("q", ""))[:200]
    page = paginate(certified(kept_by(actor()), search_terms(typed)))
    named = titles([row.id for row in page.rows])
    return render_template(
        "credentials/courses.html", page=page, typed=typed, titles=named, section_navigation=menu("admin")
    )


@bp.route("/teach/<key>/issue-certificates", methods=["GET", "POST"])
@requires(policies.ISSUE_CERTIFICATES, find=course_by_key)
def issue_certificates(course: Course) -> ResponseReturnValue:
    """Show what issuing would mean for everybody on a course; issue to all or to the chosen who would get one."""
    title = titles([course.id])[course.id]
    people = policies.people_certified(actor())
    if request.method == "POST":
        try:
            count = services.issue_to(
                course, people, _chosen(), request.form.get("digest", ""), label=plain(title), actor_id=actor().person_id,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            flash(refusal.for_reader(), "bad")
        else:
            said = ngettext("%(num)s certificate is being issued.", "%(num)s certificates are being issued.", count)
            flash(in_digits(said), "ok")
        return redirect(url_for("credentials.issue_certificates", key=course.key))
    found = services.candidates(course, people, today=clock.today())
    fate = request.args.get("fate", "")
    rows = [each for each in found if fate not in FATES or each.fate == fate]
    pages = max(1, -(-len(rows) // ROWS))
    number = min(asked_page(), pages)
    return render_template(
        "credentials/issuing.html", course=course, title=title, names=NAMES, fate=fate if fate in FATES else "",
        page=Page(rows[(number - 1) * ROWS : number * ROWS], number, pages, len(rows)), digest=services.digest_of(found),
        counts={name: sum(each.fate == name for each in found) for name in FATES}, version=newest_version(course.id),
    )  # fmt: skip


def _chosen() -> set[int] | None:
    if request.form.get("whom") == "all":
        return None
    typed = request.form.getlist("enrolment")
    return {int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 10}
