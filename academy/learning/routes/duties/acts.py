"""What is done with a rule in one press: into effect, discard, run now, stop, start again."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.learning import policies, running_rules
from academy.learning.models import DutyRule
from academy.learning.queries import duties as queries
from academy.learning.routes.blueprints import bp
from academy.learning.routes.duties.writing import say_discarded
from academy.learning.services import duties as services
from academy.web.access import requires
from academy.web.identity import actor

name_act("learning:duty_rule:apply", _l("Rule of duties put into effect"))
name_act("learning:duty_rule:switch", _l("Rule of duties stopped or started"))


@bp.post("/manage/duties/<int:rule_id>/apply")
@requires(policies.KEEP_RULE, find=queries.duty_rule)
def apply_rule(rule: DutyRule) -> ResponseReturnValue:
    """Put into effect what was looked at, and run it."""
    try:
        services.apply_rule(rule, seen=request.form.get("seen", ""), actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for(".preview_rule", rule_id=rule.id))
    running_rules.ask_for_run(rule.id, actor().person_id, changed=True)
    flash(_("The rule is in effect. It is running in the background; what it does appears here."), "ok")
    return redirect(url_for(".duty_rule", rule_id=rule.id))


@bp.post("/manage/duties/<int:rule_id>/discard")
@requires(policies.KEEP_RULE, find=queries.duty_rule)
def discard_rule(rule: DutyRule) -> ResponseReturnValue:
    """Throw away a draft, or what was changed of a rule."""
    rule_id = rule.id
    there = services.discard_changes(rule)
    say_discarded(there)
    return redirect(url_for(".duty_rule", rule_id=rule_id) if there else url_for(".duty_rules"))


@bp.post("/manage/duties/<int:rule_id>/run")
@requires(policies.KEEP_RULE, find=queries.duty_rule)
def run_rule_now(rule: DutyRule) -> ResponseReturnValue:
    """Run a rule now, in the background."""
    if rule.state == "active":
        running_rules.ask_for_run(rule.id, actor().person_id)
        flash(_("The rule is running in the background; what it does appears here."), "ok")
    return redirect(url_for(".duty_rule", rule_id=rule.id))


@bp.post("/manage/duties/<int:rule_id>/stop")
@requires(policies.KEEP_RULE, find=queries.duty_rule)
def stop_rule(rule: DutyRule) -> ResponseReturnValue:
    """Stop a rule."""
    services.set_active(rule, False, actor_id=actor().person_id, at=clock.now())
    flash(_("The rule has been stopped. What it made a duty stays one."), "ok")
    return redirect(url_for(".duty_rule", rule_id=rule.id))


@bp.post("/manage/duties/<int:rule_id>/start")
@requires(policies.KEEP_RULE, find=queries.duty_rule)
def start_rule(rule: DutyRule) -> ResponseReturnValue:
    """Let a stopped rule run again."""
    services.set_active(rule, True, actor_id=actor().person_id, at=clock.now())
    flash(_("The rule is in effect again."), "ok")
    return redirect(url_for(".duty_rule", rule_id=rule.id))
