"""Whatever arrives, a type answers with a stored response or a named refusal, and a score between 0 and 1."""

import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.rules import seeded_rng, shuffled
from academy.assessment.types import BadResponse, all_types, kind
from tests.factories import qti_items

some = settings(max_examples=60, deadline=None)
any_text = st.text(st.characters(), max_size=8)
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | any_text
    | st.sampled_from(["p1", "p2", "true", "a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["p1", "p2", "p3", "id", "text", "ar", "en"]) | any_text, inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = ["choice", "choices", "text", "places", "pairs", "gaps", "ratings", "answers", "marks"]
FIELD = st.sampled_from(["r1", "r2", "r3", "r1-p1", "r1-p2", "r1-a1", "r1-b1"])
CONTENT_FIELDS = [
    "stem",
    "explanation",
    "options",
    "answer",
    "tolerance",
    "unit",
    "items",
    "left",
    "right",
    "accept",
    "scoring",
    "shuffle",
    "partly",
    "typos",
    "tolerance_kind",
    "units",
    "unit_rule",
    "unit_cost",
    "categories",
    "gaps",
    "words",
    "reuse",
    "statements",
    "scale",
    "needed",
    "item",
    "language",
    "most",
    "image",
    "regions",
    "named",
    "spots",
    "labels",
    "variables",
    "formula",
    "decimals",
]
kinds_of_questions = st.sampled_from(all_types())


def entries(count, **more):
    return [
        {"id": f"e{number}", "text": {"ar": f"نص {number}", "en": f"text {number}"}, **more} for number in range(count)
    ]


def settings_of(name):
    """Optional settings of some types."""
    numeric = {
        "unit": st.just({"ar": "دقيقة", "en": "minute"}),
        "units": st.sampled_from([[], [{"text": {"ar": "ساعة", "en": "hour"}, "factor": "60"}]]),
        "unit_rule": st.sampled_from([None, "optional", "required", "penalty"]),
        "unit_cost": st.sampled_from(["25", "100"]),
        "tolerance_kind": st.sampled_from([None, "absolute", "relative"]),
    }
    text = {"typos": st.sampled_from([0, 1]), "partly": st.sampled_from([None, {"ar": ["الرؤية"], "en": []}])}
    return st.fixed_dictionaries({"numeric": numeric, "short_text": text}.get(name, {}))


@st.composite
def gaps(draw):
    """The text, gaps and words of a text with gaps."""
    count, made = draw(st.integers(1, 5)), []
    words = entries(6)
    for number in range(1, count + 1):
        gap = {"id": str(number), "kind": draw(st.sampled_from(["typed", "choice", "drag"]))}
        if gap["kind"] == "typed":
            gap["accept"] = {"ar": ["خط الرؤية"], "en": ["visibility"]}
        elif gap["kind"] == "choice":
            right = draw(st.integers(0, 2))
            gap["options"] = [{**entry, "correct": place == right} for place, entry in enumerate(entries(3))]
        else:
            gap["word"] = f"e{number}"
        made.append(gap)
    order = draw(st.permutations([f"[[{gap['id']}]]" for gap in made]))
    return {
        "text": {"ar": "نص " + " ثم ".join(order), "en": draw(st.sampled_from(["", "text " + " ".join(order[::-1])]))},
        "gaps": made,
        "words": words,
        "reuse": draw(st.booleans()),
        "typos": draw(st.sampled_from([0, 1])),
    }


tenths = st.integers(0, 1000)


@st.composite
def pictures(draw, name):
    """A picture with areas of every shape, or with spots and labels."""
    image = {"key": "picture-of-a-hall.png", "width": draw(st.integers(1, 4000)), "height": draw(st.integers(1, 4000))}
    image["alt"] = {"ar": "ردهة", "en": "a hall"}
    if name == "drag_on_image":
        count = draw(st.integers(1, 5))
        spots = [{"id": f"s{number}", "at": [draw(tenths), draw(tenths)]} for number in range(count)]
        answer = {f"s{number}": f"e{number}" for number in range(count)}
        return {"image": image, "spots": spots, "labels": entries(6), "answer": answer}
    shapes = {
        "rectangle": st.tuples(*[st.integers(0, 500)] * 2, *[st.integers(1, 500)] * 2),
        "circle": st.tuples(tenths, tenths, st.integers(1, 1000)),
        "polygon": st.permutations([0, 0, 1000, 100, 500, 1000]).filter(
            lambda at: (at[2] - at[0]) * (at[5] - at[1]) != (at[3] - at[1]) * (at[4] - at[0])
        ),
    }
    right, regions = draw(st.integers(1, 3)), []
    for number, entry in enumerate(entries(6)):
        shape = draw(st.sampled_from(sorted(shapes)))
        regions.append({**entry, "shape": shape, "at": list(draw(shapes[shape])), "correct": number < right})
    most = draw(st.sampled_from([None, right, 10]))
    return {"image": image, "regions": regions, "named": draw(st.booleans()), "most": most}


@st.composite
def questions(draw):
    """A sound question of any type with its paper."""
    kinds, count = draw(kinds_of_questions), draw(st.integers(2, 6))
    ids = [entry["id"] for entry in entries(count)]
    right = (
        draw(st.sets(st.sampled_from(ids), min_size=1)) if kinds.name == "multiple" else {draw(st.sampled_from(ids))}
    )
    answers = {
        "true_false": st.booleans(),
        "numeric": st.decimals(-1000, 1000, places=2).map(str),
        "ordering": st.permutations(ids),
        "matching": st.fixed_dictionaries(dict.fromkeys(ids, st.sampled_from(ids))),
        "categories": st.fixed_dictionaries(dict.fromkeys(ids, st.sampled_from(ids))),
    }
    if kinds.name == "qti":
        content = qti_items.content(draw(st.sampled_from(sorted(qti_items.ALL))))
        return kinds, content, kinds.paper(content, Random(draw(st.integers(0, 99))))
    content = {
        "stem": {"ar": "سؤال"},
        "options": [{**entry, "correct": entry["id"] in right} for entry in entries(count)],
        "items": entries(count),
        "left": entries(count),
        "right": entries(count),
        "answer": draw(answers.get(kinds.name, st.none())),
        "tolerance": draw(st.sampled_from([0, 0.05, 5])),
        "accept": {"ar": ["خط الرؤية"], "en": ["visibility"]},
        "scoring": draw(st.sampled_from([None, *kinds.scorings])),
        "categories": entries(count),
        "statements": entries(count),
        "scale": entries(count),
        "kinds": ["pdf"],
        "most": 2,
        "megabytes": 5,
        **draw(settings_of(kinds.name)),
    }
    if kinds.name == "gap_fill":
        content |= draw(gaps())
    if kinds.name in ("hotspot", "drag_on_image"):
        content |= draw(pictures(kinds.name))
    if kinds.name == "calculated":
        content |= {
            "stem": {"ar": "كم {a}؟"},
            "variables": [{"name": "a", "low": draw(st.sampled_from(["-3", "0.5"])), "high": "7", "step": "0.5"}],
            "formula": draw(st.sampled_from(["a", "a * a + 1 / 3", "sqrt(abs(a))", "max(a, 2) ^ 3"])),
        }
        del content["answer"]
    return kinds, content, kinds.paper(content, Random(draw(st.integers(0, 99))))


def raw_responses(kinds, paper):
    """Mostly well-formed raw responses, some of them odd."""
    tokens = st.sampled_from([f"p{number}" for number in range(1, 7)])
    shapes = {
        "single": st.builds(lambda one: {"choice": one}, tokens),
        "multiple": st.builds(lambda many: {"choices": many}, st.lists(tokens, max_size=6)),
        "true_false": st.builds(lambda one: {"choice": one}, st.sampled_from(["true", "false", ""])),
        "ordering": st.builds(lambda places: {"places": places}, st.dictionaries(tokens, st.integers(1, 6))),
        "ranking": st.builds(lambda places: {"places": places}, st.dictionaries(tokens, st.integers(1, 6))),
        "matching": st.builds(lambda pairs: {"pairs": pairs}, st.dictionaries(tokens, tokens)),
        "categories": st.builds(lambda pairs: {"pairs": pairs}, st.dictionaries(tokens, tokens)),
        "matrix": st.builds(lambda ratings: {"ratings": ratings}, st.dictionaries(tokens, tokens)),
        "gap_fill": st.builds(
            lambda given: {"gaps": given},
            st.dictionaries(tokens, tokens | any_text | st.sampled_from(["visibilty", "خط الرؤيه"]), max_size=5),
        ),
        "drag_on_image": st.builds(lambda pairs: {"pairs": pairs}, st.dictionaries(tokens, tokens)),
        "hotspot": st.builds(
            lambda marks: {"marks": marks},
            st.lists(
                tokens | st.builds("{} {}".format, st.integers(0, 100), st.integers(0, 101)) | any_text, max_size=4
            ),
        ),
        "qti": st.builds(
            lambda fields: {"answers": fields},
            st.dictionaries(FIELD, st.lists(tokens | st.sampled_from(["1", "5"]), max_size=3), max_size=4),
        ),
    }
    typed = (
        any_text | st.decimals(-1000, 1000, places=2).map(str) | st.sampled_from(["خط الرؤيه", "visibilty", "٥٪", " "])
    )
    return shapes.get(kinds.name, st.builds(lambda text: {"text": text}, typed))


@some
@given(st.data(), questions())
def test_every_response_that_is_taken_scores_from_0_to_1_and_can_be_shown(data, asked):
    """P2."""
    kinds, content, paper = asked
    assert kinds.check(content) == []
    try:
        response = kinds.clean(data.draw(raw_responses(kinds, paper)), content, paper)
    except BadResponse:
        return
    share = kinds.score(kinds.drawn(content, paper), response)
    assert 0 <= share <= 1 and share == kinds.score(kinds.drawn(content, paper), response)
    assert json.loads(json.dumps(response)) == response
    feedback = kinds.feedback(content, response, paper)
    if kinds.marked_by_hand and response or not kinds.scored:
        assert feedback.share is None and feedback.correct is None
    else:
        assert feedback.share == share and feedback.correct is (share == 1)
    assert all(term.sentence for term in kinds.terms(content))
    assert isinstance(kinds.describe(content, response, "en"), str)
    assert kinds.is_answered(response) is (response is not None)
    assert all(note.sentence for note in (*kinds.warnings(content, response), *feedback.notes))
    kinds.control(content, paper, response)


@some
@given(st.data(), questions(), any_json)
def test_any_json_is_taken_or_refused_but_never_breaks(data, asked, junk):
    kinds, content, paper = asked
    for raw in (junk, {data.draw(st.sampled_from(FIELDS)): junk}):
        try:
            response = kinds.clean(raw, content, paper)
        except BadResponse as refused:
            assert refused.code and refused.for_reader()
        else:
            assert 0 <= kinds.score(content, response) <= 1


@some
@given(
    questions(),
    st.dictionaries(
        st.sampled_from(["q1", "q1-p1", "q1-p2", "q1-e1", "q1-r1", "q1-r1-p1"]), st.lists(any_text, max_size=3)
    ),
)
def test_any_form_is_read_or_refused_but_never_breaks(asked, form):
    kinds, content, paper = asked
    try:
        response = kinds.read(form, content, paper, "q1")
    except BadResponse:
        return
    assert 0 <= kinds.score(content, response) <= 1


@some
@given(kinds_of_questions, any_json, st.dictionaries(st.sampled_from(CONTENT_FIELDS), any_json, max_size=6))
def test_any_json_can_be_checked_as_a_question(kinds, junk, content):
    for attempt in (
        junk,
        content,
        {**content, "options": [junk, junk], "items": [junk, junk], "accept": {"ar": [junk]}},
    ):
        assert all(problem.sentence for problem in kinds.check(attempt))


@some
@given(questions(), st.integers(0, 2**63 - 1), st.integers(1, 50))
def test_a_paper_is_a_permutation_and_comes_again_from_its_seed(asked, seed, position):
    """AS8."""
    kinds, content, _ = asked
    paper = kinds.paper(content, seeded_rng(seed, position))
    assert paper == kinds.paper(content, seeded_rng(seed, position))
    if kinds.name == "qti":
        assert {name: sorted(order) for name, order in paper.items() if name.startswith("o")} == {
            name: sorted(order) for name, order in kinds.paper(content, Random(1)).items() if name.startswith("o")
        }
        return
    if kinds.name in ("gap_fill", "hotspot", "drag_on_image", "calculated"):
        return
    ids = sorted(entry["id"] for entry in content["items"])
    assert all(sorted(order) == ids for order in paper.values())


@some
@given(st.data(), questions(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_question_is_answered_changes_nothing(data, asked, rng):
    """AS1, AS3: the same answers, given in another order, are the same response and earn the same."""
    kinds, content, paper = asked
    try:
        raw = data.draw(raw_responses(kinds, paper))
        response = kinds.clean(raw, content, paper)
    except BadResponse:
        return
    mixed = {name: _mixed(value, rng) for name, value in raw.items()}
    assert kinds.clean(mixed, content, paper) == response


def _mixed(value, rng):
    if isinstance(value, list):
        return rng.sample(value, len(value))
    return dict(rng.sample(list(value.items()), len(value))) if isinstance(value, dict) else value


@some
@given(st.lists(st.integers()), st.integers(0, 2**63 - 1))
def test_shuffling_loses_and_adds_nothing(items, seed):
    assert sorted(shuffled(items, seeded_rng(seed, 3))) == sorted(items)


def test_options_that_must_keep_their_order_keep_it():
    content = {"options": [{**entry, "correct": True} for entry in entries(6)], "shuffle": False}
    orders = {tuple(kind("multiple").paper(content, Random(seed))["order"]) for seed in range(10)}
    assert orders == {tuple(f"e{number}" for number in range(6))}
