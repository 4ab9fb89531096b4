"""Imported QTI items as questions: drawn, answered, kept, scored, marked, exported again."""

import json
import zipfile
from fractions import Fraction
from io import BytesIO
from random import Random

import pytest

from academy.assessment import services
from academy.assessment.exchange import Refused, Taken, read, write
from academy.assessment.models import AttemptItem
from academy.assessment.queries_of_attempts import result, sheets
from academy.assessment.queries_of_heads import attempt_head
from academy.assessment.rules import Shown
from academy.assessment.types import BadResponse, kind
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment, qti_items
from tests.factories.accounts import LONG_AGO

pytestmark = pytest.mark.usefixtures("app")
QTI = kind("qti")
every_item = pytest.mark.parametrize("name", sorted(qti_items.ALL))

# What a browser sends for a fully right answer: the field's text after its name, lines by what they say.
RIGHT = {
    "choice": {"r1": ["Choice A"]},
    "choices": {"r1": ["Choice A", "Choice B"], "r2": ["because"]},
    "entries": {"r1": ["١٢"], "r2": [" queue "], "r3": ["7"]},
    "long": {"r1": ["the customer journey."]},
    "inline": {"r1": ["Choice B"], "r2": ["Choice C"]},
    "order": {"r1-Choice C": ["1"], "r1-Choice A": ["2"], "r1-Choice B": ["3"], "r2": ["ok"]},
    "grid": {"r1-Choice A": ["Choice X", "Choice Y"], "r1-Choice B": ["Choice Y"]},
    "pairs": {"r1-Choice A": ["Choice X"], "r1-Choice B": ["Choice Y"], "r2": ["ok"]},
    "links": {"r1-a1": ["Choice B"], "r1-b1": ["Choice A"], "r1-a2": ["Choice C"], "r1-b2": ["Choice D"]},
    "gaps": {"r1-p1": ["Choice W"], "r1-p2": ["Choice S"]},
    "hottext": {"r1": ["Choice B"]},
}


def fields_of(control):
    return [piece for piece in control.pieces if not isinstance(piece, str)]


def sent(name, paper, answers):
    """The raw answer of a browser that shows a paper."""
    fields = fields_of(QTI.control(qti_items.content(name), paper))
    tokens, partners = {}, {}
    for field in fields:
        tokens |= {line.text: line.token for line in field.lines}
        partners |= {line.text: line.token for line in field.partners}
    made = {}
    for key, values in answers.items():
        field, _dash, line = key.partition("-")
        key = f"{field}-{tokens.get(line, line)}" if line else field
        made[key] = [partners.get(value, tokens.get(value, value)) for value in values]
    return {"answers": made}


def answered(name, answers=None, seed=3):
    """Paper, stored response and content with the paper."""
    content = qti_items.content(name)
    paper = QTI.paper(content, Random(seed))
    if name == "drawn" and answers is None:
        answers = {"r1": [paper["correct RESPONSE"][0]]}
    response = QTI.clean(sent(name, paper, RIGHT[name] if answers is None else answers), content, paper)
    return paper, response, QTI.drawn(content, paper)


@every_item
@pytest.mark.parametrize("seed", range(4))
def test_the_right_answer_earns_everything_on_every_paper(name, seed):
    paper, response, content = answered(name, seed=seed)
    assert QTI.score(content, response) == 1 and not QTI.warnings(content, response)
    assert json.loads(json.dumps(response)) == response and json.loads(json.dumps(paper)) == paper
    feedback = QTI.feedback(content, response, paper)
    assert feedback.correct and {part.state for part in feedback.parts} == {"right"}
    assert QTI.score(content, None) == 0 and not QTI.is_answered(None)


@every_item
def test_what_was_answered_is_shown_again(name):
    paper, response, content = answered(name)
    shown = {}
    for field in fields_of(QTI.control(content, paper, response)):
        if field.text:
            shown[field.name] = [field.text]
        for line in field.lines:
            if line.chosen:
                shown.setdefault(field.name, []).append(line.token)
            if line.value:
                shown[f"{field.name}-{line.token}"] = [line.value]
        for mark in field.chosen:
            key, token = mark.split(" ")
            shown.setdefault(f"{field.name}-{key}", []).append(token)
    again = QTI.clean({"answers": shown}, content, paper)
    assert again == response


