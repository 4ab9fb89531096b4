"""Every registered type out and in again: our own spreadsheet loses nothing, other formats carry what they can and say the rest."""

import io
import zipfile
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from academy.assessment.exchange import EXPORTS, Refused, Taken, read, write
from academy.assessment.types import all_types, kind
from academy.assessment.types.formula import parse, printed
from academy.assessment.types.numeric import around
from academy.base.text import LocalizedText
from tests.assessment.test_exchange_round_trip import contents as plain_contents
from tests.assessment.test_exchange_round_trip import essence as plain_essence
from tests.assessment.test_exchange_round_trip import numbered, texts
from tests.factories import assessment

pytestmark = pytest.mark.usefixtures("app")
TYPES = [each.name for each in all_types()]
PLAIN = (*assessment.COMMON_TYPES, "categories")
OWN, QTI = ("xlsx", "csv"), ("qti21", "qti22", "qti30")
ORDINARY = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
ITEM = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="kept" title="Kept"
 adaptive="false" timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single"
 baseType="integer"><correctResponse><value>5</value></correctResponse></responseDeclaration><outcomeDeclaration
 identifier="SCORE" cardinality="single" baseType="float"/><itemBody><p>كم؟</p><sliderInteraction
 responseIdentifier="RESPONSE" lowerBound="0" upperBound="9"/></itemBody><responseProcessing
 template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>"""


def picture(width=1200, height=1000, suffix="png"):
    """The bytes of a small picture."""
    data = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(data, format={"png": "PNG", "jpg": "JPEG"}[suffix])
    return data.getvalue()


KEY = "picture-of-a-hall.png"
PICTURES = {KEY: picture()}
IMAGE = assessment.image(KEY, 1200, 1000)


def in_one_line(text):
    return {half: value.replace("\n", " ") for half, value in text.items()}


def area(draw, shape):
    """An area of a shape inside its picture."""
    small = st.integers(10, 400)
    if shape == "rectangle":
        return [draw(small), draw(small), draw(small), draw(small)]
    if shape == "circle":
        return [draw(small), draw(small), draw(st.integers(1, 100))]
    left, top = draw(small), draw(small)
    return [left, top, left + 50, top + draw(small), left + draw(small), top]


def placed(draw, entries):
    found = [{**each, "shape": draw(st.sampled_from(("rectangle", "circle", "polygon")))} for each in entries]
    return [{**each, "at": area(draw, each["shape"]), "correct": n == 0} for n, each in enumerate(found)]


def with_gaps(draw, entries):
    kinds = draw(st.lists(st.sampled_from(("typed", "choice", "drag")), min_size=1, max_size=3))
    words = numbered("w", entries)
    gaps = []
    for n, each in enumerate(kinds, start=1):
        more = {
            "typed": {"accept": {"ar": ["الرضا", "رضا"], "en": ["satisfaction"]}},
            "choice": {"options": [{**o, "correct": k == 0} for k, o in enumerate(numbered("o", entries))]},
            "drag": {"word": f"w{draw(st.integers(1, len(words)))}"},
        }[each]
        gaps.append({"id": str(n), "kind": each, **more})
    marks = [f"[[{gap['id']}]]" for gap in gaps]
    made = {"text": assessment.text("نص " + " ثم ".join(marks), "Text " + ", ".join(marks)), "gaps": gaps}
    return {**made, **({"words": words, "reuse": True} if "drag" in kinds else {})}


def rubric(draw, entries):
    made = []
    for n, each in enumerate(numbered("c", entries)):
        levels = [{**level, "points": 2 * k} for k, level in enumerate(numbered("v", entries[:2]))]
        made.append({**each, **({"levels": levels} if (n + draw(st.integers(0, 1))) % 2 else {"points": n + 1})})
    return made


@st.composite
def contents(draw, type):
    """A sound question of any registered type, with everything its type can hold."""
    if type in PLAIN:
        content = draw(plain_contents(type))
    else:
        lines = texts if type in ("matrix", "essay") else texts.map(in_one_line)
        entries = draw(st.lists(lines, min_size=2, max_size=4))
        content = {"stem": draw(texts), **_special(draw, type, entries)}
        if kind(type).scorings:
            content["scoring"] = draw(st.sampled_from(kind(type).scorings))
    if draw(st.booleans()):
        content["hint"] = assessment.text("{a}؟", "Try {a}") if type == "calculated" else draw(texts)
    return content


def _special(draw, type, entries):
    match type:
        case "gap_fill":
            return with_gaps(draw, entries)
        case "matrix":
            made = {"statements": numbered("s", entries), "scale": numbered("k", entries)}
            return {**made, **({"needed": True} if draw(st.booleans()) else {})}
        case "ranking":
            return {"items": numbered("i", entries)}
        case "hotspot":
            more = {"named": False} if draw(st.booleans()) else {}
            more |= {"most": 2} if draw(st.booleans()) else {}
            return {"image": IMAGE, "regions": placed(draw, numbered("g", entries)), **more}
        case "drag_on_image":
            labels = numbered("b", entries)
            spots = [{"id": f"s{n}", "at": [draw(st.integers(0, 1000)), 100 * n]} for n in range(1, len(labels))]
            answer = {f"s{n}": f"b{n + 1}" for n in range(1, len(labels))}
            return {"image": IMAGE, "labels": labels, "spots": spots, "answer": answer}
        case "calculated":
            step = draw(st.sampled_from(("0.5", "1", "0.25")))
            return {
                "stem": assessment.text("ما {a} و{b}؟", "What of {a} and {b}?"),
                "explanation": assessment.text("{a} ثم {answer}", "{a}, then {answer}"),
                "variables": [
                    {"name": "a", "low": "-5", "high": "20", "step": step},
                    {"name": "b", "low": "1", "high": "9", "step": "1"},
                ],
                "formula": draw(st.sampled_from(("a * 2 + b ^ 2", "min(a, b) - -b / 4", "round(a / b, 1) + 12.5"))),
                "tolerance": draw(st.sampled_from(("0", "0.5", "2"))),
                **draw(st.sampled_from(({}, {"tolerance_kind": "relative"}, {"decimals": 1}))),
                **draw(st.sampled_from(({}, {"unit": assessment.text("ساعة", "hours")}))),
            }
        case "essay":
            notes = {"notes": draw(texts)} if draw(st.booleans()) else {}
            return {"rubric": rubric(draw, entries), "most_words": 300, **notes}
        case "file":
            return {"rubric": [], "kinds": ["pdf", "image", "audio"], "most": 3, "megabytes": 5}
        case "qti":
            return {"item": ITEM, "language": "ar", "most": "1", "stem": assessment.text("كم؟", "")}
    raise AssertionError(f"a type that this test does not know: {type}")


def essence(content, type, language=None):
    """What a question says without the ids in it; all of it, or what a format of one language carries."""
    only = (lambda text: text) if language is None else lambda text: LocalizedText.of(text).show(language)
    said = {name: only(content.get(name) or {"ar": "", "en": ""}) for name in ("stem", "explanation", "hint")}
    said["scoring"] = content.get("scoring")
    match type:
        case "gap_fill":
            words = {each["id"]: only(each["text"]) for each in content.get("words") or ()}
            said["text"], said["words"] = only(content["text"]), sorted(map(str, words.values()))
            said["gaps"] = [
                (gap["id"], gap["kind"], gap.get("accept"), words.get(gap.get("word")), _options(gap, only))
                for gap in content["gaps"]
            ]
            said["reuse"] = content.get("reuse", False)
        case "matrix":
            said |= {name: [only(each["text"]) for each in content[name]] for name in ("statements", "scale")}
            said["needed"] = bool(content.get("needed"))
        case "ranking":
            said["items"] = [only(each["text"]) for each in content["items"]]
        case "hotspot":
            said["areas"] = [(only(r["text"]), r["shape"], r["at"], r["correct"]) for r in content["regions"]]
            said["rules"] = content.get("named", True), content.get("most")
            said["alt"] = only(content["image"]["alt"])
        case "drag_on_image":
            labels = {each["id"]: only(each["text"]) for each in content["labels"]}
            said["spots"] = [(spot["at"], labels[content["answer"][spot["id"]]]) for spot in content["spots"]]
            said["labels"], said["alt"] = sorted(map(str, labels.values())), only(content["image"]["alt"])
        case "calculated":
            said["variables"], said["formula"] = content["variables"], printed(parse(content["formula"]))
            said["answer"] = [content.get("decimals", 2), content.get("unit")]
            said["width"] = around({**content, "answer": "10"})[1]
        case "essay" | "file":
            said["rubric"] = [
                (c["text"], c.get("points"), [(v["text"], v["points"]) for v in c.get("levels") or ()])
                for c in content["rubric"]
            ]
            said["notes"] = content.get("notes")
            said["limits"] = [content.get(n) for n in ("least_words", "most_words", "kinds", "most", "megabytes")]
        case "qti":
            said["item"] = content["item"], content["language"], content["most"]
        case _:
            said |= plain_essence(content, type, None)
    return said


def _options(gap, only):
    return [(only(o["text"]), bool(o.get("correct"))) for o in gap.get("options") or ()]


def back(question, name, language="ar"):
    made = write([question], name, language, PICTURES)
    reading = read(made.data, f"file.{made.suffix}", language=language)
    (entry,) = reading.entries
    assert isinstance(entry, Taken), (entry, entry.reason.sentence)
    return entry, [note.code for note in made.notes[0]], reading


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("suffix", OWN)
def test_our_spreadsheet_gives_back_every_registered_type(type, suffix):
    """AS20: nothing is lost of any type, its hint and its picture included; a new type has to join this test."""

    @ORDINARY
    @given(content=contents(type), language=st.sampled_from(("ar", "en")))
    def holds(content, language):
        assert not kind(type).check(content)
        question = Taken(type, content, key="q1", competency_key="CX-01", difficulty=3, points=4)
        entry, said, reading = back(question, suffix, language)
        assert said == [] and entry.notes == ()
        assert essence(entry.content, type) == essence(content, type)
        assert (entry.type, entry.key, entry.competency_key, entry.difficulty, entry.points) == (
            type, "q1", "CX-01", 3, 4,
        )  # fmt: skip
        if "image" in content:
            assert reading.pictures == {entry.content["image"]["key"]: PICTURES[KEY]}
            assert entry.content["image"] | {"key": KEY} == content["image"]

    holds()


@pytest.mark.parametrize("type", ["gap_fill", "hotspot", "drag_on_image"])
@pytest.mark.parametrize("name", QTI)
def test_qti_gives_back_gaps_areas_and_labels_as_our_own_types(type, name):
    """AS3, AS20: not as items that are kept as they came; in QTI 2.1 labels on a picture have no place."""

    @ORDINARY
    @given(content=contents(type), language=st.sampled_from(("ar", "en")))
    def holds(content, language):
        question = Taken(type, content, key="q1", points=4)
        if (name, type) == ("qti21", "drag_on_image"):
            assert [note.code for note in write([question], name, language, PICTURES).notes[0]] == ["format_lacks_type"]
            return
        entry, said, reading = back(question, name, language)
        if {gap["kind"] for gap in content.get("gaps", ())} > {"drag"}:
            assert "drag_as_list" in said
            return
        wanted, got = essence(content, type, language), essence(entry.content, type, language)
        assert entry.type == type and (entry.points, entry.key) == (4, "q1")
        assert ("hints" in said) is (wanted.pop("hint") != "") and got.pop("hint") == ""
        wanted["gaps"], got["gaps"] = _plainly(wanted), _plainly(got)
        assert got == wanted
        assert bool(reading.pictures) is ("image" in content)

    holds()


def _plainly(said):
    """Gaps with accepted answers as a set: QTI lists them without their language."""
    return [
        (number, way, sorted(answer for half in (accept or {}).values() for answer in half), *rest)
        for number, way, accept, *rest in said.get("gaps", ())
    ]


def test_moodle_gives_back_calculated_questions():
    """AS2, AS20: formula, ranges, steps, tolerance, units and hint; prepared values come from our own draw."""

    @ORDINARY
    @given(content=contents("calculated"))
    def holds(content):
        entry, said, _reading = back(Taken("calculated", content, key="q1"), "moodle")
        assert said == [] and entry.notes == () and entry.type == "calculated"
        assert essence(entry.content, "calculated") == essence(content, "calculated")
        for seed in range(5):
            paper = kind("calculated").paper(content, Random(seed))
            drawn = kind("calculated").drawn(content, paper)
            answer = {"text": drawn["answer"]}
            assert kind("calculated").score(kind("calculated").drawn(entry.content, paper), answer) == Fraction(1)

    holds()


@pytest.mark.parametrize("type", [*PLAIN, "calculated"])
def test_hints_travel_through_moodle(type):
    """AS7: and formats without hints say that they are lost."""
    hint = assessment.text("فكّر في الرحلة", "Think of the journey")
    question = Taken(type, assessment.content(type, hint=hint))
    entry, said, _reading = back(question, "moodle")
    assert entry.content["hint"] == hint and "hints" not in said
    for name in set(EXPORTS) - {"moodle", *OWN}:
        notes = write([question], name, "ar").notes[0]
        assert any(note.code == "hints" or note.kind == "refusal" for note in notes), name


def test_arabic_names_of_variables_get_latin_ones_and_figures_stay_behind():
    renamed = assessment.content(
        "calculated", stem=assessment.text("كم {عدد}؟", "How many are {عدد}?"), formula="عدد * 2",
        variables=[{"name": "عدد", "low": "1", "high": "3", "step": "1"}],
    )  # fmt: skip
    entry, said, _reading = back(Taken("calculated", renamed), "moodle")
    assert said == ["variables_renamed"] and entry.content["formula"] == "v1 * 2"
    assert entry.content["stem"]["ar"] == "كم {v1}؟"
    figures = assessment.content("calculated", tolerance="3", tolerance_kind="figures")
    (note,) = write([Taken("calculated", figures)], "moodle", "ar").notes[0]
    assert (note.kind, note.code) == ("refusal", "format_lacks_figures") and note.sentence


FOREIGN = """<quiz><question type="calculated"><questiontext format="html"><text>Area of {w} by {h}?</text>
</questiontext><generalfeedback><text>{{={{w}}*{{h}}}} is right.</text></generalfeedback><answer fraction="100">
<text>{formula}</text><tolerance>0.01</tolerance><tolerancetype>1</tolerancetype><correctanswerformat>1</correctanswerformat>
<correctanswerlength>2</correctanswerlength></answer><dataset_definitions>{sets}</dataset_definitions></question></quiz>"""


def data_set(name):
    return (
        f"<dataset_definition><name><text>{name}</text></name><minimum><text>1</text></minimum><maximum><text>9</text>"
        "</maximum><decimals><text>1</text></decimals></dataset_definition>"
    )


def foreign(formula):
    sets = "".join(map(data_set, "wh"))
    source = FOREIGN.format(formula=formula, sets=sets, w="{w}", h="{h}")
    (entry,) = read(source.encode(), "c.xml", language="en").entries
    return entry


def test_calculated_questions_of_moodle_are_read_and_what_changes_is_said():
    entry = foreign("{w}*pow({h}, 1)")
    assert entry.content["formula"] == "w * h^1" and entry.content["tolerance_kind"] == "relative"
    assert entry.content["variables"][0] == {"name": "w", "low": "1", "high": "9", "step": "0.1"}
    assert [note.code for note in entry.notes] == ["drawn_from_range"]
    assert foreign("{w}*{h}").content["explanation"]["en"] == "{answer} is right."
    refused = foreign("sin({w})")
    assert isinstance(refused, Refused) and refused.reason.sentence


def test_a_picture_that_is_gone_is_said_and_one_that_is_missing_or_broken_is_refused():
    question = Taken("hotspot", assessment.content("hotspot", image=IMAGE))
    assert [note.code for note in write([question], "xlsx", "ar", {}).notes[0]] == ["picture_gone"]
    for damaged, code in ((None, "picture_missing"), (b"no picture", "picture_broken")):
        made = write([question], "csv", "ar", {KEY: damaged or b"x"})
        data = made.data if damaged else _without_pictures(made.data)
        (entry,) = read(data, "x.zip").entries
        assert isinstance(entry, Refused) and entry.reason.code == code and entry.reason.sentence


def _without_pictures(data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.startswith("pictures/"):
                new.writestr(name, old.read(name))
    return out.getvalue()


def test_places_that_pixels_cannot_say_are_rounded_and_this_is_said():
    small = {KEY: picture(321, 217)}
    content = assessment.content("hotspot", image=assessment.image(KEY, 321, 217))
    made = write([Taken("hotspot", content)], "qti30", "ar", small)
    assert "whole_pixels" in [note.code for note in made.notes[0]]
    (entry,) = read(made.data, "x.zip", language="ar").entries
    for was, now in zip(content["regions"], entry.content["regions"], strict=True):
        assert all(abs(one - other) <= 4 for one, other in zip(was["at"], now["at"], strict=True))
