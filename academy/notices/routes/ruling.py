"""When letters are held back and who hears of due days, for administrators."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.notices import policies, queries, rules, services
from academy.notices.forms import RulesForm
from academy.notices.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor

name_act("notices:rules:change", _l("Rules of letters changed"))


@bp.route("/admin/letters/rules", methods=["GET", "POST"])
@requires(policies.CHANGE_RULES)
def letter_rules() -> ResponseReturnValue:
    """The hours on which letters that can wait are held back, and the ladder of due days."""
    form = RulesForm(obj=queries.letter_rules())
    if form.validate_on_submit():
        quiet = rules.Quiet(form.quiet_from.data, form.quiet_until.data, bool(form.quiet_weekend.data))
        ladder = rules.Ladder(
            form.remind_before.data or (), int(form.manager_after.data or 0), int(form.administrator_after.data or 0)
        )
        try:
            services.set_rules(
                quiet,
                ladder,
                working_hours=bool(form.working_hours.data),
                actor_id=actor().person_id,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("notices.letter_rules"))
    shown = render_template("notices/letter_rules.html", form=form, section_navigation=navigation.menu("admin"))
    return shown, 422 if form.errors else 200
