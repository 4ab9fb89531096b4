"""CE1 on the pages: the editor says what is wrong at its field, the preview keeps nothing, and the wrong person is refused."""

from io import BytesIO

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from academy.base.db import db
from academy.credentials import queries_of_templates as queries
from academy.credentials import services_of_choosing as choosing
from academy.credentials.models import CertificateTemplate
from academy.credentials.models_of_templates import DRAFT, PUBLISHED
from academy.credentials.queries_of_choices import chosen_for, place_of
from academy.credentials.rules_of_looks import Look
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories import templates as factory

LIST = "/admin/certificates/templates"


@pytest.fixture(autouse=True)
def today(app):
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def at(made, rest: str = "") -> str:
    return f"{LIST}/{made.key}{rest}"


def test_ce1_from_a_name_to_a_certificate_in_the_new_look(visit):
    editor, second = people.administrator(), people.administrator()
    mine, theirs = visit(editor), visit(second)
    assert "لا توجد قوالب بعد" in mine.get(LIST).words
    page = mine.post(f"{LIST}/new", {"name-ar": "قالب الأكاديمية", "name-en": "", "organisation": ""})
    assert mine.response.request.path.endswith("/draft") and page.find("input", attrs={"name": "accent"})
    made = db.session.scalars(select(CertificateTemplate)).one()
    sent = {**factory.form(accent="#5a2a6b"), "seal": (BytesIO(factory.picture()), "seal.png")}
    mine.post(at(made, "/draft"), sent, content_type="multipart/form-data")
    page = mine.post(at(made, "/ask"), {"revision": "1"})
    assert "اعتمدها شخص آخر" not in page.words and not page.find("form", action=at(made, "/publish"))
    assert theirs.get(at(made)).find("form", action=at(made, "/publish"))
    page = theirs.post(at(made, "/publish"), {"revision": "1"})
    assert "منشور" in page.words
    theirs.post(at(made, "/uses"), {"organisation": ""})
    row = credentials.certificate()
    assert row.template_version_id == queries.newest(made.id, PUBLISHED).id
    holder = visit(db.session.get(people.Person, row.holder_id))
    holder.get(f"/certificates/{row.number}.pdf")
    assert holder.response.get_data().startswith(b"%PDF-")
    page = theirs.get(at(made))
    use = page.find("form", action=lambda action: action and action.endswith("/stop"))["action"]
    theirs.post(use)
    assert credentials.certificate().template_version_id is None


def test_ce1_the_last_editor_who_sends_the_approval_anyway_is_refused(visit):
    editor = people.administrator()
    made = factory.template(by=editor.id)
    people.administrator()
    browser = visit(editor)
    page = browser.post(at(made, "/ask"), {"revision": "1"})
    assert "أنت آخر من حرّر هذه المسودة" in page.words
    browser.post(at(made, "/publish"), {"revision": "1"}, 403)
    assert queries.newest(made.id, PUBLISHED) is None


def test_ce1_whoever_keeps_templates_alone_is_told_that_it_takes_two(visit):
    editor = people.administrator()
    made = factory.template(by=editor.id)
    assert "لا يوجد شخص آخر يستطيع اعتماد هذه المسودة" in visit(editor).get(at(made)).words


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"closing-en": "{holdr} was here"}, "closing-en"),
        ({"lead-ar": "{رقم الهوية}"}, "lead-ar"),
        ({"accent": "#eeeeee"}, "accent"),
        ({"paper": "javascript:1"}, "paper"),
        ({"heading-ar": "", "heading-en": ""}, "heading-ar"),
        ({"shape": "a3"}, "shape"),
    ],
)
def test_ce1_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(visit, given, field):
    made = factory.template()
    page = visit(people.administrator()).post(at(made, "/draft"), factory.form(1, **given), 422)
    assert page.find(id=f"{field}-error")
    assert queries.newest(made.id, DRAFT).revision == 1


def test_ce1_a_file_that_is_no_picture_is_refused_at_its_field(visit):
    made = factory.template()
    sent = {**factory.form(1), "logo": (BytesIO(b"<svg onload='x'/>"), "x.png")}
    page = visit(people.administrator()).post(at(made, "/draft"), sent, 422, content_type="multipart/form-data")
    assert page.find(id="logo-error")


