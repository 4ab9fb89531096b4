"""What messages hear of other slices."""

from academy import facts
from academy.base import bus
from academy.messages import services


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Forget what only identifies somebody; their messages stay under the pseudonym."""
    services.forget(fact.person_id)
