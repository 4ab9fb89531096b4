"""Granting people other limits: on their page in the administration, and other dates quiz by quiz at the course."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from academy.accounts.kinds import PersonPanel, add_person_panel, name_act
from academy.accounts.models import Person
from academy.assessment import policies, services
from academy.assessment import queries_of_accommodations as queries
from academy.assessment.forms.accommodating import AccommodationForm, CourseDatesForm, DatesForm
from academy.assessment.models import Accommodation, AccommodationGroup
from academy.assessment.policies_of_results import learners_seen
from academy.assessment.queries_of_accommodations import GrantedDates, PersonGranted
from academy.assessment.queries_of_groups import GroupGranted, groups_of_course, groups_of_person
from academy.assessment.routes.blueprints import bp
from academy.base import clock
from academy.base.access import allowed
from academy.base.db import db
from academy.base.errors import Invalid, Refusal
from academy.base.i18n import _, _l
from academy.catalogue import queries as catalogue
from academy.catalogue.models import Course
from academy.catalogue.policies import EDIT_COURSE
from academy.catalogue.queries import Desk
from academy.web.access import may, requires
from academy.web.filters import day, moment, number, percent, plain
from academy.web.identity import actor

UNKNOWN = _l("No learner whom you may see has this e-mail address.")
YOURSELF = _l("Nobody grants other dates to themselves.")

name_act("assessment:accommodation:grant", _l("Accommodations granted"))
name_act("assessment:accommodation:withdraw", _l("Accommodations withdrawn"))
name_act("assessment:accommodation:dates", _l("Other dates for a quiz"))


@bp.route("/admin/people/<int:person_id>/accommodations", methods=["GET", "POST"])
@requires(policies.ACCOMMODATE, find=queries.person_granted)
def accommodations(granted: PersonGranted) -> ResponseReturnValue:
    """Show and change what a person is granted at every quiz; other dates for single quizzes stand below."""
    form = AccommodationForm(obj=granted.accommodation)
    back = url_for("assessment.accommodations", person_id=granted.person.id)
    if form.validate_on_submit():
        try:
            services.accommodate(granted.person, form.terms(), actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved. It holds at every quiz, and for attempts under way at once."), "ok")
            return redirect(back)
    shown = render_template(
        "assessment/accommodations.html",
        form=form,
        granted=granted,
        holds=granted.holds(clock.now()),
        dates=queries.dates_of_person(granted.person.id),
        groups=groups_of_person(granted.person.id, clock.now()),
        SEE_GROUP=policies.SEE_GROUP,
    )
    return shown, 422 if form.errors else 200


@bp.post("/admin/people/<int:person_id>/accommodations/withdraw")
@requires(policies.ACCOMMODATE, find=queries.person_granted)
def withdraw_accommodations(granted: PersonGranted) -> ResponseReturnValue:
    """Take back what a person was granted for every quiz."""
    services.withdraw_accommodation(granted.person, actor_id=actor().person_id, at=clock.now())
    flash(_("The accommodations are withdrawn. Attempts under way keep the end they have."), "ok")
    return redirect(url_for("assessment.accommodations", person_id=granted.person.id))


@bp.route("/admin/people/<int:person_id>/accommodations/dates", methods=["GET", "POST"])
@requires(policies.ACCOMMODATE, find=queries.person_granted)
def person_dates(granted: PersonGranted) -> ResponseReturnValue:
    """Grant a person other dates for one quiz."""
    form = DatesForm()
    form.quiz.choices = [
        (each.quiz_id, f"{plain(each.title)} · {plain(each.course)}")
        for each in queries.quizzes_for(granted.person.organisation_id)
    ]
    back = url_for("assessment.accommodations", person_id=granted.person.id)
    if form.validate_on_submit():
        try:
            visitor, at = actor().person_id, clock.now()
            services.grant_dates(form.quiz.data, granted.person, form.dates(), actor_id=visitor, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The dates are granted."), "ok")
            return redirect(back)
    shown = render_template("assessment/accommodation_dates.html", form=form, person=granted.person, back=back)
    return shown, 422 if form.errors else 200


@bp.route("/teach/<key>/dates", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=catalogue.desk)
def course_dates(desk: Desk) -> ResponseReturnValue:
    """List who has other dates for the quizzes of a course, and grant them."""
    quizzes = queries.quizzes_of_course(desk.course.id)
    form = CourseDatesForm()
    form.quiz.choices = [(quiz_id, plain(title)) for quiz_id, title in quizzes.items()]
    chosen = request.args.get("quiz", type=int)
    if form.validate_on_submit():
        try:
            visitor, at = actor().person_id, clock.now()
            services.grant_dates(form.quiz.data, _learner(form, desk.course), form.dates(), actor_id=visitor, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The dates are granted."), "ok")
            return redirect(url_for("assessment.course_dates", key=desk.course.key))
    rows = queries.dates_of_course(desk.course.id, learners_seen(actor()))
    shown = render_template(
        "assessment/course_dates.html",
        course=desk.course,
        course_title=desk.version.title,
        form=form,
        quizzes=quizzes,
        chosen=chosen if chosen in quizzes else None,
        rows=[row for row in rows if chosen not in quizzes or row.quiz_id == chosen],
        me_id=actor().person_id,
        groups=[each for each in groups_of_course(desk.course.id, None) if allowed(policies.SEE_GROUP, actor(), each)],
        SEE_GROUP=policies.SEE_GROUP,
    )
    return shown, 422 if form.errors else 200


def _learner(form: CourseDatesForm, course: Course) -> Person:
    """Return the person of the typed address, if the visitor may see them. Raises Invalid."""
    named = Person.email == (form.email.data or "").strip().lower()
    # Whoever belongs to several organisations is meant as one of the course's own people first.
    first = (Person.organisation_id != course.organisation_id, Person.id)
    person = db.session.scalar(select(Person).where(named, learners_seen(actor())).order_by(*first).limit(1))
    if person is None:
        raise Invalid(UNKNOWN, field="email")
    if person.id == actor().person_id:
        raise Invalid(YOURSELF, field="email")
    return person


@bp.post("/accommodation-dates/<int:date_id>/withdraw")
@requires(policies.WITHDRAW_DATES, find=queries.granted_dates)
def withdraw_dates(dates: GrantedDates) -> ResponseReturnValue:
    """Take back the dates of one quiz, then go back to the list they stood in."""
    services.withdraw_dates(dates, actor_id=actor().person_id, at=clock.now())
    flash(_("The dates are withdrawn. An attempt under way keeps the end it has."), "ok")
    if request.form.get("back") == "course" and may(EDIT_COURSE, dates.course):
        return redirect(url_for("assessment.course_dates", key=dates.course_key))
    return redirect(url_for("assessment.accommodations", person_id=dates.person_id))


def panel_of(person_id: int, own: bool) -> PersonPanel | None:
    """Return what a person is granted, for their own page and for their administrator's."""
    granted = queries.person_granted(person_id)
    if granted is None or (not own and not allowed(policies.ACCOMMODATE, actor(), granted)):
        return None
    rows = told(granted.accommodation) if granted.accommodation else ()
    if not own:
        url = url_for("assessment.accommodations", person_id=person_id)
        nothing = _("Nothing is granted.")
        return PersonPanel(_("Accommodations in quizzes"), rows, nothing, url=url, link=_("Change"))
    dates = tuple((plain(each.quiz), dated(each)) for each in queries.dates_of_person(person_id))
    dates += tuple(_with_group(each) for each in groups_of_person(person_id, clock.now()))
    if not rows and not dates:
        return None
    note = _("Your manager does not see this")
    return PersonPanel(_("Your accommodations in quizzes"), (*rows, *dates), note=note)