def test_ce1_the_preview_draws_what_is_typed_and_keeps_nothing(visit):
    made = factory.template()
    browser = visit(people.administrator())
    first = browser.post(at(made, "/draft/preview"), factory.form(1))
    second = browser.post(at(made, "/draft/preview"), factory.form(1, accent="#5a2a6b", shape="portrait"))
    pictures = [page.find("img")["src"] for page in (first, second)]
    assert all(each.startswith("data:image/png;base64,") for each in pictures) and pictures[0] != pictures[1]
    assert queries.newest(made.id, DRAFT).revision == 1
    wrong = browser.post(at(made, "/draft/preview"), factory.form(1, **{"middle-en": "{mode}"}))
    assert "{mode}" in wrong.words and not wrong.find("img")


def test_ce1_two_who_edit_at_once_do_not_overwrite_each_other(visit):
    made = factory.template()
    browser = visit(people.administrator())
    browser.post(at(made, "/draft"), factory.form(1, accent="#5a2a6b"))
    browser.post(at(made, "/draft"), factory.form(1, accent="#114530"), 409)
    assert queries.newest(made.id, DRAFT).look["accent"] == "#5a2a6b"


def test_ce1_the_picture_and_the_pdf_of_a_version_are_a_sample(visit):
    made = factory.published(look=Look(shape="portrait"))
    browser = visit(people.administrator())
    browser.get(at(made, "/versions/1.png"))
    assert Image.open(BytesIO(browser.response.get_data())).size == (794, 1123)
    browser.get(at(made, "/versions/1.pdf"))
    assert browser.response.get_data().startswith(b"%PDF-")
    browser.get(at(made, "/versions/9.png"), 404)


def test_ce1_a_draft_can_be_thrown_away(visit):
    made = factory.template()
    visit(people.administrator()).post(at(made, "/discard"), {"revision": "1"})
    assert queries.newest(made.id, DRAFT) is None


# --- Who may -----------------------------------------------------------------------------------------------


def test_ce1_an_organisations_administrator_has_its_own_templates_and_no_others(visit):
    home, other = people.organisation(kind="partner"), people.organisation()
    own, foreign, house = factory.published(home), factory.published(other), factory.published()
    browser = visit(people.administrator(home, everywhere=False))
    keys = {link["href"].rsplit("/", 1)[1] for link in browser.get(LIST).select(".look-card h2 a")}
    assert keys == {own.key}
    for made in (foreign, house):
        browser.get(at(made), 404)
        browser.get(at(made, "/draft"), 404)
        browser.post(at(made, "/publish"), {"revision": "1"}, 404)
        browser.post(at(made, "/uses"), {"organisation": str(home.id)}, 404)
    browser.get(at(foreign, "/versions/1.png"), 404)
    browser.post(f"{LIST}/new", {"name-ar": "قالب", "name-en": "", "organisation": ""}, 422)
    browser.post(f"{LIST}/new", {"name-ar": "قالب", "name-en": "", "organisation": str(other.id)}, 422)


def test_ce1_learners_managers_and_trainers_make_no_templates(app, browser, visit):
    made = factory.template()
    for who in (people.person(), people.manager(), people.trainer()):
        visitor = visit(who)
        visitor.get(LIST, 403)
        visitor.get(at(made), 404)
        visitor.get(at(made, "/versions/1.png"), 404)
    browser.get(LIST, 302)


def test_ce1_whoever_edits_a_course_chooses_among_its_templates(visit):
    home, other = people.organisation(), people.organisation()
    course = catalogue.course(home)
    own, house, foreign = factory.published(home), factory.published(), factory.published(other)
    address = f"/teach/{course.key}/certificate-template"
    browser = visit(people.administrator(home, everywhere=False))
    offered = {box["value"] for box in browser.get(address).select("input[name=template]")}
    assert offered == {"", own.key, house.key}
    visit(people.trainer(home)).get(at(own, "/versions/1.png"))
    browser.post(address, {"template": foreign.key}, 422)
    browser.post(address, {"template": own.key})
    assert chosen_for(place_of(course)) == own.key
    visit(people.trainer(other)).get(address, 404)


def test_ce1_the_pages_ask_as_often_for_one_template_as_for_many(visit, statements):
    root = people.administrator()
    made = factory.published()
    browser = visit(root)
    counts = []
    for more in (0, 4):
        for _ in range(more):
            choosing.use_for(factory.published().id, organisation_id=people.organisation().id, actor_id=1, at=NOW)
            factory.edited(made, Look(accent="#5a2a6b"))
        found = []
        for address in (LIST, at(made), at(made, "/draft")):
            browser.get(address)
            with statements() as seen:
                browser.client.get(address)
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 14
