"""What reports hear from the slices below."""

from academy import facts
from academy.base import bus
from academy.insights.reports.services import forgetting


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Forget what somebody asked for."""
    forgetting.forget(fact.person_id)
