"""What discussions hear from other slices."""

from academy import facts
from academy.base import bus
from academy.discussions import services


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Forget what somebody noted, subscribed to and took back."""
    services.forget(fact.person_id)
