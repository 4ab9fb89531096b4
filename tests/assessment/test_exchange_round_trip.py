"""Export and import again: the same questions, as far as the format can carry them; what it cannot is listed."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.assessment.exchange import EXPORTS, Note, Taken, read, write
from academy.assessment.types import kind
from tests.conftest import EXAMPLES
from tests.factories import assessment

pytestmark = pytest.mark.usefixtures("app")
ONE_LANGUAGE = {"gift", "aiken", "qti21", "qti22", "qti30"}
CARRIED = {
    "aiken": {"single"},
    "gift": set(assessment.EXCHANGED_TYPES) - {"ordering", "gap_fill", "matrix", "ranking"},
    "moodle": set(assessment.EXCHANGED_TYPES) - {"matrix", "ranking"},
    **dict.fromkeys(("qti21", "qti22", "qti30"), set(assessment.EXCHANGED_TYPES) - {"matrix"}),
}
PROPERTY_TYPES = (*assessment.COMMON_TYPES, "categories")
ORDINARY = settings(max_examples=EXAMPLES // 5, deadline=None, suppress_health_check=list(HealthCheck))
SIGNS = "~=#{}:\\%[]<>&\"'`*?/()@$^|;,.-+_!"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي٠٣ءىةـ؟،"

word = st.text("abcXYZ0127é" + SIGNS, min_size=1, max_size=7)
arabic_word = st.text(ARABIC + "%#{}=", min_size=1, max_size=7)


def lines(words, lead):
    """A text of one or two lines that begins with a letter, as clean as the academy keeps it."""
    line = st.lists(words, min_size=1, max_size=3).map(lambda found: f"{lead}{' '.join(found)}z".replace("->", "-"))
    return st.lists(line, min_size=1, max_size=2).map("\n".join)


texts = st.builds(lambda ar, en: {"ar": ar, "en": en}, lines(arabic_word, "ن"), lines(word, "T"))
feedback = st.one_of(st.none(), texts)


def numbered(letter, entries):
    """Entries with ids and texts that differ."""
    return [
        {"id": f"{letter}{n}", "text": {code: f"{text[code]} {n}" for code in ("ar", "en")}}
        for n, text in enumerate(entries, start=1)
    ]


@st.composite
def contents(draw, type):
    content = {"stem": draw(texts)}
    if draw(st.booleans()):
        content["explanation"] = draw(texts)
    entries = draw(st.lists(texts, min_size=2, max_size=5))
    if type in ("single", "multiple"):
        options = numbered("o", entries)
        right = draw(st.sets(st.integers(0, len(options) - 1), min_size=1)) if type == "multiple" else {0}
        for place, option in enumerate(options):
            option["correct"] = place in right
            if said := draw(feedback):
                option["feedback"] = said
        content["options"] = options
        if draw(st.booleans()):
            content["shuffle"] = False
    elif type == "true_false":
        content["answer"] = draw(st.booleans())
    elif type == "numeric":
        content["answer"] = str(draw(st.decimals(-10000, 10000, places=3)))
        content["tolerance"] = str(draw(st.decimals(0, 5, places=2)))
        if draw(st.booleans()):
            content["unit"] = {"ar": "دقيقة", "en": "minutes"}
    elif type == "ordering":
        content["items"] = numbered("i", entries)
        content["answer"] = draw(st.permutations([item["id"] for item in content["items"]]))
    elif type == "matching":
        content["left"], content["right"] = (
            numbered("l", entries),
            numbered("r", draw(st.lists(texts, min_size=2, max_size=4))),
        )
        ends = [side["id"] for side in content["right"]]
        content["answer"] = {side["id"]: draw(st.sampled_from(ends)) for side in content["left"]}
    elif type == "categories":
        content["items"] = numbered("l", entries)
        content["categories"] = numbered("r", draw(st.lists(texts, min_size=2, max_size=4)))
        ends = [side["id"] for side in content["categories"]]
        content["answer"] = {item["id"]: draw(st.sampled_from(ends)) for item in content["items"]}
    else:
        if draw(st.booleans()):
            content["typos"] = 0
        content["accept"] = {"ar": ["نص مقبول", "رحلة"], "en": ["accepted text", "a*b"][: draw(st.integers(0, 2))]}
    if kind(type).scorings:
        content["scoring"] = draw(st.sampled_from(kind(type).scorings))
    return content


@st.composite
def questions(draw, type):
    return Taken(
        type,
        draw(contents(type)),
        key=draw(st.sampled_from(("", "q1", "a-key.2"))),
        competency_key=draw(st.sampled_from((None, "CX-01"))),
        objective=draw(st.sampled_from((None, "o2"))),
        difficulty=draw(st.integers(1, 3)),
        points=draw(st.integers(1, 9)),
    )


def only(text, language):
    """A text as a format of one language carries it."""
    return (
        text
        if language is None or not text
        else {code: text[code] if code == language else "" for code in ("ar", "en")}
    )


def essence(content, type, language):
    """What a question says, without the ids in it, its texts in the language carried (None: both)."""
    said = {"stem": only(content["stem"], language), "explanation": only(content.get("explanation"), language)}
    if type in ("single", "multiple"):
        said["options"] = [
            (only(o["text"], language), o["correct"], only(o.get("feedback"), language)) for o in content["options"]
        ]
        said["shuffle"] = content.get("shuffle", True)
    elif type == "true_false":
        said["answer"] = content["answer"]
    elif type == "numeric":
        said["answer"] = (Decimal(str(content["answer"])), Decimal(str(content["tolerance"])))
        said["unit"] = only(content.get("unit"), language)
    elif type == "ordering":
        by_id = {item["id"]: only(item["text"], language) for item in content["items"]}
        said["order"] = [by_id[key] for key in content["answer"]]
    elif type in ("matching", "categories"):
        sides = ("left", "right") if type == "matching" else ("items", "categories")
        left, right = ({e["id"]: only(e["text"], language) for e in content[side]} for side in sides)
        said["pairs"] = [(left[key], right[content["answer"][key]]) for key in left]
        said["right"] = sorted(map(str, right.values()))
    else:
        said["typos"] = content.get("typos", 1)
        said["accept"] = {code: content["accept"].get(code) or [] for code in ("ar", "en")}
    if kind(type).scorings:
        said["scoring"] = content["scoring"]
    return said


@pytest.mark.parametrize("type", PROPERTY_TYPES)
@pytest.mark.parametrize("name", sorted(set(EXPORTS) - {"aiken"}))
def test_export_and_import_again_gives_the_same_question(name, type):
    """The property of every format that has the type, over the common types and categories."""

    @ORDINARY
    @given(question=questions(type), language=st.sampled_from(("ar", "en")))
    def holds(question, language):
        assert not kind(type).check(question.content)
        made = write([question], name, language)
        if type not in CARRIED.get(name, assessment.EXCHANGED_TYPES):
            assert [note.kind for note in made.notes[0]] == ["refusal"]
            return
        found = read(made.data, f"file.{made.suffix}", language=language).entries
        assert len(found) == 1 and isinstance(found[0], Taken), (found, made.data.decode(errors="replace"))
        carried = language if name in ONE_LANGUAGE else None
        wanted, got = essence(question.content, type, carried), essence(found[0].content, type, carried)
        if name == "gift":
            wanted.pop("unit", None), got.pop("unit", None)
        assert got == wanted
        for mark in ("type", "competency_key", "objective", "difficulty", "points"):
            assert getattr(found[0], mark) == getattr(question, mark), mark
        assert found[0].key == question.key or (name.startswith("qti") and not question.key)
        assert {note.kind for note in made.notes[0]} <= {"loss", "change"}
        if carried:
            assert Note("loss", "other_language") in made.notes[0]

    holds()


def test_aiken_carries_single_choice_and_lists_what_is_lost():
    content = assessment.content("single")
    made = write([Taken("single", content), Taken("multiple", assessment.content("multiple"))], "aiken", "en")
    (back,) = read(made.data, "quiz.txt", language="en").entries
    assert [option["text"]["en"] for option in back.content["options"]] == ["Choice a", "Choice b", "Choice c"]
    assert [option["correct"] for option in back.content["options"]] == [False, True, False]
    assert {note.code for note in made.notes[0]} == {"measures", "other_language", "explanation", "feedback"}
    assert [note.code for note in made.notes[1]] == ["aiken_single_only"]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_a_quiz_of_all_types_goes_out_and_comes_back_in_order(name):
    quiz = [Taken(type, assessment.content(type), key=f"q{n}") for n, type in enumerate(assessment.EXCHANGED_TYPES)]
    made = write(quiz, name, "ar")
    back = read(made.data, f"quiz.{made.suffix}").entries
    kept = [type for type in assessment.EXCHANGED_TYPES if type in CARRIED.get(name, assessment.EXCHANGED_TYPES)]
    assert [entry.type for entry in back if isinstance(entry, Taken)] == kept
    assert all(note.sentence for notes in made.notes.values() for note in notes)


@pytest.mark.parametrize("name", sorted(set(EXPORTS) - {"aiken"}))
@pytest.mark.parametrize("type", PROPERTY_TYPES)
def test_what_comes_back_scores_as_before(name, type):
    """Right answers earn everything, wrong ones what they earned, whatever happened to the ids."""
    question = Taken(type, assessment.content(type))
    made = write([question], name, "en")
    if any(note.kind == "refusal" for note in made.notes[0]):
        return
    (back,) = read(made.data, f"x.{made.suffix}").entries
    same = {"true_false", "numeric", "short_text"}
    if type in same:
        for response in (assessment.RIGHT[type], assessment.WRONG[type]):
            assert kind(type).score(back.content, response) == kind(type).score(question.content, response)
    right = kind(type).feedback(back.content, None, _paper(back.content)).correct_answer
    before = kind(type).feedback(question.content, None, _paper(question.content)).correct_answer
    assert {text.show("en") for text in right} >= {text.show("en").removesuffix(" minutes") for text in before} or {
        text.show("en") for text in right
    } == {text.show("en") for text in before}


def _paper(content):
    order = [entry["id"] for name in ("options", "items") for entry in content.get(name) or ()]
    sides = ("left", "right", "items", "categories")
    return {"order": order, **{side: [e["id"] for e in content.get(side) or ()] for side in sides}}


@pytest.mark.parametrize("stem", [r"T\(0 \)z", r"a \( \) b", "$$5$$ and $$$", r"\[x\]", r"\\(x\\)"])
def test_signs_of_a_formula_in_a_text_stay_a_text_in_moodle(stem):
    content = {"stem": {"ar": "ن", "en": stem}, "answer": True, "explanation": {"ar": "", "en": stem}}
    question = Taken("true_false", content, key="q1", competency_key=None, objective=None, difficulty=1, points=1)
    (found,) = read(write([question], "moodle", "en").data, "file.xml", language="en").entries
    assert (found.content["stem"], found.notes) == (content["stem"], ())
