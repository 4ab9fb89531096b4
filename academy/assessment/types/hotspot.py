"""Places to mark on a picture: by pointing at them, or by choosing them from a list of names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any, Self

from academy.assessment.rules.papers import shuffled
from academy.assessment.rules.release import Shown
from academy.assessment.types.base import Content, FormValues, Paper, QuestionType, Response, explanation, separator
from academy.assessment.types.checking import LANGUAGES, check_choice, check_entries, fields, ids
from academy.assessment.types.choices import state_of, text_of, whole_or_nothing
from academy.assessment.types.feedback import Feedback, Part, State
from academy.assessment.types.parts import BadResponse, Choice, Control, Note, Problem
from academy.assessment.types.pictures import (
    Outline,
    Picture,
    Place,
    check_picture,
    check_shape,
    holds,
    outline,
    percent,
    picture_of,
    place_at,
    read_numbers,
)
from academy.assessment.types.tokens import id_of, tokens
from academy.base.i18n import _, _l, in_language
from academy.base.text import LocalizedText

SCORINGS = ("partial", "all_or_nothing")
MOST_MARKS = 10
MARK_LENGTH = 24
OUTSIDE = frozenset(f"e{number}" for number in range(MOST_MARKS))


@dataclass(frozen=True)
class HotspotControl(Control):
    """A picture to mark: `choices` are the named areas where the list is offered, `most` how many marks count.

    Nothing here says where the areas are: points are held against them on the server alone.
    """

    picture: Picture | None = None
    most: int = 1
    marks: tuple[Place, ...] = ()

    @property
    def rows(self) -> list[Place | None]:
        """A field for each mark that may be made, those made first."""
        return [*self.marks, *([None] * (self.most - len(self.marks)))]


@dataclass(frozen=True)
class Mark:
    """A mark on the picture of a result."""

    place: Place
    state: State


@dataclass(frozen=True)
class HotspotFeedback(Feedback):
    """The areas are `parts`, and so are points in none; `marks` are the points given, `areas` the right areas.

    `named` holds the tokens of the areas that were chosen by name.
    """

    picture: Picture | None = None
    marks: tuple[Mark, ...] = ()
    areas: tuple[Outline, ...] = ()
    named: frozenset[str] = frozenset()

    def limited(self, shown: Shown) -> Self:
        """Return the feedback without what is not released.

        Without marks it does not say which area a point lies in: one that lies in none would be known to be wrong.
        """
        told = shown.feedback or shown.right_answers
        limited = super().limited(shown)
        marks, parts = self.marks, limited.parts
        if not told:
            marks = tuple(replace(mark, state="neutral") for mark in marks)
            parts = tuple(replace(part, chosen=part.id in self.named) for part in parts if part.id not in OUTSIDE)
        return replace(
            limited,
            parts=parts,
            marks=marks if shown.responses else (),
            areas=self.areas if shown.right_answers else (),
        )


class Hotspot(QuestionType):
    """Raw {"marks": ["x y" in percent, or token of an area]}, stored {"regions": [ids], "points": [[x, y] in tenths]}.

    Content: `image` (see `check_picture`), `regions: [{id, text, shape, at, correct}]`, `named: false` keeps the list of
    names from learners, `most` is how many marks count (as many as there are right areas when it is left out). A point
    counts as the area it lies in, so that pointing and choosing earn the same. There are at least as many wrong areas as
    right ones: a list of right names only would be no question.
    """

    name = "hotspot"
    icon = "map-pin"
    label = _l("Places on a picture")
    scorings = SCORINGS

    def _check(self, content: Content) -> list[Problem]:
        problems = [
            *check_picture(content.get("image")),
            *check_choice(content.get("scoring"), SCORINGS, "scoring", "bad_scoring"),
            *([] if isinstance(content.get("named", True), bool) else [Problem("named", "bad_named")]),
        ]
        regions = content.get("regions")
        bad = check_entries(regions, "regions")
        if bad or not isinstance(regions, list):
            return problems + bad
        for index, region in enumerate(regions):
            bad += check_shape(region.get("shape"), region.get("at"), f"regions.{index}")
            if not isinstance(region.get("correct", False), bool):
                bad.append(Problem(f"regions.{index}.correct", "bad_correct"))
        return problems + (bad or _check_counts(regions, content.get("most")))

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the areas mixed, as the list of names shows them."""
        return {"regions": shuffled(sorted(ids(content["regions"])), rng)}

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the picture, the marks made so far and, where it is offered, the list of names."""
        chosen, by_id = response["regions"] if response else [], _by_id(content)
        named = tokens(paper["regions"]).items() if content.get("named", True) else ()
        return HotspotControl(
            self.name,
            choices=tuple(Choice(token, text_of(by_id[key]), chosen=key in chosen) for key, token in named),
            longest=MARK_LENGTH,
            picture=picture_of(content),
            most=_most(content),
            marks=tuple(place_at(x, y) for x, y in (response["points"] if response else ())),
        )

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        points = [first for number in range(1, MOST_MARKS + 1) for first in form_values.get(f"{prefix}-m{number}", ())]
        return {"marks": [mark for mark in [*points, *form_values.get(prefix, ())] if mark.strip()]}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"regions": …, "points": …}, each mark once and in order; None without any."""
        marks = fields(response, "marks")
        if marks is None:
            return None
        if not isinstance(marks, list) or len(marks) > 2 * MOST_MARKS + len(paper["regions"]):
            raise BadResponse("bad_shape")
        regions, points = set(), set()
        for mark in marks:
            if not isinstance(mark, str):
                raise BadResponse("bad_shape")
            if mark.startswith("p") and content.get("named", True):
                regions.add(id_of(mark, paper["regions"]))
            else:
                points.add(_point(mark))
        most = _most(content)
        if len(regions) + len(points) > most:
            raise BadResponse("too_many_chosen", most=most)
        kept = {"regions": sorted(regions), "points": [list(point) for point in sorted(points)]}
        return kept if regions or points else None

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return the rule of partial credit; one mark on one area is right or wrong."""
        alone = len(_right(content)) == 1 and _most(content) == 1
        return () if alone else (Note(f"terms_hotspot_{self.scoring(content)}"),)

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn when fewer places are marked than there are to mark."""
        wanted = content.get("most") is None
        few = response is not None and len(response["regions"]) + len(response["points"]) < _most(content)
        return (Note("incomplete"),) if wanted and few else ()

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return the share of right areas marked less one for each wrong mark, at least 0; or 1 and 0."""
        hits, missed = _marked(content, response)
        right = _right(content)
        wrong = len(hits - right) + len(missed)
        if self.scoring(content) == "all_or_nothing":
            return whole_or_nothing(hits == right and not missed)
        return max(Fraction(0), Fraction(len(hits & right) - wrong, len(right)))

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for every area and for each point that lies in none, and the right areas as drawn."""
        share, picture = self.score(content, response), picture_of(content)
        hits, missed = _marked(content, response)
        right, by_id = _right(content), _by_id(content)
        areas = tuple(
            Part(token, state_of(key in right, key in hits), text_of(by_id[key]), chosen=key in hits)
            for key, token in tokens(paper["regions"]).items()
        )
        outside = tuple(Part(f"e{n}", "wrong", _elsewhere(x, y), chosen=True) for n, (x, y) in enumerate(missed))
        return HotspotFeedback(
            correct=share == 1,
            share=share,
            parts=(*areas, *outside),
            correct_answer=tuple(text_of(region) for region in content["regions"] if region["id"] in right),
            notes=self.warnings(content, response) if response else (Note("unanswered"),),
            explanation=explanation(content),
            picture=picture,
            marks=tuple(
                Mark(place_at(x, y), "right" if _region_at(content, x, y) in right else "wrong")
                for x, y in (response["points"] if response else ())
            ),
            areas=tuple(outline(region, picture) for region in content["regions"] if region["id"] in right),
            named=frozenset(
                token for key, token in tokens(paper["regions"]).items() if response and key in response["regions"]
            ),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the names of the areas marked, and where other marks lie."""
        hits, missed = _marked(content, response)
        named = [text_of(region) for region in content["regions"] if region["id"] in hits]
        texts = [*named, *(_elsewhere(x, y) for x, y in missed)]
        return separator(language).join(text.show(language) for text in texts)


def _check_counts(regions: list[dict[str, Any]], most: object) -> list[Problem]:
    right = sum(region.get("correct", False) for region in regions)
    if not right:
        return [Problem("regions", "no_right_region")]
    if right > MOST_MARKS:
        return [Problem("regions", "too_many_right", {"most": MOST_MARKS})]
    if len(regions) - right < right:
        return [Problem("regions", "few_distractors")]
    if most is not None and (type(most) is not int or not right <= most <= MOST_MARKS):
        return [Problem("most", "bad_most_marks", {"least": right, "most": MOST_MARKS})]
    return []


def _by_id(content: Content) -> dict[str, dict[str, Any]]:
    return {region["id"]: region for region in content["regions"]}


def _right(content: Content) -> set[str]:
    return {region["id"] for region in content["regions"] if region.get("correct")}


def _most(content: Content) -> int:
    return content.get("most") or len(_right(content))


def _point(typed: str) -> tuple[int, int]:
    """Return a typed point in tenths of a percent. Raises BadResponse."""
    numbers = read_numbers(typed) if len(typed) <= MARK_LENGTH else None
    if numbers is None or len(numbers) != 2:
        raise BadResponse("bad_point")
    return numbers[0], numbers[1]


def _region_at(content: Content, x: int, y: int) -> str | None:
    """Return the id of the area a point lies in; where areas overlap, a right one."""
    picture = picture_of(content)
    found = [region for region in content["regions"] if holds(region, x, y, picture)]
    return max(found, key=_is_right)["id"] if found else None


def _is_right(region: Mapping[str, Any]) -> bool:
    return bool(region.get("correct"))


def _marked(content: Content, response: Response | None) -> tuple[set[str], list[tuple[int, int]]]:
    """Return the ids of the areas marked, and the points that lie in none."""
    if response is None:
        return set(), []
    found = [(_region_at(content, x, y), (x, y)) for x, y in response["points"]]
    hits = {*response["regions"], *(key for key, _place in found if key is not None)}
    return hits, [place for key, place in found if key is None]


def _elsewhere(x: int, y: int) -> LocalizedText:
    said = {}
    for language in LANGUAGES:
        with in_language(language):
            said[language] = _("elsewhere (%(x)s%% across, %(y)s%% down)", x=percent(x), y=percent(y))
    return LocalizedText(**said)
