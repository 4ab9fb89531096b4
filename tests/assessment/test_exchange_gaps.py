"""Texts with gaps, opinions and the newer settings out and in again: what each format carries and what it says it loses."""

import pytest

from academy.assessment.exchange import Refused, Taken, read, write
from academy.assessment.types import kind
from tests.factories import assessment as quizzes

pytestmark = pytest.mark.usefixtures("app")


def gaps(*kinds, **more):
    """A text with a gap of each of these kinds."""
    usual = {gap["kind"]: gap for gap in quizzes.content("gap_fill")["gaps"]}
    made = [{**usual[kind_], "id": str(n)} for n, kind_ in enumerate(kinds, start=1)]
    for place, gap in enumerate(made, start=1):
        gap |= {"word": f"w{place}"} if gap["kind"] == "drag" else {}
    marks = [f"[[{gap['id']}]]" for gap in made]
    content = {
        "stem": quizzes.text("املأ", "Fill in"),
        "text": quizzes.text("أولًا " + " ثم ".join(marks) + ".", "First " + ", ".join(reversed(marks))),
        "gaps": made,
        "scoring": "partial",
    }
    return {**content, **({"words": quizzes.entries("w1", "w2", "w3")} if "drag" in kinds else {}), **more}


def back(content, name, type="gap_fill", language="ar"):
    made = write([Taken(type, content, key="q1")], name, language)
    (entry,) = read(made.data, f"file.{made.suffix}", language=language).entries
    return entry, [note.code for note in made.notes[0]]


def meaning(content, language):
    """What a question means in a language, ids aside."""
    texts = {word["id"]: word["text"][language] for word in content.get("words") or ()}

    def right(gap):
        if gap["kind"] == "typed":
            return sorted(answer for half in gap["accept"].values() for answer in half or ())
        if gap["kind"] == "drag":
            return texts[gap["word"]]
        return sorted((option["text"][language], option.get("correct", False)) for option in gap["options"])

    found = [(gap["kind"], right(gap)) for gap in content["gaps"]]
    return content["stem"][language], sorted(map(str, found)), sorted(texts.values()), content.get("reuse", False)


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "content",
    [
        quizzes.content("gap_fill"),
        gaps("drag", "drag", reuse=True),
        gaps("typed", scoring="all_or_nothing", typos=0),
        gaps("choice", "typed", "drag"),
    ],
)
def test_our_spreadsheet_loses_nothing_of_a_text_with_gaps(content, suffix):
    entry, lost = back(content, suffix)
    assert isinstance(entry, Taken) and lost == []
    assert entry.content["text"] == content["text"]
    for language in ("ar", "en"):
        assert meaning(entry.content, language) == meaning(content, language)
    for name in ("typos", "reuse"):
        assert entry.content.get(name) == content.get(name)
    assert (entry.content.get("scoring") or "partial") == (content.get("scoring") or "partial")


@pytest.mark.parametrize(
    ("type", "content"),
    [
        ("matrix", quizzes.content("matrix")),
        ("matrix", quizzes.content("matrix", needed=False)),
        ("ranking", quizzes.content("ranking")),
        ("categories", quizzes.content("categories", categories=quizzes.entries("c2", "c1", "c3"))),
        ("short_text", quizzes.content("short_text", partly={"ar": ["الرحلة"], "en": []}, typos=0)),
        (
            "numeric",
            quizzes.content(
                "numeric",
                tolerance_kind="relative",
                units=[{"text": quizzes.text("ساعة", "hours"), "factor": "60"}],
                unit_rule="penalty",
                unit_cost="25",
            ),
        ),
        ("numeric", quizzes.content("numeric", tolerance="3", tolerance_kind="figures", unit_rule="required")),
    ],
)
def test_our_spreadsheet_loses_nothing_of_the_other_types(type, content):
    entry, lost = back(content, "xlsx", type)
    assert isinstance(entry, Taken) and lost == []
    again, _lost = back(entry.content, "csv", type, "en")
    assert again.content == entry.content
    for name in ("needed", "tolerance_kind", "units", "unit_rule", "unit_cost", "partly", "typos"):
        assert entry.content.get(name) == (content.get(name) or None if name != "typos" else content.get(name))
    if type == "categories":
        assert [each["text"] for each in entry.content["categories"]] == [
            each["text"] for each in content["categories"]
        ]
    if type == "matrix":
        texts = {name: [each["text"] for each in content[name]] for name in ("statements", "scale")}
        assert {name: [each["text"] for each in entry.content[name]] for name in texts} == texts


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("kinds", [("typed",), ("choice", "typed"), ("drag", "drag"), ("typed", "typed", "choice")])
def test_moodle_carries_gaps_in_one_language(kinds, language):
    """AS3: embedded answers, or words dragged into a text."""
    content = gaps(*kinds, reuse="drag" in kinds) if "drag" in kinds else gaps(*kinds)
    entry, lost = back(content, "moodle", language=language)
    assert isinstance(entry, Taken) and entry.type == "gap_fill" and lost == ["other_language"]
    assert meaning(entry.content, language) == meaning(content, language)
    right = {gap["id"]: _right(gap) for gap in entry.content["gaps"]}
    assert kind("gap_fill").score(entry.content, {"gaps": right}) == 1


