"""The list of rules, the page of one, what it would change, and what a run of it did."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.accounts.policies import MANAGE_PEOPLE
from academy.base import clock
from academy.base.access import Actor, allowed
from academy.base.i18n import _l
from academy.learning import kinds, naming_of_duties, policies
from academy.learning.queries import duties as queries
from academy.learning.queries.duties import RulePage
from academy.learning.routes.blueprints import bp
from academy.learning.rules.duties import Definition
from academy.learning.services.duties import digest_of
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

MOST_RUNS = 10


def _only_leads(visitor: Actor) -> bool:
    """Administrators have the page in their own menu."""
    return not allowed(MANAGE_PEOPLE, visitor)


navigation.enter("admin", 22, _l("Rules of duties"), "learning.duty_rules", "repeat", policies.KEEP_RULES)
navigation.enter(
    "main",
    40,
    _l("Rules of duties"),
    "learning.duty_rules",
    "repeat",
    policies.KEEP_RULES,
    shows=_only_leads,
    yields=True,
)


@bp.get("/manage/duties")
@requires(policies.KEEP_RULES)
def duty_rules() -> ResponseReturnValue:
    """List the rules that the visitor keeps."""
    page = paginate(queries.rules_listed(policies.rules_kept(actor())))
    return _render("list", page=page, rows=[queries.page_of_row(row) for row in page.rows])


@bp.get("/manage/duties/<int:rule_id>")
@requires(policies.KEEP_RULE, find=queries.rule_page)
def duty_rule(shown: RulePage) -> ResponseReturnValue:
    """Show a rule: what it says, for whom it holds, what its runs did."""
    rule = shown.rule
    definition = Definition.of(rule.definition or rule.pending or {})
    return _render(
        "rule",
        shown=shown,
        rule=rule,
        definition=definition,
        conditions=[kinds.in_words(each) for each in definition.audience.conditions],
        runs=queries.runs_of(rule.id, MOST_RUNS),
        page=paginate(queries.duties_of_rule(rule.id)),
    )


@bp.get("/manage/duties/<int:rule_id>/preview")
@requires(policies.KEEP_RULE, find=queries.rule_page)
def preview_rule(shown: RulePage) -> ResponseReturnValue:
    """Show what would change if what was written came into effect: how many, and who."""
    rule, today = shown.rule, clock.today()
    definition = Definition.of(rule.pending or rule.definition)
    matched = queries.matching(rule, definition.audience, today)
    wanted = request.args.get("show", "joining")
    wanted = wanted if wanted in ("joining", "leaving") else "joining"
    which = queries.joining(rule, matched) if wanted == "joining" else queries.leaving(rule, matched)
    effect = queries.effect_of(rule, definition.audience, today)
    return _render(
        "preview",
        shown=shown,
        rule=rule,
        definition=definition,
        conditions=[kinds.in_words(each) for each in definition.audience.conditions],
        effect=effect,
        wanted=wanted,
        page=paginate(queries.people_named(which, course_id=rule.course_id)),
        seen=digest_of(rule),
    )


class RunShown:
    """A run of a rule, for the page of it."""

    def __init__(self, run_id: int) -> None:
        self.found = queries.run_page(run_id)

    @property
    def rule(self) -> object:
        """The rule that ran."""
        return self.found[1].rule if self.found else None


def _run(run_id: int) -> RunShown | None:
    shown = RunShown(run_id)
    return shown if shown.found else None


@bp.get("/manage/duties/runs/<int:run_id>")
@requires(policies.KEEP_RULE, find=_run)
def rule_run(found: RunShown) -> ResponseReturnValue:
    """Show what a run did, person by person."""
    assert found.found is not None
    run, shown = found.found
    return _render("run", run=run, shown=shown, rule=shown.rule, page=paginate(queries.outcomes_of(run.id)))


def _render(name: str, **more: object) -> str:
    menu = navigation.menu("admin") if allowed(MANAGE_PEOPLE, actor()) else []
    return render_template(
        f"learning/duties/{name}.html", naming=naming_of_duties, section_navigation=menu, today=clock.today(), **more
    )
