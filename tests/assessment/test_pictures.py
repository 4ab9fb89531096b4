"""Places and labels on a picture: where a point lies, what it earns, what a page may know."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.exchange import Taken, write
from academy.assessment.rules import Shown
from academy.assessment.types import BadResponse, kind
from academy.assessment.types.pictures import Picture, check_shape, holds, percent, read_numbers
from academy.base.text import LocalizedText
from tests.factories import assessment as quizzes

HOTSPOT, LABELS = kind("hotspot"), kind("drag_on_image")
HALL = Picture("picture-of-a-hall.png", 1200, 800, LocalizedText())
PAPER = {"regions": ["g3", "g1", "g4", "g2"]}
tenths = st.integers(0, 1000)
some = settings(max_examples=120, deadline=None)


def area(shape, *at):
    return {"shape": shape, "at": list(at)}


def spot(**change):
    return quizzes.content("hotspot", **change)


@pytest.mark.parametrize(
    ("region", "x", "y", "inside"),
    [
        (area("rectangle", 100, 200, 300, 100), 100, 200, True),
        (area("rectangle", 100, 200, 300, 100), 400, 300, True),
        (area("rectangle", 100, 200, 300, 100), 401, 300, False),
        (area("circle", 500, 500, 100), 600, 500, True),
        (area("circle", 500, 500, 100), 601, 500, False),
        (area("circle", 500, 500, 100), 500, 650, True),  # as far down in pixels: the picture is 3 by 2
        (area("circle", 500, 500, 100), 500, 651, False),
        (area("polygon", 0, 0, 500, 0, 0, 500), 100, 100, True),
        (area("polygon", 0, 0, 500, 0, 0, 500), 300, 300, False),
        (area("polygon", 0, 0, 500, 0, 0, 500), 250, 250, True),
        (area("polygon", 0, 0, 900, 0, 900, 900, 500, 100, 0, 900), 500, 500, False),  # in the notch of a crown
        (area("polygon", 0, 0, 900, 0, 900, 900, 500, 100, 0, 900), 850, 700, True),
    ],
)
def test_a_point_lies_in_an_area_as_it_is_seen(region, x, y, inside):
    assert check_shape(region["shape"], region["at"], "at") == []
    assert holds(region, x, y, HALL) is inside


@some
@given(st.tuples(*[st.integers(0, 500)] * 2, *[st.integers(1, 500)] * 2), tenths, tenths)
def test_a_rectangle_and_its_outline_with_corners_hold_the_same_points(at, x, y):
    left, top, width, height = at
    corners = [left, top, left + width, top, left + width, top + height, left, top + height]
    assert holds(area("rectangle", *at), x, y, HALL) is holds(area("polygon", *corners), x, y, HALL)


@pytest.mark.parametrize(
    ("shape", "at"),
    [
        ("rectangle", [1, 2, 3]), ("rectangle", [900, 0, 200, 10]), ("rectangle", [0, 0, 0, 5]), ("circle", [1, 2, 0]),
        ("circle", [1, 2]), ("polygon", [0, 0, 1, 1, 2, 2]), ("polygon", [0, 0, 5, 0]), ("polygon", [0, 0, 5, 0, 5]),
        ("polygon", [0, 0, 5, 0, 5, 5] * 11), ("circle", [1, 2, 1001]), ("circle", [1, 2, -1]), ("circle", [1, 2, 1.5]),
        ("circle", [1, True, 5]), ("star", [1, 2, 3]), ("circle", "1 2 3"), (None, None),
    ],
)  # fmt: skip
def test_an_area_that_cannot_be_is_refused(shape, at):
    assert all(problem.sentence for problem in check_shape(shape, at, "at")) and check_shape(shape, at, "at")


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("10 20", [100, 200]), ("١٠٫٥ ٢٠", [105, 200]), ("10, 20; 30", [100, 200, 300]), ("10،20", [100, 200]),
        ("10.55 0", [106, 0]), ("", None), ("a b", None), ("101 5", None), ("-1 5", None), ("nan 1", None), ("1e2", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed, numbers):
    assert read_numbers(typed) == numbers


@some
@given(st.text(max_size=30))
def test_any_text_is_read_as_numbers_or_not_at_all(typed):
    assert all(0 <= number <= 1000 for number in read_numbers(typed) or ())


@some
@given(tenths)
def test_a_percentage_is_written_and_read_back(number):
    assert read_numbers(percent(number)) == [number]


@some
@given(st.lists(st.tuples(tenths, tenths), max_size=2, unique=True), st.booleans())
def test_pointing_and_choosing_by_name_earn_the_same(points, strict):
    """AS3: the response of somebody who cannot see the picture is worth what a pointer's is."""
    content = spot(scoring="all_or_nothing" if strict else "partial")
    inside = {key: [r for r in content["regions"] if holds(r, *key, HALL)] for key in points}
    named = {regions[0]["id"] for regions in inside.values() if regions}
    outside = [list(key) for key, regions in inside.items() if not regions]
    pointed = {"regions": [], "points": [list(key) for key in points]}
    chosen = {"regions": sorted(named), "points": outside}
    assert HOTSPOT.score(content, pointed) == HOTSPOT.score(content, chosen)