def _right(gap):
    if gap["kind"] == "typed":
        return [*gap["accept"]["ar"], *gap["accept"]["en"]][0]
    return gap["word"] if gap["kind"] == "drag" else next(o["id"] for o in gap["options"] if o.get("correct"))


def test_what_moodle_does_otherwise_is_said():
    mixed = gaps("typed", "drag", scoring="all_or_nothing", stem=quizzes.text("سطر\nآخر", "One\ntwo"))
    entry, lost = back(mixed, "moodle")
    assert lost == ["other_language", "one_line", "drag_as_list", "one_gap_scoring"]
    assert [gap["kind"] for gap in entry.content["gaps"]] == ["typed", "choice"]
    assert entry.content["scoring"] == "all_or_nothing"


CLOZE = """<?xml version="1.0" encoding="UTF-8"?><quiz><question type="cloze"><questiontext format="html"><text><![CDATA[
<p>The capital of France is {1:SHORTANSWER:=Paris#Well done~%50%Lutetia}.</p>
<p>It lies on the {2:MC:Rhine~=Seine~Thames \\} river}.</p>]]></text></questiontext></question></quiz>"""


def test_embedded_answers_of_moodle_are_read_with_what_changes():
    (entry,) = read(CLOZE.encode(), "cloze.xml", language="en").entries
    assert [gap["kind"] for gap in entry.content["gaps"]] == ["typed", "choice"]
    assert entry.content["gaps"][0]["accept"]["en"] == ["Paris"]
    assert [option["text"]["en"] for option in entry.content["gaps"][1]["options"]] == [
        "Rhine",
        "Seine",
        "Thames } river",
    ]
    assert entry.content["stem"]["en"] == "Fill in the gaps."
    assert {note.code for note in entry.notes} == {"feedback", "partly_right", "weights_of_gaps"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{1:NUMERICAL:=5:0.1}", "numeric_gap"),
        ("{1:MULTIRESPONSE:=a~=b~c}", "numeric_gap"),
        ("{1:SHORTANSWER:=a*}", "wildcard"),
        ("{1:MULTICHOICE:a~b}", "one_right_option"),
        ("no gap at all", "not_understood"),
    ],
)
def test_embedded_answers_that_gaps_cannot_be_are_refused_with_the_reason(body, code):
    source = f'<quiz><question type="cloze"><questiontext><text>Say {body}</text></questiontext></question></quiz>'
    (entry,) = read(source.encode(), "cloze.xml", language="en").entries
    assert isinstance(entry, Refused) and entry.reason.code == code and entry.reason.sentence


SELECT = """<quiz><question type="{type}"><questiontext format="html"><text>Put it right.&lt;br&gt;A [[2]] and a [[3]].</text>
</questiontext>{words}</question></quiz>"""


def word(tag, text, group=1, more=""):
    return f"<{tag}><text>{text}</text><group>{group}</group>{more}</{tag}>"