@every_item
def test_a_plain_form_says_the_same_as_the_script(name):
    content = qti_items.content(name)
    paper = QTI.paper(content, Random(3))
    answers = RIGHT.get(name) or {"r1": ["5"]}
    raw = sent(name, paper, answers)
    form = {f"a7-{field}": values for field, values in raw["answers"].items()} | {"a71": ["x"], "a7": ["y"]}
    assert QTI.read(form, content, paper, "a7") == QTI.clean(raw, content, paper)
    assert QTI.read({"a7-r1": [""]}, content, paper, "a7") is None


@pytest.mark.parametrize(
    ("name", "answers", "share", "notes"),
    [
        ("choice", {"r1": ["Choice B"]}, Fraction(1, 2), []),
        ("choice", {"r1": ["Choice C"]}, 0, []),
        ("choices", {"r1": ["Choice A"], "r2": ["because"]}, Fraction(1, 2), []),
        ("choices", {"r2": ["because"]}, Fraction(1, 2), ["incomplete"]),
        ("entries", {"r1": ["12.5"], "r2": ["queue"], "r3": ["seven"]}, Fraction(1, 3), ["not_a_number"]),
        ("entries", {"r1": ["١٢٫٠"], "r3": ["7,0"]}, Fraction(2, 3), ["incomplete"]),
        ("long", {"r1": ["customer journey of mine"]}, 0, []),
        ("order", {"r1-Choice C": ["1"], "r1-Choice A": ["1"], "r1-Choice B": ["3"], "r2": ["ok"]}, Fraction(1, 2), []),
        ("gaps", {"r1-p1": ["Choice W"]}, 0, []),
        ("pairs", {"r1-Choice A": ["Choice Y"], "r2": ["ok"]}, Fraction(1, 2), []),
        ("links", {"r1-a1": ["Choice B"]}, 0, []),
    ],
)
def test_other_answers_earn_what_the_rules_of_the_item_say(name, answers, share, notes):
    _paper, response, content = answered(name, answers)
    assert QTI.score(content, response) == share
    assert [note.code for note in QTI.warnings(content, response)] == notes


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("choice", {"r1": ["p9"]}, "unknown_choice"), ("choice", {"r1": ["A"]}, "unknown_choice"),
        ("choice", {"r9": ["p1"]}, "unknown_choice"), ("choice", {"r1": ["p1", "p2"]}, "bad_shape"),
        ("choice", {"r1-p1": ["p1"]}, "unknown_choice"), ("choice", {"r1": "p1"}, "bad_shape"),
        ("choice", {"r1": [{}]}, "bad_shape"), ("choices", {"r1": ["p1", "p2", "p3"]}, "too_many_chosen"),
        ("entries", {"r1": ["1" * 65]}, "too_long"), ("entries", {"r2": ["a\x00"]}, "unreadable_text"),
        ("entries", {"r2-x": ["a"]}, "bad_shape"), ("order", {"r1-p1": ["4"]}, "bad_place"),
        ("order", {"r1-p1": ["١"]}, "bad_place"), ("order", {"r1-p9": ["1"]}, "unknown_choice"),
        ("grid", {"r1-p1": ["p9"]}, "unknown_choice"), ("links", {"r1-c1": ["p1"]}, "unknown_choice"),
        ("links", {"r1-a9": ["p1"]}, "unknown_choice"), ("gaps", {"r1-p3": ["p1"]}, "unknown_choice"),
    ],
)  # fmt: skip
def test_answers_that_no_page_of_ours_sends_are_refused(name, raw, code):
    content = qti_items.content(name)
    with pytest.raises(BadResponse) as refused:
        QTI.clean({"answers": raw}, content, QTI.paper(content, Random(3)))
    assert refused.value.code == code and refused.value.for_reader()


