"""Everyone's own side: preferences, password, signed-in browsers."""

from datetime import timedelta

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts import policies, queries, services
from academy.accounts.forms.own import ChangePasswordForm, PreferencesForm
from academy.accounts.kinds import panels_of
from academy.accounts.models import Person, PersonSession
from academy.accounts.routes.blueprints import bp
from academy.accounts.routes.signing_in import remember_language, too_many
from academy.base import clock
from academy.base.db import settle
from academy.base.errors import Invalid, Refusal
from academy.base.i18n import _, _l, in_language
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor

navigation.enter("user", 10, _l("My account"), "accounts.preferences", "settings", policies.OWN_ACCOUNT)

navigation.enter("own", 10, _l("Preferences"), "accounts.preferences", "settings", policies.OWN_ACCOUNT)
navigation.enter("own", 20, _l("Password"), "accounts.password", "key-round", policies.OWN_ACCOUNT)
navigation.enter("own", 30, _l("Signed-in devices"), "accounts.sessions", "monitor-smartphone", policies.OWN_ACCOUNT)


def _side() -> list[navigation.Link]:
    """The pages of one's own account, for the side navigation."""
    return navigation.menu("own")


def _me() -> Person:
    person = queries.person(actor().person_id)
    assert person is not None
    return person


@bp.route("/account", methods=["GET", "POST"])
@requires(policies.OWN_ACCOUNT)
def preferences() -> ResponseReturnValue:
    """The visitor's record, and how they want to read."""
    person = _me()
    form = PreferencesForm(obj=person)
    if form.validate_on_submit():
        chosen = {name: str(form[name].data) for name in ("language", "digits", "calendar")}
        services.set_preferences(person, **chosen)
        with in_language(chosen["language"]):
            flash(_("Saved."), "ok")
        answer = redirect(url_for("accounts.preferences"))
        remember_language(answer, chosen["language"])
        return answer
    panels = panels_of(person.id, own=True)
    shown = render_template(
        "accounts/preferences.html", form=form, person=person, panels=panels, section_navigation=_side(),
        sign_in_address=queries.sign_in_address(person),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.route("/account/password", methods=["GET", "POST"])
@requires(policies.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """Change the password; the present one is asked for."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            _change(str(form.current.data), str(form.password.data))
        except services.Throttled as refusal:
            return too_many(refusal.wait)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your password is changed. All other devices are signed out."), "ok")
            return redirect(url_for("accounts.preferences"))
    shown = render_template(
        "accounts/password.html",
        form=form,
        least=services.SHORTEST,
        email=queries.sign_in_address(_me()),
        section_navigation=_side(),
    )
    return shown, 422 if form.errors else 200


def _change(present: str, new: str) -> None:
    me = _me()
    claim = services.count_try(queries.sign_in_address(me), address=request.remote_addr, at=clock.now())
    settle()
    if not services.matches(claim.password_hash, present):
        raise Invalid(_l("This is not your present password."), field="current")
    services.forget_try(claim)
    settle()
    services.change_password(_me(), new, at=clock.now(), keep_session=actor().session_id)


@bp.get("/account/sessions")
@requires(policies.OWN_ACCOUNT)
def sessions() -> ResponseReturnValue:
    """The browsers in which the visitor is signed in."""
    settings = current_app.extensions["settings"]
    rows = queries.live_sessions(
        actor(),
        at=clock.now(),
        idle=timedelta(minutes=settings.session_idle_minutes),
        longest=timedelta(days=settings.session_days),
    )
    return render_template(
        "accounts/sessions.html", rows=rows, present=actor().session_id, several=actor().several,
        section_navigation=_side(),
    )  # fmt: skip


@bp.post("/account/sessions/<int:session_id>/end")
@requires(policies.END_SESSION, find=queries.own_session)
def end_session(session: PersonSession) -> ResponseReturnValue:
    """Sign one browser out."""
    services.end_own_session(session, at=clock.now())
    flash(_("That device is signed out."), "ok")
    return redirect(url_for("accounts.sessions"))


@bp.post("/account/sessions/end-others")
@requires(policies.OWN_ACCOUNT)
def end_other_sessions() -> ResponseReturnValue:
    """Sign all other browsers out."""
    me = actor()
    services.end_sessions_everywhere(me.person_id, me.account_id, at=clock.now(), but=me.session_id)
    flash(_("All other devices are signed out."), "ok")
    return redirect(url_for("accounts.sessions"))
