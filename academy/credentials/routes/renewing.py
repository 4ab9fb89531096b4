"""Renewing certificates: the holder begins, and whoever edits a course decides how."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Conflict, Refusal
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key
from academy.credentials import policies
from academy.credentials import queries_of_renewal as queries
from academy.credentials import services_of_renewal as services
from academy.credentials.forms import RecertificationForm
from academy.credentials.models import Certificate
from academy.credentials.queries_of_programmes import offer_of
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.own import the_certificate
from academy.credentials.services_of_programmes import renew_programme
from academy.learning.policies import learners_visible
from academy.learning.queries import enrolment
from academy.web.access import requires
from academy.web.filters import day, plain
from academy.web.identity import actor

NAMED = 20
name_act(policies.EDIT_RECERTIFICATION, _l("How certificates are renewed changed"))


@bp.post("/certificates/<number>/renew")
@requires(policies.RENEW_CERTIFICATE, find=the_certificate)
def renew(certificate: Certificate) -> ResponseReturnValue:
    """Begin to renew a certificate, and go to the course or the programme."""
    try:
        place_id = _begun(certificate)
    except services.TooEarly as refusal:
        flash(_("This certificate can be renewed from %(day)s.", day=day(refusal.opens_on)), "warn")
        return redirect(url_for("credentials.mine"))
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for("credentials.mine"))
    place = enrolment(place_id) if place_id is not None else None
    on = queries.offers([place.course_id]).get(place.course_id) if place else None
    flash(_("The renewal has begun. Your certificate stays valid as it is until you complete it."), "ok")
    found = offer_of(certificate.programme_id) if certificate.programme_id is not None and place is None else None
    if found is not None:
        return redirect(url_for("learning.programme", programme_key=found.key))
    return redirect(url_for("learning.course", key=on.key) if on else url_for("credentials.mine"))


def _begun(certificate: Certificate) -> int | None:
    """Begin, and return the place on a course in which it is renewed; None for one in a programme."""
    visitor, now = actor().person_id, clock.now()
    if certificate.programme_id is not None:
        return renew_programme(certificate.id, by_id=visitor, at=now).enrolment_id
    return services.renew(certificate.id, by_id=visitor, at=now).enrolment_id


@bp.route("/teach/<key>/recertification", methods=["GET", "POST"])
@requires(policies.EDIT_RECERTIFICATION, find=course_by_key)
def recertification(course: Course) -> ResponseReturnValue:
    """Decide how the certificates of a course are renewed, having seen whom it concerns."""
    title, rule, version = queries.settled(course.id)
    kept = queries.terms_of(rule)
    form = RecertificationForm(data={**RecertificationForm.of(kept), "revision": rule.revision if rule else 0})
    form.offer(queries.paths_for(course))
    terms, refused = kept, False
    if form.validate_on_submit():
        try:
            terms = form.terms()
            services.check_terms(course, terms)
            if request.form.get("act") != "preview":
                services.change_terms(
                    course, terms, actor_id=actor().person_id, label=plain(title), at=clock.now(), revision=form.seen()
                )  # fmt: skip
                flash(_("Saved. It holds for renewals that begin from now on."), "ok")
                return redirect(url_for(".recertification", key=course.key))
        except Conflict as refusal:
            flash(refusal.for_reader(), "warn")
            terms, refused = kept, True
        except Refusal as refusal:
            form.refuse(refusal)
            terms = kept
    people, today = learners_visible(actor()), clock.today()
    page = render_template(
        "credentials/recertification.html", course=course, title=title, form=form, rule=rule, today=today,
        kept=queries.affected(course.id, kept, today=today, people=people), terms=terms, kept_terms=kept,
        changed=queries.affected(course.id, terms, today=today, people=people) if terms != kept else None,
        first=queries.first_affected(course.id, people=people, most=NAMED), version=version,
    )  # fmt: skip
    return page, 409 if refused else 422 if form.errors else 200
