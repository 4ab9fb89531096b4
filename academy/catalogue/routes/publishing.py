"""The checklist before publishing, what differs, and throwing a draft away."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.catalogue import policies, queries, services
from academy.catalogue.forms.reviewing import AskReviewForm
from academy.catalogue.models import CourseVersion
from academy.catalogue.queries import Desk, Standing
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.desk import STATES
from academy.catalogue.routes.finding import the_desk
from academy.catalogue.routes.reviewing import REVIEW_STATES
from academy.catalogue.rules.publishing import Finding
from academy.catalogue.rules.texts import Untranslated
from academy.web.access import requires
from academy.web.identity import actor


def _address(key: str, finding: Finding) -> str:
    """Return the page that mends a finding."""
    if finding.where == "activity":
        return url_for(".activity", key=key, activity_key=finding.activity_key)
    return url_for(".details" if finding.where == "details" else ".edit", key=key)


def _sentence(finding: Finding) -> str:
    """Return a finding's sentence in the reader's language; a value named `problem` is a sentence too."""
    values = {name: _(str(value)) if name == "problem" else value for name, value in finding.values}
    return _(finding.sentence, **values)


def _told(key: str, findings: list[Finding]) -> list[tuple[LocalizedText, str, str]]:
    return [(each.title, _sentence(each), _address(key, each)) for each in findings]


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it is looked over before publishing, and where it stands with its reviewers."""

    findings: list[Finding]
    missing: list[Untranslated]
    standing: Standing


def _checked(desk: Desk, draft: CourseVersion) -> Checked:
    units, activities = queries.kept(*queries.parts_of(draft.id))
    said, texts, told = queries.asked_of_kinds(activities)
    return Checked(
        services.looked_over(draft, units, activities, said),
        queries.missing_translations(draft, units, activities, texts),
        queries.standing(desk.course, draft, queries.print_from(draft, units, activities, told)),
    )


@bp.route("/teach/<key>/publish", methods=["GET", "POST"])
@requires(policies.EDIT_COURSE, find=the_desk)
def publish(desk: Desk) -> ResponseReturnValue:
    """Show what is missing before publishing, and publish."""
    key, status = desk.course.key, 200
    if request.method == "POST":
        try:
            version = services.publish(desk.course, actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            flash(refusal.for_reader(), "bad")
            status = refusal.status
        else:
            flash(
                _("Version %(number)s has been published. New learners get it from now on.", number=version.number),
                "ok",
            )
            return redirect(url_for(".edit", key=key))
    checked = _checked(desk, desk.draft) if desk.draft else None
    findings = checked.findings if checked else []
    page = render_template(
        "catalogue/publish.html",
        desk=desk,
        findings=_told(key, [each for each in findings if each.blocks]),
        mind=_told(key, [each for each in findings if not each.blocks]),
        missing=checked.missing if checked else [],
        states=STATES,
        asked_first=services.reviewed_first(),
        standing=checked.standing if checked else None,
        review_states=REVIEW_STATES,
        ask=AskReviewForm(MultiDict()),
    )
    return page, status


@bp.get("/teach/<key>/differences")
@requires(policies.READ_DRAFT, find=the_desk)
def differences(desk: Desk) -> ResponseReturnValue:
    """Show what publishing the draft would change."""
    changes = queries.differences(desk.published, desk.draft) if desk.published and desk.draft else []
    return render_template("catalogue/differences.html", desk=desk, changes=changes, states=STATES)


@bp.post("/teach/<key>/draft/discard")
@requires(policies.EDIT_COURSE, find=the_desk)
def discard(desk: Desk) -> ResponseReturnValue:
    """Throw the draft away; the published version stays."""
    if services.discard_draft(desk.course):
        flash(_("The draft has been discarded. The published version is unchanged."), "ok")
    return redirect(url_for(".edit", key=desk.course.key))