def test_each_learner_gets_numbers_of_their_own_and_the_key_that_belongs_to_them():
    """AS2."""
    content, seen = qti_items.content("drawn"), set()
    for seed in range(20):
        paper = QTI.paper(content, Random(seed))
        a, b = int(paper["value A"][0]), int(paper["value B"][0])
        assert paper["correct RESPONSE"] == [str(a + b)]
        assert QTI.asked(content, paper).en == f"What is {a} + {b}? _____"
        whole = QTI.drawn(content, paper)
        assert QTI.score(whole, {"answers": {"RESPONSE": [str(a + b)]}}) == 1
        feedback = QTI.feedback(content, {"answers": {"RESPONSE": ["1"]}}, paper)
        assert feedback.share == 0 and feedback.explanation.en == f"The sum of {a} and {b} is another."
        assert feedback.parts[0].right_partner.en == str(a + b)
        seen.add((a, b))
    assert len(seen) > 15


def test_what_the_item_says_to_an_answer_waits_for_the_release_of_the_key():
    """AS12: feedback of an item may tell its key."""
    paper, _response, content = answered("drawn")
    feedback = QTI.feedback(content, {"answers": {"RESPONSE": ["1"]}}, paper)
    kept_back = feedback.limited(Shown(score=True, responses=True, marks=True, feedback=True))
    assert not kept_back.explanation and kept_back.parts[0].right_partner is None and kept_back.correct_answer == ()
    assert kept_back.parts[0].partner.en == "1" and kept_back.parts[0].state == "wrong"


def test_answers_are_told_in_words():
    _paper, response, content = answered("gaps")
    assert QTI.describe(content, response, "en") == "Choice S: 2, Choice W: 1"
    _paper, response, content = answered("order")
    assert QTI.describe(content, response, "ar") == "Choice C، Choice A، Choice B; ok"
    assert QTI.describe(content, None, "en") == ""


@pytest.mark.parametrize(
    "change",
    [
        {"item": 5}, {"item": "<x/>"}, {"item": "x" * 300_000}, {"language": "fr"}, {"language": None}, {"most": "0"},
        {"most": "no"}, {"item": qti_items.CHOICE.replace("choiceInteraction", "drawingInteraction")},
    ],
)  # fmt: skip
def test_content_that_cannot_be_used_is_a_problem(change):
    problems = QTI.check({**qti_items.content(), **change})
    assert problems and all(problem.sentence for problem in problems)
    assert QTI.check(qti_items.content()) == []


@every_item
def test_an_attempt_from_start_to_result(name):
    """P4, P5: the paper stays on the server; what is scored is what was drawn for this learner."""
    version = assessment.draft_quiz()
    assessment.question(version, "qti", content=qti_items.content(name), points=4)
    services.freeze(version.id, LONG_AGO)
    attempt = assessment.attempt(version, people.person())
    (item,) = assessment.items(attempt)
    _paper, response, _content = answered(name) if name != "drawn" else (None, None, None)
    if name == "drawn":
        response = {"answers": {"RESPONSE": item.paper["correct RESPONSE"]}}
    (sheet,) = sheets(attempt.id)
    assert sheet.control.kind == "qti" and sheet.stem
    services.save_response(attempt.id, 1, response, at=LONG_AGO)
    attempt = services.submit(attempt.id, at=LONG_AGO)
    assert (attempt.score, attempt.passed) == (4, True)
    (mark,) = result(attempt_head(attempt.id), now=LONG_AGO).marks
    assert mark.feedback.correct and mark.stem == sheet.stem
    assert db.session.query(AttemptItem).filter_by(attempt_id=attempt.id).one().share == 1


# --- Out and in again ----------------------------------------------------------------


def package(*names):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(f"{name}.xml", qti_items.ALL[name])
    return buffer.getvalue()


OURS = ("inline", "gaps")  # what one of our own types can hold


