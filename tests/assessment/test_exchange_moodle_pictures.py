"""AS3, AS20: labels on a picture come from Moodle and go there, the picture inside the question."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.assessment.exchange import Refused, Taken, read
from academy.assessment.models import QuestionVersion
from academy.base.db import db
from tests.assessment.test_bank_exchange import Place, upload
from tests.assessment.test_exchange_every_type import IMAGE, ORDINARY, PICTURES, back, contents, essence, picture

pytestmark = pytest.mark.usefixtures("app")
PIXELS = base64.b64encode(picture(600, 400)).decode()
# As question/type/ddimageortext/questiontype.php and question/type/ddmarker/questiontype.php of Moodle write them.
ONTO = """<?xml version="1.0" encoding="UTF-8"?><quiz><question type="category"><category><text>$course$/top/Halls</text>
</category></question><question type="ddimageortext"><name><text>The service hall</text></name><questiontext format="html">
<text><![CDATA[<p>Where does each belong?</p>]]></text></questiontext><generalfeedback format="html"><text></text>
</generalfeedback><defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden><idnumber></idnumber>
<shuffleanswers>0</shuffleanswers><correctfeedback format="html"><text></text></correctfeedback>
<file name="hall.png" encoding="base64">{file}</file>
<drag><no>1</no><text>Queue</text><draggroup>1</draggroup></drag><drag><no>2</no><text>Desk</text><draggroup>1</draggroup>
</drag><drag><no>3</no><text>Garage</text><draggroup>1</draggroup><infinite/></drag>
<drop><text></text><no>1</no><choice>2</choice><xleft>60</xleft><ytop>100</ytop></drop>
<drop><text></text><no>2</no><choice>1</choice><xleft>300</xleft><ytop>390</ytop></drop></question></quiz>"""
MARKERS = (
    ONTO.replace('type="ddimageortext"', 'type="ddmarker"')
    .replace("<xleft>60</xleft><ytop>100</ytop>", "<shape>circle</shape><coords>60,100;20</coords>")
    .replace("<xleft>300</xleft><ytop>390</ytop>", "<shape>rectangle</shape><coords>200,100;100,40</coords>")
)


def test_labels_go_out_to_moodle_and_come_back_with_their_picture():
    @ORDINARY
    @given(content=contents("drag_on_image"), language=st.sampled_from(("ar", "en")))
    def holds(content, language):
        question = Taken("drag_on_image", content, key="q1", points=4)
        entry, said, reading = back(question, "moodle", language)
        assert set(said) - {"scored_in_parts"} == {"spots_as_corners", "picture_words_ours"}
        assert essence(entry.content, "drag_on_image") == essence(content, "drag_on_image") and entry.points == 4
        assert entry.content["image"] | {"key": IMAGE["key"]} == IMAGE and entry.notes == ()
        assert list(reading.pictures.values()) == [PICTURES[IMAGE["key"]]]

    holds()


@pytest.mark.parametrize(
    ("file", "spots", "told"),
    [
        (ONTO, [[100, 250], [500, 975]], "corners_as_spots"),
        (MARKERS, [[100, 250], [417, 300]], "zones_as_spots"),
    ],
)
def test_what_moodle_exports_becomes_labels_on_a_picture(visit, file, spots, told):
    """After a preview that shows what changes; the picture is kept with the bank."""
    place = Place()
    page = visit(place.trainer)
    plan_id = upload(page, place, file.replace("{file}", PIXELS).encode(), "hall.xml")
    shown = page.get(f"/bank/import/{plan_id}")
    assert "لا يتضمن الملف وصفًا للصورة" in shown.words and shown.select("img")
    page.post(f"/bank/import/{plan_id}/apply", {"take": "0", "categories": "yes"})
    version = db.session.scalars(select(QuestionVersion)).one()
    content = version.content
    assert [spot["at"] for spot in content["spots"]] == spots
    labels = {label["id"]: label["text"]["en"] for label in content["labels"]}
    assert [labels[content["answer"][spot["id"]]] for spot in content["spots"]] == ["Desk", "Queue"]
    assert (version.type, content["image"]["width"], content["image"]["alt"]["ar"]) == (
        "drag_on_image", 600, "The service hall",
    )  # fmt: skip
    (entry,) = read(file.replace("{file}", PIXELS).encode(), "hall.xml").entries
    assert told in [note.code for note in entry.notes]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{file}", base64.b64encode(b"<svg onload='alert(1)'/>").decode(), "picture_broken"),
        ("{file}", "%%%", "picture_broken"),
        ("{file}", "", "picture_broken"),
        ('encoding="base64"', 'encoding="rot13"', "picture_broken"),
        ('<file name="hall.png" encoding="base64">{file}</file>', "", "no_picture"),
        ("<draggroup>1</draggroup>", '<file name="a.png" encoding="base64">{file}</file>', "image"),
        ("<xleft>60</xleft>", "<xleft>6e9999</xleft>", "bad_numbers"),
        ("<choice>2</choice>", "<choice>0</choice>", "no_label"),
        ("<choice>2</choice>", "<choice>1</choice>", "label_twice"),
    ],
)
def test_a_picture_question_that_cannot_be_taken_is_refused_with_its_reason(old, new, reason):
    (entry,) = read(ONTO.replace(old, new, 1).replace("{file}", PIXELS).encode(), "hall.xml").entries
    assert isinstance(entry, Refused) and entry.reason.code == reason and entry.reason.sentence
