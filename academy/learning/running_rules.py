"""Rules of duties in the background: every day, when people come, and when somebody asks; then telling whom it concerns."""

from datetime import date, timedelta

from academy.base import clock
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.base.text import LocalizedText
from academy.learning.models import DutyRule
from academy.learning.queries import duties as queries
from academy.learning.services.duties import Ran, run_rule
from academy.notices import kinds
from academy.notices.services import tell

SOON = timedelta(minutes=1)


@job("learning.run_rules", _l("Run all rules of assignment"), every=timedelta(days=1))
def run_rules() -> None:
    """Queue a run of every rule that is in effect."""
    day = clock.today().isoformat()
    for rule_id in queries.active_rules():
        enqueue("learning.run_rule", unique_key=f"rule:{rule_id}:{day}", rule_id=rule_id, cause="daily")


@job("learning.run_rules_of", _l("Run the rules of an organisation"))
def run_rules_of(organisation_id: int) -> None:
    """Queue a run of the rules of an organisation whose people have changed."""
    for rule_id in queries.active_rules(organisation_id):
        enqueue("learning.run_rule", rule_id=rule_id, cause="changed")


def people_changed(organisation_id: int) -> None:
    """Have the rules of an organisation run soon: once, however many of its people change within a minute."""
    at = clock.now()
    slot = int(at.timestamp() // SOON.total_seconds())
    enqueue(
        "learning.run_rules_of", unique_key=f"rules:{organisation_id}:{slot}", run_after=at + SOON,
        organisation_id=organisation_id,
    )  # fmt: skip


def ask_for_run(rule_id: int, by_id: int, *, changed: bool = False) -> None:
    """Queue a run on somebody's word: one a minute, except of a rule that has just been changed, which always runs."""
    key = None if changed else f"rule:{rule_id}:asked:{clock.now():%Y%m%d%H%M}"
    enqueue("learning.run_rule", unique_key=key, rule_id=rule_id, cause="asked", by_id=by_id)


@job("learning.run_rule", _l("Run a rule of assignment"))
def run_one_rule(rule_id: int, cause: str, by_id: int | None = None, run_id: int | None = None) -> None:
    """Run a rule for the next people, tell them, then queue the rest."""
    ran = run_rule(rule_id, cause=cause, at=clock.now(), by_id=by_id, run_id=run_id)
    _tell(rule_id, ran)
    if ran.more:
        enqueue("learning.run_rule", rule_id=rule_id, cause=cause, by_id=by_id, run_id=ran.run_id)


def _tell(rule_id: int, ran: Ran) -> None:
    """Tell whose duty has ended, for whom it is due no longer, and of programmes; courses are told by their assignment."""
    page = queries.rule_page(rule_id) if ran.outcomes else None
    if page is None:
        return
    due = queries.due_days_of(rule_id, ran.outcomes) if page.rule.programme_id else {}
    over = [person_id for person_id, outcome in ran.outcomes.items() if outcome in ("suspended", "withdrawn")]
    freed = queries.freed_from(page.rule, over) if over else set()
    for person_id, outcome in ran.outcomes.items():
        if person_id in freed:
            address = f"/programmes/{page.thing_key}" if page.rule.programme_id else f"/courses/{page.thing_key}"
            tell(
                person_id, kinds.DUTY_ENDED, f"duty_ended:{rule_id}:{ran.run_id}", at=clock.now(), address=address,
                thing=page.thing, rule=page.rule.name,
            )  # fmt: skip
        elif outcome == "assigned" and page.rule.programme_id:
            _tell_programme(page.rule, page.thing, page.thing_key, person_id, due.get(person_id), ran.run_id)


def _tell_programme(
    rule: DutyRule, title: LocalizedText, key: str, person_id: int, due_on: date | None, run_id: int | None
) -> None:
    tell(
        person_id, kinds.PROGRAMME_ASSIGNED, f"programme_duty:{rule.id}:{run_id}", at=clock.now(),
        address=f"/programmes/{key}", programme=title, due=due_on,
    )  # fmt: skip