@pytest.mark.parametrize("version", ["qti21", "qti22", "qti30"])
def test_items_go_out_as_they_came_and_come_back_the_same(version):
    """AS20."""
    kept = {name: item for name, item in qti_items.ALL.items() if name not in OURS}
    taken = read(package(*kept), "p.zip").entries
    assert [entry.type for entry in taken] == ["qti"] * len(kept)
    assert [entry.content["item"] for entry in taken] == list(kept.values())
    made = write(taken, version, "en")
    assert not any(made.notes.values())
    back = read(made.data, "again.zip").entries
    assert [(e.content, e.key, e.points, e.difficulty) for e in back] == [
        (e.content, e.key, e.points, e.difficulty) for e in taken
    ]
    with zipfile.ZipFile(BytesIO(made.data)) as archive:
        assert archive.read("items/drawn.xml").decode().endswith(f"{qti_items.DRAWN}\n")
        assert b"imsqti_item_xmlv2p2" in archive.read("imsmanifest.xml")


@pytest.mark.parametrize("name", ["aiken", "gift", "moodle"])
def test_formats_without_such_questions_say_so_and_carry_the_others(name):
    (item,) = read(package("choice"), "p.zip").entries
    made = write([item, Taken("single", assessment.content("single"))], name, "en")
    assert [note.kind for note in made.notes[0]] == ["refusal"] and made.notes[0][0].sentence
    (other,) = read(made.data, f"f.{made.suffix}").entries
    assert other.type == "single"


def test_an_item_that_one_of_our_types_can_hold_still_becomes_one():
    both = qti_items.declared("RESPONSE", "identifier", "single", "A")
    body = f"<p>Which?</p><choiceInteraction responseIdentifier='RESPONSE' maxChoices='1'>{qti_items.choices('simpleChoice', 'A', 'B')}</choiceInteraction>"
    (entry,) = read(qti_items.item("own", both, body, qti_items.point("RESPONSE")).encode(), "i.xml").entries
    assert entry.type == "single"


def test_an_item_that_scores_by_chance_never_becomes_a_question_of_our_own_type():
    """And each attempt keeps its own chance, so that scoring it again gives the same."""
    lucky = qti_items.CHOICE.replace(
        '<mapResponse identifier="RESPONSE"/>',
        "<random><multiple><mapResponse identifier='RESPONSE'/><baseValue baseType='float'>2</baseValue></multiple></random>",
    )
    (entry,) = read(lucky.encode(), "i.xml").entries
    assert entry.type == "qti"
    shares = set()
    for seed in range(20):
        content = QTI.drawn(entry.content, QTI.paper(entry.content, Random(seed)))
        found = {QTI.score(content, {"answers": {"RESPONSE": ["B"]}}) for _again in range(3)}
        assert len(found) == 1
        shares |= found
    assert shares == {Fraction(1, 2), 1}


KEYLESS = qti_items.item("keyless", qti_items.declared("R", "string", "single"), "<p><textEntryInteraction responseIdentifier='R'/></p>", "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>0</baseValue></setOutcomeValue>", most=None)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (KEYLESS, "no_key"),
        (qti_items.LONG.replace("variable identifier='L'", "null").replace("</null>", "</null>"), "essay"),
        (qti_items.CHOICE.replace('adaptive="false"', 'adaptive="true"'), "adaptive"),
        (qti_items.CHOICE.replace("<strong>", "<img src='http://127.0.0.1/x'/><strong>"), "image"),
        (qti_items.CHOICE.replace("<strong>", "<math/><strong>"), "formula"),
        (qti_items.CHOICE.replace("choiceInteraction", "graphicOrderInteraction"), "other_type"),
        (qti_items.CHOICES.replace("responseIdentifier='W'", "responseIdentifier='R'"), "several_parts"),
        (qti_items.DRAWN.replace("<sum>", "<product>").replace("</sum>", "</product>").replace("min='10'", "min='0'")
         .replace("<baseValue baseType='float'>1<", "<baseValue baseType='float'>-1<"), "scores_differently"),
    ],
)  # fmt: skip
def test_items_that_cannot_be_taken_are_refused_with_the_reason(source, code):
    (entry,) = read(source.encode(), "i.xml").entries
    assert isinstance(entry, Refused) and entry.reason.code == code and entry.reason.sentence
