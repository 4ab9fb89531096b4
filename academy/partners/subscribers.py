"""What partners hear: who comes back or joins another partner, and certificates issued to whoever had left."""

from academy import facts
from academy.base import bus, clock
from academy.partners import services


@bus.on(facts.PersonRevived)
def person_revived(fact: facts.PersonRevived) -> None:
    """The same partner has taken somebody back."""
    services.note_return(fact.person_id, at=clock.now())


@bus.on(facts.PersonMoved)
def person_moved(fact: facts.PersonMoved) -> None:
    """Somebody is one of another organisation's people now."""
    services.note_return(fact.person_id, at=clock.now())


@bus.on(facts.CertificateIssued)
def certificate_issued(fact: facts.CertificateIssued) -> None:
    """A completion may be told after its learner has left."""
    services.hold_if_left(fact.certificate_id, at=clock.now())


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Forget how somebody came and why they left; signed rosters go on under the pseudonym."""
    services.forget_person(fact.person_id)
