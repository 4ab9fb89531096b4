"""Files meant to do harm, and files that are merely broken: refused with a reason, never opened further, never an exception."""

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.assessment.exchange import FORMATS, UNREADABLE, Refused, Taken, UnreadableQuestions, read, write
from academy.assessment.exchange.safe_zip import packed
from tests.factories import assessment

pytestmark = pytest.mark.usefixtures("app")
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ITEM = """<assessmentItem identifier="q" title="T" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><p>Pick.</p>{body}<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">
<simpleChoice identifier="A">Yes</simpleChoice><simpleChoice identifier="B">No</simpleChoice></choiceInteraction></itemBody>
{rules}</assessmentItem>"""
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'


def reason(data, name, **given):
    """Why a file is not read."""
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(UnreadableQuestions) as refused:
        read(data, name, **given)
    assert str(UNREADABLE[refused.value.code])
    return refused.value.code


@pytest.mark.parametrize(
    "head",
    [
        f'<!DOCTYPE quiz [<!ENTITY l0 "lol">{LAUGHS}]>',
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE quiz [<!ENTITY % p SYSTEM "http://127.0.0.1:1/evil.dtd"> %p;]>',
        '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:1/quiz.dtd">',
        "<!DOCTYPE quiz>",
    ],
)
def test_document_types_and_entities_are_refused_before_anything_is_fetched(head):
    assert (
        reason(f'<?xml version="1.0"?>{head}<quiz><question type="essay">&l9;&x;</question></quiz>', "q.xml")
        == "xml_declares"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("<quiz>" + "<a>" * 5000 + "</a>" * 5000 + "</quiz>", "xml_deep"),
        ("<quiz>" + "<a/>" * 200_001 + "</quiz>", "too_big"),
        ("<quiz><question></quiz>", "bad_xml"),
        ("<quiz>&undefined;</quiz>", "bad_xml"),
        ('<?xml version="1.0" encoding="no-such"?><quiz/>', "bad_xml"),
        ("<quiz/>", "no_questions"),
        ("<html><body>hello</body></html>", "not_qti"),
        ("<quiz>" + '<question type="essay"/>' * 301 + "</quiz>", "too_many"),
    ],
)
def test_xml_that_is_too_deep_too_large_or_broken_is_refused(data, code):
    assert reason(data, "q.xml") == code


def archive(files, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


def locked(data):
    """Set the mark of a password on every file of a package."""
    marked = bytearray(data)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = marked.find(sign)
        while place >= 0:
            marked[place + offset] |= 1
            place = marked.find(sign, place + 1)
    return bytes(marked)


GOOD = ITEM.format(body="", rules=MATCH)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: archive({"item.xml": b"<a>" + b" " * 4_900_000 + b"</a>"}), "zip_large"),
        (lambda: archive({"item.xml": b"0" * 6_000_000}, zipfile.ZIP_STORED), "zip_large"),
        (lambda: archive({f"{n}.bin": b"\0" * 60_000_000 for n in range(2)}), "zip_large"),
        (lambda: archive({"../../etc/item.xml": GOOD}), "zip_path"),
        (lambda: archive({"/etc/item.xml": GOOD}), "zip_path"),
        (lambda: archive({"..\\..\\item.xml": GOOD}), "zip_path"),
        (lambda: archive({"C:\\item.xml": GOOD}), "zip_path"),
        (lambda: archive({f"{n}.txt": "" for n in range(2001)}), "zip_many"),
        (lambda: locked(archive({"item.xml": GOOD})), "zip_locked"),
        (lambda: archive({"item.xml": GOOD})[:-30], "bad_zip"),
        (lambda: archive({"readme.txt": "nothing"}), "zip_without_items"),
        (lambda: archive({"imsmanifest.xml": "<!DOCTYPE x><manifest/>"}), "xml_declares"),
    ],
    ids=[
        "bomb",
        "large",
        "many_megabytes",
        "up",
        "absolute",
        "backslash",
        "drive",
        "files",
        "locked",
        "cut",
        "empty",
        "manifest",
    ],
)
def test_packages_that_would_do_harm_are_refused(data, code):
    assert reason(data(), "package.zip") == code


def test_a_manifest_cannot_reach_outside_its_package(tmp_path):
    (tmp_path / "secret.xml").write_text(GOOD)
    manifest = (
        f'<manifest><resources><resource type="imsqti_item_xmlv2p1" href="../../../{tmp_path}/secret.xml"/>'
        f'<resource type="imsqti_item_xmlv2p1" href="file://{tmp_path}/secret.xml"/>'
        '<resource type="imsqti_item_xmlv2p1" href="bad.xml"/></resources></manifest>'
    )
    found = read(packed({"imsmanifest.xml": manifest.encode(), "bad.xml": b"<!DOCTYPE a><a/>"}), "p.zip").entries
    assert [entry.reason.code for entry in found] == ["external", "external", "bad_item"]


