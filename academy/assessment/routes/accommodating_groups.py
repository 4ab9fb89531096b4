"""Granting groups other limits: in the administration, and other dates at the course; shown before it is done."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.assessment import policies, services
from academy.assessment import queries_of_accommodations as singles
from academy.assessment import queries_of_groups as queries
from academy.assessment.forms.accommodating_groups import CourseGroupForm, GroupForm
from academy.assessment.models import AccommodationGroup
from academy.assessment.queries_of_groups import GroupGranted
from academy.assessment.routes.blueprints import bp
from academy.base import clock
from academy.base.access import ADMINISTRATOR, TRAINER
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.base.ids import digest
from academy.catalogue import queries as catalogue
from academy.catalogue.policies import EDIT_COURSE
from academy.catalogue.queries import Desk
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor

SHOWN = 50
navigation.enter(
    "admin", 18, _l("Accommodations for groups"), "assessment.accommodation_groups", "users", policies.GRANT_GROUPS
)
name_act("assessment:accommodation:group", _l("Accommodations granted to a group"))
name_act("assessment:accommodation:group_withdrawn", _l("Accommodations of a group withdrawn"))


@bp.get("/admin/accommodations")
@requires(policies.GRANT_GROUPS)
def accommodation_groups() -> str:
    """List the groups of the visitor's organisations with what they were granted."""
    mine = actor().organisations_as(ADMINISTRATOR)
    conditions = [] if mine is None else [AccommodationGroup.organisation_id.in_(mine)]
    return render_template("assessment/groups.html", rows=queries.groups(*conditions), now=clock.now())


@bp.route("/admin/accommodations/new", methods=["GET", "POST"])
@requires(policies.GRANT_GROUPS)
def new_accommodation_group() -> ResponseReturnValue:
    """Grant a group other limits at every quiz, or at one."""
    form, mine = GroupForm(), actor().organisations_as(ADMINISTRATOR)
    form.offer(queries.units_of(mine))
    choices = [
        (each.quiz_id, f"{plain(each.title)} · {plain(each.course)}")
        for each in singles.quizzes_for(actor().organisation_id)
    ]
    form.quiz.choices = [(0, _("Every quiz")), *choices]
    here = url_for("assessment.new_accommodation_group")
    return _granting(form, here, url_for("assessment.accommodation_groups"))


@bp.route("/teach/<key>/dates/group", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=catalogue.desk)
def course_group_dates(desk: Desk) -> ResponseReturnValue:
    """Grant a group other dates for a quiz of a course."""
    form = CourseGroupForm()
    form.offer(queries.units_of(_organisations_seen()))
    form.quiz.choices = [(key, plain(title)) for key, title in singles.quizzes_of_course(desk.course.id).items()]
    here = url_for("assessment.course_group_dates", key=desk.course.key)
    return _granting(form, here, url_for("assessment.course_dates", key=desk.course.key), desk)


def _organisations_seen() -> set[int] | None:
    """Return the organisations whose learners the visitor may see as a trainer; None means all."""
    trained, administered = actor().organisations_as(TRAINER), actor().organisations_as(ADMINISTRATOR)
    if trained is None or administered is None:
        return None
    return {actor().organisation_id, *trained, *administered}


def _granting(form: GroupForm | CourseGroupForm, here: str, back: str, desk: Desk | None = None) -> ResponseReturnValue:
    """Show whom a grant would reach, then grant it; the form comes back with what is wrong."""
    preview = None
    if form.validate_on_submit():
        at, me, everywhere = clock.now(), actor().person_id, actor().holds_everywhere(ADMINISTRATOR)
        found = queries.named(form.named, form.place[1]) if form.place[0] == queries.LIST else {}
        reach = form.reached(list(found.values()))
        try:
            services.refuse_empty(reach, form.terms(), form.dates(), form.quiz_id, at)
            mark = digest(repr((reach, form.terms(), form.dates(), form.quiz_id)))[:16]
            if request.form.get("act") == "grant" and request.form.get("seen") == mark:
                group = services.grant_group(
                    reach, form.terms(), form.dates(), quiz_id=form.quiz_id, everywhere=everywhere, actor_id=me, at=at
                )
                flash(_("Granted. It holds for attempts under way at once."), "ok")
                return redirect(url_for("assessment.accommodation_group", group_id=group.id))
            people = queries.people_in(reach, granted_by_id=me, everywhere=everywhere)
            rows, total = queries.reached(people, form.quiz_id, limit=SHOWN)
            missing = [each for each in form.named if each not in found] if form.place[0] == queries.LIST else []
            preview = {"rows": rows, "total": total, "missing": missing, "mark": mark}
        except Refusal as refusal:
            form.refuse(refusal)
    course = {"course": desk.course, "course_title": desk.version.title} if desk else {"course": None}
    template = "assessment/group_dates.html" if desk else "assessment/group_new.html"
    page = render_template(template, form=form, here=here, back=back, preview=preview, **course)
    return page, 422 if form.errors else 200


@bp.get("/accommodation-groups/<int:group_id>")
@requires(policies.SEE_GROUP, find=queries.group_granted)
def accommodation_group(granted: GroupGranted) -> str:
    """Show what a group was granted and whom it reaches now."""
    people = queries.people_of(granted.group)
    rows, total = queries.reached(people, granted.group.quiz_id, limit=SHOWN)
    return render_template("assessment/group.html", granted=granted, rows=rows, total=total, now=clock.now())


@bp.post("/accommodation-groups/<int:group_id>/withdraw")
@requires(policies.SEE_GROUP, find=queries.group_granted)
def withdraw_accommodation_group(granted: GroupGranted) -> ResponseReturnValue:
    """Take back what a group was granted."""
    course = granted.course
    services.withdraw_group(granted, actor_id=actor().person_id, at=clock.now())
    flash(_("Withdrawn. Attempts under way keep the end they have."), "ok")
    if actor().has(ADMINISTRATOR) or course is None:
        return redirect(url_for("assessment.accommodation_groups"))
    return redirect(url_for("assessment.course_dates", key=course.key))
