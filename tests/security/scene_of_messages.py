"""What people of each house have written to each other, reported and been stopped for; every text carries the house's canary."""

from academy.base.db import db
from academy.messages import queries, services
from academy.messages.models import MessageReport
from tests.factories import messages


def add(scene, at) -> None:
    """Let learner and colleague write with their manager; one message is reported and waits, another was decided with a stop.

    The first house keeps its trainers to itself: else the trainer of the course for everyone would be named, as the rule says.
    """
    messages.allow(scene["a"].organisation.id, trainers=False)
    for house in scene.houses.values():
        about = {"at": at, "today": at.date()}
        services.send(house.learner.id, house.manager.id, f"{house.canary} ask", token="ask", **about)
        answer = services.send(house.manager.id, house.learner.id, f"{house.canary} answer", token="answer", **about)
        _report(answer.id, house.learner.id, house.canary, at)
        written = services.send(house.colleague.id, house.manager.id, f"{house.canary} rude", token="rude", **about)
        row = _report(written.id, house.manager.id, house.canary, at)
        services.decide(
            row, "stopped", answer=f"{house.canary} word", stop_until=at.date().replace(year=at.year + 1),
            actor_id=house.administrator.id, at=at, today=at.date(),
        )  # fmt: skip
    db.session.flush()


def _report(message_id: int, reporter_id: int, canary: str, at) -> MessageReport:
    found = queries.received(message_id)
    return services.report(found, reporter_id, reason="offensive", note=f"{canary} note", at=at)