def test_an_item_with_a_picture_or_rules_of_its_own_is_refused_by_itself():
    files = {
        "a.xml": GOOD,
        "b.xml": ITEM.format(body='<img src="http://127.0.0.1:1/x.png"/>', rules=MATCH),
        "c.xml": ITEM.format(body="", rules="<responseProcessing><setOutcomeValue identifier='SCORE'><customOperator class='x'/></setOutcomeValue></responseProcessing>"),
        "d.xml": ITEM.format(body="", rules="").replace("</itemBody>", "<textEntryInteraction responseIdentifier='RESPONSE'/></itemBody>"),
    }  # fmt: skip
    found = read(archive(files), "p.zip").entries
    assert isinstance(found[0], Taken)
    assert [entry.reason.code for entry in found[1:]] == ["image", "custom_scoring", "several_parts"]


def test_rules_that_turn_the_key_round_are_not_taken():
    """The declared right answer earns nothing by the item's own rules: neither version may be believed."""
    rules = """<responseProcessing><responseCondition><responseIf>
    <match><variable identifier="RESPONSE"/><baseValue baseType="identifier">B</baseValue></match>
    <setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
    </responseIf></responseCondition></responseProcessing>"""
    (entry,) = read(ITEM.format(body="", rules=rules).encode(), "i.xml").entries
    assert isinstance(entry, Refused) and entry.reason.code == "scores_differently"


@pytest.mark.parametrize(
    "data",
    [
        "Q{" * 50_000,
        "{" + "=a->b" * 60_000 + "}",
        "::" * 100_000 + "{T}",
        "\\" * 300_000 + "{T}",
        "<" * 200_000,
        "[tag:" * 60_000 + "{T}",
        "// [id:" + "\\a" * 90_000 + "\nQ{T}",
        "Q{#" + "9" * 300_000 + "}",
        "Q{#1e999999999}",
        "A. x\n" * 60_000 + "ANSWER: A",
        "<a " * 80_000 + "{T}",
        "<!--" * 60_000 + "{T}",
        "<script>" * 40_000 + "{T}",
        "&#1" * 80_000 + "{T}",
        "\\(" * 90_000 + "{T}",
        "<span class='multilang' lang='ar'>" * 9_000 + "{T}",
    ],
    ids=range(16),
)
@pytest.mark.parametrize("format", ["gift", "aiken", "moodle"])
def test_text_that_would_make_a_careless_reader_think_for_ever_is_read_at_once(data, format):
    if format == "moodle":
        body = data.replace("&", "&amp;").replace("<", "&lt;")
        data = f'<quiz><question type="truefalse"><questiontext format="html"><text>{body}</text></questiontext></question></quiz>'
    assert outcome(data.encode(), "q.txt", format)


def outcome(data, name, format=None):
    """Read whatever comes; the only exception is the one with a reason."""
    try:
        entries = read(data, name, format=format).entries
    except UnreadableQuestions as refused:
        return str(UNREADABLE[refused.code])
    assert all(isinstance(entry, Taken) or entry.reason.sentence for entry in entries)
    return entries


WILD = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_any_bytes_are_read_or_refused(format):
    @WILD
    @given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
    def holds(data):
        outcome(data, "file.bin", format)
        outcome(data, "file.csv")

    holds()


@pytest.mark.parametrize(
    "path", sorted(p for p in SAMPLES.rglob("*") if p.suffix in (".gift", ".xml", ".txt")), ids=lambda path: path.name
)
def test_damaged_files_are_read_or_refused(path):
    """A hundred small damages of every real file: bytes lost, doubled, changed."""
    data, chance = path.read_bytes(), random.Random(7)
    for _round in range(15):
        cut = chance.randrange(len(data))
        length = chance.choice((1, 3, 20))
        for damaged in (
            data[:cut] + data[cut + length :],
            data[:cut] + data[cut : cut + length] * 3 + data[cut + length :],
            data[:cut] + bytes([chance.randrange(256)]) + data[cut + 1 :],
        ):
            outcome(damaged, path.name)


@pytest.mark.parametrize("name", ["qti21", "qti30", "xlsx"])
def test_damaged_packages_are_read_or_refused(name):
    quiz = [Taken(type, assessment.content(type)) for type in assessment.EXCHANGED_TYPES]
    data, chance = write(quiz, name, "ar").data, random.Random(9)
    for _round in range(30):
        cut = chance.randrange(len(data))
        outcome(data[:cut] + bytes([chance.randrange(256)]) + data[cut + 1 :], f"file.{name[:4]}")
