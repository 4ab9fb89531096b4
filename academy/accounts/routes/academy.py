"""The academy's own settings, and the stylesheet that carries its colour."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import policies, queries, services
from academy.accounts.forms.administration import SettingsForm
from academy.accounts.models import Academy
from academy.accounts.routes.blueprints import administration, bp
from academy.base import clock, marks
from academy.base.errors import Refusal, Stale
from academy.base.i18n import _, _l
from academy.web import identity, navigation
from academy.web.access import public, requires
from academy.web.identity import actor
from academy.web.saving import asked_mark

navigation.enter("admin", 64, _l("Settings"), "administration.settings", "settings", policies.MANAGE_ACADEMY)


@administration.route("/settings", methods=["GET", "POST"])
@requires(policies.MANAGE_ACADEMY, auditors=True)
def settings() -> ResponseReturnValue:
    """Names, words, signature, colour and logo."""
    row = queries.academy()
    form = SettingsForm(obj=row)
    seen, stale = asked_mark(), None
    if form.validate_on_submit():
        try:
            _change(form, seen)
        except Stale as refusal:
            stale = refusal
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("administration.settings"))
    current = marks.mark(services.details_of_academy(row).as_json())
    shown = render_template(
        "accounts/administration/settings.html", form=form, logo_url=row.logo_url, stale=stale, seen=seen or current, current=current
    )  # fmt: skip
    return shown, stale.status if stale else 422 if form.errors else 200


def _change(form: SettingsForm, seen: str | None) -> None:
    at, by = clock.now(), actor().person_id
    services.change_academy(_details(form), actor_id=by, at=at, seen=seen)
    upload = form.logo.data
    if upload and upload.filename:
        services.set_logo(upload.read(), upload.filename, actor_id=by, at=at)
    elif form.without_logo.data:
        services.set_logo(None, actor_id=by, at=at)


def _details(form: SettingsForm) -> services.AcademyDetails:
    texts = ("name", "short_name", "customer_word", "introduction", "signer_name", "signer_role")
    values: dict[str, Any] = {name: form[name].text for name in texts}
    return services.AcademyDetails(
        **values, colour=form.colour.data or None, contact_email=form.contact_email.data or None,
        two_person_revocation=form.two_person_revocation.data,
        retention_years=int(form.retention_years.data or queries.academy().retention_years),
        review_before_publishing=form.review_before_publishing.data,
    )  # fmt: skip


@bp.get("/theme.css")
@public
def theme() -> ResponseReturnValue:
    """The academy's colour as a stylesheet; empty when it has none. Browsers may keep it for an hour."""
    row: Academy | None = identity.academy()
    colour = row.colour if row else None
    body = f":root[data-colour] {{ --brand: {colour}; }}\n" if colour else ""
    response = Response(body, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    return response.make_conditional(request)
