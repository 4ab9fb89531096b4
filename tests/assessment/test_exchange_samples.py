"""Real files of other systems: every question is taken or refused with a reason, and taken ones score as the file says."""

from collections import Counter
from pathlib import Path

import pytest

from academy.assessment.exchange import Refused, Taken, UnreadableQuestions, read
from academy.assessment.exchange.sentences import UNREADABLE
from academy.assessment.types import kind

pytestmark = pytest.mark.usefixtures("app")
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FILES = sorted(
    path for path in SAMPLES.rglob("*") if path.suffix in (".gift", ".txt", ".xml", ".zip") and path.name != "README.md"
)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SAMPLES)) for path in FILES])
@pytest.mark.parametrize("language", [None, "ar"])
def test_every_question_of_a_real_file_is_taken_or_refused_with_a_reason(path, language):
    try:
        reading = read(path.read_bytes(), path.name, language=language)
    except UnreadableQuestions as unreadable:
        assert str(UNREADABLE[unreadable.code]) and path.name == "categorySpecialCharacter.gift"
        return
    assert reading.entries
    for entry in reading.entries:
        if isinstance(entry, Refused):
            assert entry.label and entry.reason.sentence
        else:
            assert not kind(entry.type).check(entry.content)
            assert entry.content["stem"][reading.language] and all(note.sentence for note in entry.notes)


def sample(*parts):
    path = SAMPLES.joinpath(*parts)
    return read(path.read_bytes(), path.name).entries


def right_of(question):
    return [option["text"]["en"] for option in question.content["options"] if option["correct"]]


def test_gift_escapes_weights_ranges_and_feedback_are_understood():
    (slash,) = sample("questions", "gift", "escapeAll.gift")
    assert right_of(slash) == ["\\"]
    assert [option["text"]["en"] for option in slash.content["options"]] == ["~", "=", "#", "{", "}", ":", "\\"]
    assert slash.content["options"][0]["feedback"]["en"] == "~ is a control character."
    (continents,) = sample("questions", "gift", "multipleAnswersFloat.gift")
    assert continents.type == "multiple" and right_of(continents) == ["Africa", "Asia", "Antarctica"]
    assert [note.code for note in continents.notes] == ["weights"]
    numbers = sample("questions", "gift", "numerical1.gift")
    assert [(q.content["answer"], q.content["tolerance"]) for q in numbers[4:8]] == [
        ("3.1415", "0.0005"), ("-3.1415", "0.0005"), ("3", "2"), ("0", "5"),
    ]  # fmt: skip
    (coffee, _word) = sample("questions", "gift", "shortAnswerNotMatching.gift")
    assert coffee.type == "single" and right_of(coffee) == ["get coffee powder -> add water"]
    (symbols,) = sample("questions", "gift", "symbolsAll.gift")
    assert (
        "`-\\=[]" not in symbols.content["stem"]["en"]
        and "`-=[];',./~!@#$%^&*()_+{}|:\"<>?" in symbols.content["stem"]["en"]
    )


def test_aiken_in_arabic_fills_arabic():
    (question,) = sample("questions", "aiken", "own-ar.txt")
    assert question.content["stem"] == {"ar": "ما المقصود بتجربة العميل؟", "en": ""}
    assert [option["correct"] for option in question.content["options"]] == [True, False]


def test_moodle_questions_become_plain_text_and_essays_are_refused():
    (essay, choice) = sample("questions", "moodle-xml", "00-My-little-catgory-from-latex.xml")
    assert essay.reason.code == "essay"
    assert (choice.points, right_of(choice)) == (2, ["No"])
    (product,) = sample("questions", "moodle-xml", "06-Simple-arithmetic.xml")
    assert product.content["stem"]["en"] == "The product 6x8 is equal to ... :" and right_of(product) == ["48"]


def test_packages_of_qti_3_are_read_in_the_order_of_their_manifest():
    found = sample("qti", "qti3-packages", "valid-package.zip")
    counted = Counter("taken" if isinstance(entry, Taken) else entry.reason.code for entry in found)
    assert len(found) == 47 and counted["taken"] >= 10 and counted["image"] >= 15
    first = next(entry for entry in found if isinstance(entry, Taken))
    assert first.content["stem"]["en"].startswith("Weefsels van planten.")
