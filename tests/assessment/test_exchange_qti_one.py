"""AS20: questions of QTI 1.2, as older systems still export them, scored as the file says."""

import io
import zipfile

import pytest

from academy.assessment.exchange import Refused, UnreadableQuestions, read
from academy.assessment.types import kind

pytestmark = pytest.mark.usefixtures("app")
LABEL = '<response_label ident="{0}"><material><mattext texttype="text/plain">{1}</mattext></material></response_label>'
COLOURS = "".join(LABEL.format(*each) for each in (("a", "أحمر"), ("b", "أزرق"), ("c", "أصفر")))


def item(response, conditions, kind="", extra="", stem="ما اللون؟"):
    return f"""<item ident="i1" title="Question"><itemmetadata><qtimetadata><qtimetadatafield>
    <fieldlabel>points_possible</fieldlabel><fieldentry>3.0</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
    <presentation><material><mattext texttype="text/html">&lt;p&gt;{stem}&lt;/p&gt;</mattext></material>{response}
    </presentation><resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/>
    </outcomes>{conditions}</resprocessing>{extra}</item>"""


def choices(cardinality="Single"):
    return (
        f'<response_lid ident="r" rcardinality="{cardinality}"><render_choice>{COLOURS}</render_choice></response_lid>'
    )


def when(rule, points=100, action="Set", on="No"):
    return (
        f'<respcondition continue="{on}"><conditionvar>{rule}</conditionvar>'
        f'<setvar action="{action}" varname="SCORE">{points}</setvar></respcondition>'
    )


def equal(value):
    return f'<varequal respident="r">{value}</varequal>'


FIB = (
    '<response_str ident="r" rcardinality="Single"><render_fib><response_label ident="x"/></render_fib></response_str>'
)
BOTH = when(f"<and>{equal('a')}{equal('c')}<not>{equal('b')}</not></and>")
PARTS = (
    when(equal("a"), 50, "Add", "Yes") + when(equal("c"), 50, "Add", "Yes") + when(equal("b"), 50, "Subtract", "Yes")
)


def file(*items):
    return f'<?xml version="1.0"?><questestinterop><assessment ident="q" title="Q"><section ident="s">{"".join(items)}</section></assessment></questestinterop>'.encode()  # noqa: E501


def taken(*items):
    return read(file(*items), "quiz.xml").entries


def test_one_choice_several_choices_words_and_numbers_earn_what_the_file_says():
    number = f"<or>{equal('5')}<and><vargte respident='r'>4.5</vargte><varlte respident='r'>5.5</varlte></and></or>"
    single, multiple, parts, words, numeric = taken(
        item(choices(), when(equal("b"))),
        item(choices("Multiple"), BOTH),
        item(choices("Multiple"), PARTS),
        item(FIB, when(equal("أزرق") + "", 100) + when(equal("blue"))),
        item(FIB, when(number)),
    )
    assert (single.type, single.points, single.content["stem"]["ar"]) == ("single", 3, "ما اللون؟")
    assert [option["correct"] for option in single.content["options"]] == [False, True, False]
    right = [option["id"] for option in multiple.content["options"] if option["correct"]]
    assert len(right) == 2 and multiple.notes == ()
    assert [each.content["scoring"] for each in (multiple, parts)] == ["all_or_nothing", "partial"]
    assert float(kind("multiple").score(parts.content, {"choices": right[:1]})) == 0.5
    assert words.content["accept"] == {"ar": ["أزرق"], "en": ["blue"]}
    assert float(numeric.content["answer"]) == 5 and float(numeric.content["tolerance"]) == 0.5


def test_a_choice_that_earns_a_part_and_feedback_are_said_beforehand():
    feedback = '<itemfeedback ident="f"><material><mattext>حسن</mattext></material></itemfeedback>'
    (entry,) = taken(item(choices(), when(equal("b")) + when(equal("a"), 40), extra=feedback))
    assert {note.code for note in entry.notes} == {"partly_right", "feedback"}


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (item(choices(), ""), "no_key"),
        (item(choices("Multiple"), when(f"<or>{equal('a')}{equal('b')}</or>")), "scores_differently"),
        (item(choices() + FIB, when(equal("a"))), "several_parts"),
        (item(FIB, when("<other/>")), "essay"),
        (item(choices(), when("<varsubset respident='r'>a</varsubset>")), "custom_scoring"),
        (item(choices(), when(equal("a"), "x")), "custom_scoring"),
        (item("<response_xy ident='r'><render_hotspot/></response_xy>", when(equal("a"))), "other_type"),
        (item(choices(), when(equal("a")), stem='&lt;img src="http://x/y.png"/&gt;'), "image"),
        (item("", ""), "description"),
        (item(FIB, when(f"<or>{equal('5')}<vargte respident='r'>9</vargte></or>")), "several_answers"),
    ],
)
def test_what_cannot_be_scored_alike_is_refused_with_its_reason(made, reason):
    (entry,) = taken(made)
    assert isinstance(entry, Refused) and entry.reason.code == reason and entry.reason.sentence


def test_a_package_of_such_a_file_is_read_and_a_document_type_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(
            "imsmanifest.xml", "<manifest><resources><resource type='imsqti_xmlv1p2'/></resources></manifest>"
        )
        package.writestr("g1/g1.xml", file(item(choices(), when(equal("a")))))
    assert [entry.type for entry in read(made.getvalue(), "export.zip").entries] == ["single"]
    with pytest.raises(UnreadableQuestions) as refused:
        read(file().replace(b"<questest", b"<!DOCTYPE questestinterop SYSTEM 'x.dtd'><questest", 1), "quiz.xml")
    assert refused.value.code == "xml_declares"


CANVAS = """<?xml version="1.0" encoding="UTF-8"?>
<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="g1" title="Quiz">
<section ident="root_section">{items}</section></assessment></questestinterop>"""


def from_canvas(kind, shown, scored=""):
    return (
        f'<item ident="{kind}" title="Question"><itemmetadata><qtimetadata><qtimetadatafield>'
        f"<fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata>"
        f'</itemmetadata><presentation><material><mattext texttype="text/html">&lt;p&gt;{shown[0]}&lt;/p&gt;</mattext>'
        f"</material>{shown[1]}</presentation>{scored}</item>"
    )


def test_what_canvas_asks_besides_is_refused_for_what_it_is():
    """AS20: a file to hand in is no text without a question; several blanks are named by their text, not by their answers."""
    blank = (
        '<response_lid ident="response_{0}"><material><mattext>{0}</mattext></material><render_choice><response_label '
        'ident="1"><material><mattext>{0}!</mattext></material></response_label></render_choice></response_lid>'
    )
    items = [
        from_canvas("file_upload_question", ("Hand it in.", "")),
        from_canvas("text_only_question", ("Part one.", "")),
        from_canvas("fill_in_multiple_blanks_question", ("Say [a] to [b].", blank.format("a") + blank.format("b"))),
    ]
    entries = read(CANVAS.format(items="".join(items)).encode(), "canvas.xml", language="en").entries
    assert all(isinstance(entry, Refused) for entry in entries)
    found = [(entry.label, entry.reason.code) for entry in entries]
    assert found == [("Hand it in.", "other_type"), ("Part one.", "description"), ("Say [a] to [b].", "several_parts")]