def _with_group(each: GroupGranted) -> tuple[str, str]:
    """Return what somebody has with a group, in words: whom it was granted to, and what."""
    group = each.group
    called = _("people on a list") if group.scope == "list" else plain(each.name.name)
    parts = (
        plain(each.quiz) if each.quiz else _("Every quiz"),
        _("Extra time: %(percent)s", percent=percent(group.extra_percent / 100)) if group.extra_percent else "",
        _("Extra attempts: %(number)s", number=number(group.extra_attempts)) if group.extra_attempts else "",
        _("Larger text in quizzes") if group.larger_text else "",
        _("No running clock on the screen") if group.no_clock else "",
        _("Any browser where a quiz asks for Safe Exam Browser") if group.any_browser else "",
        dated(group),
    )
    return _("With a group: %(name)s", name=called), " · ".join(part for part in parts if part)


def told(row: Accommodation) -> tuple[tuple[str, str], ...]:
    """Return what is granted at every quiz, in words."""
    rows = (
        (_("Extra time"), percent(row.extra_percent / 100) if row.extra_percent else ""),
        (_("Extra attempts"), number(row.extra_attempts) if row.extra_attempts else ""),
        (_("On the screen"), _("Larger text") if row.larger_text else ""),
        (_("Clock"), _("Not shown") if row.no_clock else ""),
        (_("Browser"), _("Any, also where Safe Exam Browser is asked for") if row.any_browser else ""),
        (_("Valid until"), day(row.valid_until)),
        (_("Note"), row.note),
    )
    return tuple((label, value) for label, value in rows if value)


def dated(dates: GrantedDates | AccommodationGroup) -> str:
    """Return the dates of one quiz in words."""
    named = ((_("opens"), dates.opens_at), (_("closes"), dates.closes_at), (_("an attempt ends"), dates.ends_at))
    return " · ".join(f"{label} {moment(value)}" for label, value in named if value)


add_person_panel(panel_of)
