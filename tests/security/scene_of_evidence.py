"""What each house of the scene has proven otherwise than by quizzes: more doors that could leak."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image

from academy.assessment import services as assessment
from academy.assessment.services.pictures import Owner, keep_picture
from academy.base import clock
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue import services as courses
from academy.competencies import queries, services
from academy.competencies.models import Appraisal, PlanReview
from academy.competencies.queries import goals, ratings
from academy.credentials import services_of_keys, services_of_signing
from tests.factories import assessment as quizzes


def add(scene: Any, at: Any) -> None:
    """Give every house its pieces, each with the house's canary."""
    preview = services.start_preview(actor_id=scene.root.id, at=at)
    preview.state = "previewed"
    for house in scene.houses.values():
        _observations(house, at)
        _claim(house, at)
        _plan(house, at)
        _template(house, at)
        _rating(house, at)
        _goals(house, at)
        _pictured(house, at)
        _review(house, at)


def _review(house: Any, at: Any) -> None:
    """A draft that waits for a reviewer, with words about it."""
    by = {"actor_id": house.trainer.id, "at": at}
    review = courses.ask_review(house.course, note=f"{house.canary} draft", **by)
    courses.add_comment(review.version_id, f"{house.canary} remark", **by)


def _observations(house: Any, at: Any) -> None:
    """An observation with a photograph that waits for an answer, and a draft."""
    ids = queries.competency_ids(["D1.1"])
    for send in (True, False):
        row = services.start_observation(
            house.learner.id, house.manager.id, {ids["D1.1"]: 2}, observed_on=at.date(), at=at
        )
        marks = {line.id: (2, "always") for line in queries.observation_lines(row.id)}
        words = f"{house.canary} seen"
        services.save_observation(row, services.Seen(at.date(), words, 3, words, marks), at=at)
        services.keep_photo(row, _picture(), f"{house.canary}.png", at=at)
        if send:
            services.send_observation(row, at=at)


def _claim(house: Any, at: Any) -> None:
    """Proof from elsewhere that waits for a decision."""
    ids, words = queries.competency_ids(["D1.1"]), f"{house.canary} learnt"
    said = services.Claimed("prior", ids["D1.1"], 2, words, words, at.date(), None)
    services.claim(house.learner, said, _picture(), f"{house.canary}.png", at=at)


def _plan(house: Any, at: Any) -> None:
    """A development plan that waits for a decision."""
    if queries.standing_of(house.learner.id).profile is None:
        services.set_level(house.learner, "D1.1", 3, f"{house.canary} asked", actor_id=None, at=at)
    plan = services.start_plan(house.learner, at=at)
    services.send_plan(plan, at=at)
    words, number = f"{house.canary} reviewed", queries.competency_ids(["D1.1"])["D1.1"]
    db.session.add(PlanReview(plan_id=plan.id, competency_id=number, level=3, note=words, asked_at=at, told_at=at))


def _template(house: Any, at: Any) -> None:
    """A plan template of the house."""
    words = LocalizedText(f"{house.canary} template", f"{house.canary} template")
    row = services.write_template(house.manager, words, None, at=at)
    services.add_template_evidence(row, "observation", "D1.1", 3, words, by_id=house.manager.id, at=at)


def _rating(house: Any, at: Any) -> None:
    """A rating round in which the person and the manager have handed in and a colleague is proposed."""
    words = f"{house.canary} rated"
    said = services.Opening(words, ["D1.1"], at, at + timedelta(days=30), ("self", "manager", "peer"), proposes=True)
    (row,) = services.open_round(said, [house.learner], leads=True, by_id=house.manager.id, at=at)
    found = ratings.rating(row.id)
    services.propose_peer(found, house.trainer, at=at)
    (line,) = ratings.lines_of(row)
    for each in ratings.circle_of(row.id).rows:
        if each.voice != "peer":
            services.save_rating(ratings.voice(each.id), {line.id: (2, words)}, hand_in=True, at=at)


def _goals(house: Any, at: Any) -> None:
    """A cycle in which a goal is agreed on with a check-in, another one sent, and the self part handed in."""
    words, today = f"{house.canary} wanted", riyadh_day(at)
    said = services.Cycle(LocalizedText(words, words), today, today + timedelta(days=90))
    cycle = services.open_cycle(said, [house.learner], by_id=house.manager.id, at=at)
    found = goals.found(Appraisal.cycle_id == cycle.id)
    for _each in range(2):
        row = services.set_goal(found, services.Wanted(words, words, today + timedelta(days=30)), at=at)
    services.send_goals(found, at=at)
    agreed = goals.goal(row.id)
    services.agree_goal(agreed, by_id=house.manager.id, at=at)
    services.check_in(agreed, 20, words, by_id=house.learner.id, at=at)
    services.save_self_part(found, words, hand_in=True, at=at)


def _pictured(house: Any, at: Any) -> None:
    """A question on a picture in the house's bank."""
    home = house.organisation.id
    kept = keep_picture(Owner(organisation_id=home), _picture(), f"{house.canary}.png", most=10_000, by_id=None, at=at)
    content = quizzes.content("hotspot", image=quizzes.image(kept.key, 4, 4), stem={"ar": house.canary, "en": ""})
    assessment.add_to_bank(home, assessment.Written("hotspot", content), at=at, by_id=house.trainer.id)


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return out.getvalue()


def add_keys(scene) -> None:
    """The key that signs badges, and a proposal of the academy's administrator to replace it."""
    key, _signer = services_of_signing.signer_in_use(at=clock.now())
    services_of_keys.propose(seen=key.multikey, because="كل سنة", actor_id=scene.root.id, at=clock.now())
