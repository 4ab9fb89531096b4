"""Labels to put on numbered spots of a picture."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from random import Random

from academy.assessment.rules.papers import shuffled
from academy.assessment.types.base import Content, Paper, Response
from academy.assessment.types.checking import check_choice, check_entries, ids
from academy.assessment.types.feedback import Feedback
from academy.assessment.types.matching import SCORINGS, PairQuestion
from academy.assessment.types.parts import Control, Note, Problem
from academy.assessment.types.pictures import Picture, Place, check_picture, check_place, picture_of, place_at
from academy.assessment.types.tokens import tokens
from academy.base.i18n import _l
from academy.base.text import LocalizedText

MOST_SPOTS = 20
_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True)
class SpotsControl(Control):
    """The spots are `choices`, named by their numbers, the labels `partners`; `places` says where each spot is."""

    picture: Picture | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class SpotsFeedback(Feedback):
    """The marks on the spots with the picture; where the spots are was never a secret."""

    picture: Picture | None = None
    places: tuple[Place, ...] = ()


class DragOnImage(PairQuestion):
    """Pairs of spots and labels; each label belongs on one spot at most, some on none.

    Content: `image` (see `check_picture`), `spots: [{id, at: [x, y] in tenths of a percent}]`, `labels: [{id, text}]`,
    `answer: {spot id: label id}`, `scoring`. Spots are numbered as they were written, labels are shown mixed.
    """

    name = "drag_on_image"
    icon = "image"
    label = _l("Labels on a picture")
    left, right = "spots", "labels"

    def _check(self, content: Content) -> list[Problem]:
        spots, labels, answer = content.get("spots"), content.get("labels"), content.get("answer")
        problems = [
            *check_picture(content.get("image")),
            *check_choice(content.get("scoring"), SCORINGS, "scoring", "bad_scoring"),
        ]
        bad = _check_spots(spots) + check_entries(labels, "labels")
        if bad or not isinstance(spots, list) or not isinstance(labels, list):
            return problems + bad
        if not isinstance(answer, dict) or set(answer) != set(ids(spots)):
            return [*problems, Problem("answer", "bad_pairs")]
        known, used = ids(labels), list(answer.values())
        for index, spot in enumerate(spots):
            if answer[spot["id"]] not in known:
                bad.append(Problem(f"spots.{index}.label", "no_label"))
            elif used.count(answer[spot["id"]]) > 1:
                bad.append(Problem(f"spots.{index}.label", "label_twice"))
        return problems + bad

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the spots in authored order and the labels, mixed."""
        return {"spots": ids(content["spots"]), "labels": shuffled(sorted(ids(content["labels"])), rng)}

    def texts(self, content: Content, side: str) -> dict[str, LocalizedText]:
        """Return the texts of the labels, the numbers of the spots."""
        if side == self.right:
            return super().texts(content, side)
        return {key: LocalizedText(ar=number, en=number) for key, number in _numbers(content).items()}

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the spots with what stands on them so far, the labels and the picture."""
        plain = super().control(content, paper, response)
        return SpotsControl(
            self.name,
            choices=plain.choices,
            partners=plain.partners,
            picture=picture_of(content),
            places=_places(content, paper),
        )

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return the rule of partial credit."""
        return (Note(f"terms_spots_{self.scoring(content)}"),)

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn when a spot is empty or a label stands on two."""
        put = list(response["pairs"].values()) if response else []
        repeated = (Note("repeated_label"),) if len(set(put)) < len(put) else ()
        return (*super().warnings(content, response), *repeated)

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for each spot, with the label put there and the right one."""
        plain = super().feedback(content, response, paper)
        shared = {field.name: getattr(plain, field.name) for field in fields(Feedback)}
        return SpotsFeedback(**shared, picture=picture_of(content), places=_places(content, paper))


def _check_spots(spots: object) -> list[Problem]:
    if not isinstance(spots, list):
        return [Problem("spots", "not_a_list")]
    if not spots:
        return [Problem("spots", "too_few", {"least": 1})]
    if len(spots) > MOST_SPOTS:
        return [Problem("spots", "too_many", {"most": MOST_SPOTS})]
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, spot in enumerate(spots):
        key = spot.get("id") if isinstance(spot, Mapping) else None
        if not isinstance(key, str) or not _ID.fullmatch(key):
            problems.append(Problem(f"spots.{index}", "bad_id"))
            continue
        problems += [Problem(f"spots.{index}", "repeated_id")] if key in seen else []
        problems += check_place(spot.get("at"), f"spots.{index}.at")
        seen.add(key)
    return problems


def _numbers(content: Content) -> dict[str, str]:
    return {key: str(number) for number, key in enumerate(ids(content["spots"]), start=1)}


def _places(content: Content, paper: Paper) -> tuple[Place, ...]:
    at = {spot["id"]: spot["at"] for spot in content["spots"]}
    return tuple(place_at(*at[key]) for key in tokens(paper["spots"]))