def test_words_to_select_and_to_drag_of_moodle_are_read():
    """A marker names the word, not the gap."""
    words = [("cat", 1), ("dog", 1), ("red", 2), ("blue", 2)]
    select = SELECT.format(type="gapselect", words="".join(word("selectoption", *each) for each in words))
    (entry,) = read(select.encode(), "s.xml", language="en").entries
    assert entry.content["text"]["en"] == "A [[1]] and a [[2]]." and entry.content["stem"]["en"] == "Put it right."
    assert [[(o["text"]["en"], o.get("correct", False)) for o in gap["options"]] for gap in entry.content["gaps"]] == [
        [("cat", False), ("dog", True)],
        [("red", True), ("blue", False)],
    ]
    drag = SELECT.format(type="ddwtos", words="".join(word("dragbox", *each, "<infinite/>") for each in words))
    (entry,) = read(drag.encode(), "d.xml", language="en").entries
    assert [gap["word"] for gap in entry.content["gaps"]] == ["w2", "w3"] and entry.content["reuse"] is True
    assert [note.code for note in entry.notes] == ["one_bank"]
    (refused,) = read(SELECT.format(type="ddwtos", words=word("dragbox", "cat")).encode(), "d.xml").entries
    assert isinstance(refused, Refused)


@pytest.mark.parametrize(("rule", "cost"), [("optional", None), ("required", None), ("penalty", "25")])
def test_units_travel_through_moodle(rule, cost):
    """AS2: factors that Moodle writes the other way round come back whole."""
    hours = {"text": quizzes.text("ساعة", "hours"), "factor": "60"}
    content = quizzes.content("numeric", units=[hours], unit_rule=rule, **({"unit_cost": cost} if cost else {}))
    entry, _lost = back(content, "moodle", "numeric")
    assert entry.content["units"] == [hours] and entry.content["unit"] == content["unit"]
    assert (entry.content.get("unit_rule") or "optional", entry.content.get("unit_cost")) == (rule, cost)


@pytest.mark.parametrize("name", ["moodle", "gift"])
def test_answers_worth_half_travel_where_the_format_has_weights(name):
    content = quizzes.content("short_text", partly={"ar": ["الرحلة"], "en": ["trip"]})
    entry, _lost = back(content, name, "short_text")
    assert entry.content["partly"] == content["partly"] and entry.content["accept"] == content["accept"]


@pytest.mark.parametrize("name", ["moodle", "gift", "qti21", "qti22", "qti30"])
def test_a_tolerance_of_another_kind_becomes_a_plain_one_and_this_is_said(name):
    content = quizzes.content("numeric", answer="200", tolerance="5", tolerance_kind="relative")
    entry, said = back(content, name, "numeric")
    assert "absolute_tolerance" in said and entry.content["tolerance"] == "10"


@pytest.mark.parametrize(
    ("name", "type"),
    [*((name, "matrix") for name in ("moodle", "gift", "aiken", "qti21", "qti30")),
     *((name, "ranking") for name in ("moodle", "gift", "aiken"))],
)  # fmt: skip
def test_opinions_have_no_counterpart_elsewhere_and_this_is_said(name, type):
    """AS5: left out with the reason; the questions around it are carried."""
    quiz = [Taken(type, quizzes.content(type)), Taken("single", quizzes.content("single"))]
    made = write(quiz, name, "ar")
    code = "aiken_single_only" if name == "aiken" else "format_lacks_type"
    assert [(note.kind, note.code) for note in made.notes[0]] == [("refusal", code)]
    assert [entry.type for entry in read(made.data, f"x.{made.suffix}").entries] == ["single"]


@pytest.mark.parametrize("version", ["qti21", "qti22", "qti30"])
@pytest.mark.parametrize("kinds", [("typed", "choice"), ("drag", "drag"), ("typed", "drag")])
def test_qti_gets_an_entry_a_list_or_a_gap_for_each_gap(version, kinds):
    made = write([Taken("gap_fill", gaps(*kinds))], version, "en")
    (entry,) = read(made.data, "x.zip", language="en").entries
    assert "Fill in" in (entry.label if isinstance(entry, Refused) else entry.content["stem"]["en"])
    said = [note.code for note in made.notes[0]]
    assert ("strict_answers" in said) is ("typed" in kinds) and ("drag_as_list" in said) is (
        set(kinds) == {"typed", "drag"}
    )