@pytest.mark.parametrize(
    ("response", "partial", "whole"),
    [
        ({"regions": ["g2", "g4"], "points": []}, 1, 1),
        ({"regions": ["g2"], "points": [[601, 101]]}, 1, 1),
        ({"regions": ["g2"], "points": []}, 0.5, 0),
        ({"regions": ["g1", "g2"], "points": []}, 0, 0),
        ({"regions": ["g2"], "points": [[999, 999]]}, 0, 0),
        ({"regions": [], "points": [[210, 150], [220, 160]]}, 0.5, 0),
        (None, 0, 0),
    ],
)
def test_marks_earn_as_the_rule_says(response, partial, whole):
    """AS2."""
    assert HOTSPOT.score(spot(), response) == partial
    assert HOTSPOT.score(spot(scoring="all_or_nothing"), response) == whole


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        (["p1", "p2", "p3"], "too_many_chosen"), (["10 20", "30 40", "p1"], "too_many_chosen"), (["p9"], "unknown_choice"),
        (["10"], "bad_point"), (["10 20 30"], "bad_point"), (["101 5"], "bad_point"), ([5], "bad_shape"), ("p1", "bad_shape"),
        (["1" * 99], "bad_point"), (["\x00 1"], "bad_point"),
    ],
)  # fmt: skip
def test_a_response_that_no_page_would_send_is_refused(marks, code):
    with pytest.raises(BadResponse) as refused:
        HOTSPOT.clean({"marks": marks}, spot(), PAPER)
    assert refused.value.code == code and refused.value.for_reader()


def test_names_are_no_answer_where_the_list_is_not_offered():
    hidden = spot(named=False)
    assert HOTSPOT.control(hidden, PAPER).choices == ()
    with pytest.raises(BadResponse):
        HOTSPOT.clean({"marks": ["p1"]}, hidden, PAPER)
    assert HOTSPOT.clean({"marks": ["65 40"]}, hidden, PAPER) == {"regions": [], "points": [[650, 400]]}


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"regions": quizzes.regions("g1", "g2", "g3", correct=("g1", "g2"))}, "regions", "few_distractors"),
        ({"regions": quizzes.regions("g1", "g2", "g3")}, "regions", "no_right_region"),
        ({"most": 1}, "most", "bad_most_marks"),
        ({"image": None}, "image", "no_picture"),
        ({"image": quizzes.image(key="../../etc/passwd.png")}, "image", "no_picture"),
        ({"image": quizzes.image(key="picture-of-a-hall.svg")}, "image", "no_picture"),
        ({"image": {**quizzes.image(), "alt": {"ar": "ردهة"}}}, "alt.en", "alt_needed"),
        ({"named": "yes"}, "named", "bad_named"),
    ],
)
def test_a_question_that_would_tell_its_key_or_show_nothing_is_refused(change, path, code):
    """AS3: at least as many wrong areas as right ones; the picture in words, in both languages."""
    assert (path, code) in [(problem.path, problem.code) for problem in HOTSPOT.check(spot(**change))]


def test_a_point_in_no_area_is_not_told_before_marks_are_released():
    given_response = {"regions": ["g1"], "points": [[999, 999]]}
    feedback = HOTSPOT.feedback(spot(), given_response, PAPER)
    bare = feedback.limited(Shown(responses=True))
    assert [part.id for part in bare.parts if part.chosen] == ["p2"] and len(bare.parts) == 4
    assert [mark.state for mark in bare.marks] == ["neutral"] and bare.areas == ()
    marked = feedback.limited(Shown(responses=True, feedback=True))
    assert [mark.state for mark in marked.marks] == ["wrong"] and marked.areas == ()
    assert len(feedback.areas) == 2
    assert feedback.limited(Shown(score=True)).marks == ()


def test_reports_say_where_was_marked():
    assert HOTSPOT.describe(spot(), {"regions": ["g1"], "points": [[650, 400], [995, 5]]}, "en") == (
        "Area g1, Area g4, elsewhere (99.5% across, 0.5% down)"
    )
    assert LABELS.describe(quizzes.content("drag_on_image"), quizzes.RIGHT["drag_on_image"], "en") == (
        "1: Choice b3, 2: Choice b1"
    )


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"answer": {"s1": "b1", "s2": "b1"}}, "spots.0.label", "label_twice"),
        ({"answer": {"s1": "b1", "s2": "b9"}}, "spots.1.label", "no_label"),
        ({"answer": {"s1": "b1"}}, "answer", "bad_pairs"),
        ({"spots": []}, "spots", "too_few"),
        ({"spots": [{"id": "s1", "at": [1001, 0]}, {"id": "s2", "at": [0, 0]}]}, "spots.0.at", "bad_point"),
        ({"spots": [{"id": "s1", "at": [1, 0]}, {"id": "s1", "at": [0, 0]}]}, "spots.1", "repeated_id"),
        ({"spots": [{"id": "<b>", "at": [1, 0]}]}, "spots.0", "bad_id"),
    ],
)
def test_labels_and_spots_that_cannot_be_are_refused(change, path, code):
    problems = LABELS.check(quizzes.content("drag_on_image", **change))
    assert (path, code) in [(problem.path, problem.code) for problem in problems]


def test_a_label_on_two_spots_is_noted_before_submitting():
    content = quizzes.content("drag_on_image")
    notes = LABELS.warnings(content, {"pairs": {"s1": "b1", "s2": "b1"}})
    assert [note.code for note in notes] == ["repeated_label"]
    assert LABELS.score(content, {"pairs": {"s1": "b3"}}) * 2 == 1


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", ["aiken", "gift"])
def test_no_plain_text_claims_to_carry_these_questions(name):
    """AS2: these formats have neither pictures nor drawn numbers, and the export says so for each question."""
    quiz = [Taken(type, quizzes.content(type)) for type in ("hotspot", "drag_on_image", "calculated", "single")]
    notes = write(quiz, name, "en").notes
    for place in range(3):
        assert [note.kind for note in notes[place]] == ["refusal"] and notes[place][0].sentence
