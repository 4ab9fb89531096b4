"""What assessment hears from the slices below."""

from academy import facts
from academy.assessment.services import forgetting
from academy.base import bus


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Forget what somebody wrote."""
    forgetting.forget(fact.person_id)
