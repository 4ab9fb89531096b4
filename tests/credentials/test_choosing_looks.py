"""CE1: a programme and an organisation choose their look; a template is retired by two people and what was issued keeps its look."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.credentials import queries_of_choices as choices
from academy.credentials import queries_of_templates as queries
from academy.credentials import services_of_choosing as services
from academy.credentials import services_of_templates as templates
from academy.credentials.models import CertificateTemplate
from academy.credentials.models_of_templates import DRAFT, PUBLISHED
from academy.credentials.queries_of_choices import place_of
from academy.credentials.rules_of_looks import Look
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories import programmes as make
from tests.factories import templates as factory

LIST = "/admin/certificates/templates"


@pytest.fixture(autouse=True)
def today(app):
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def at(made, rest: str = "") -> str:
    return f"{LIST}/{made.key}{rest}"


def retired(made):
    services.ask_to_retire(made.id, "قديم", actor_id=people.administrator().id, at=NOW)
    seen = services.uses_seen(choices.uses_of(made.id))
    services.agree_to_retire(made.id, seen=seen, actor_id=people.administrator().id, at=NOW)
    return made


def look_of(place) -> int | None:
    version = choices.version_chosen(place)
    return db.session.get(queries.TemplateVersion, version).template_id if version else None


# --- Choosing --------------------------------------------------------------------------------------------------


def test_ce1_a_programmes_own_template_comes_before_its_organisations():
    home = people.organisation()
    programme, course = make.programme(home), catalogue.course(home)
    own, theirs, house = factory.published(home), factory.published(home), factory.published()
    services.use_for(house.id, organisation_id=None, actor_id=1, at=NOW)
    assert look_of(place_of(programme)) == house.id
    services.choose(place_of(home), theirs.key, actor_id=1, at=NOW)
    assert look_of(place_of(programme)) == theirs.id
    services.choose(place_of(programme), own.key, actor_id=1, at=NOW)
    assert look_of(place_of(programme)) == own.id
    assert look_of(place_of(course)) == theirs.id, "a programme's choice reached a course"
    services.choose(place_of(programme), "", actor_id=1, at=NOW)
    assert look_of(place_of(programme)) == theirs.id


def test_ce1_whoever_keeps_a_programme_chooses_among_its_templates(visit):
    home, other = people.organisation(), people.organisation()
    programme = make.programme(home)
    own, house, foreign = factory.published(home), factory.published(), factory.published(other)
    address = f"/manage/programmes/{programme.key}/certificate-template"
    browser = visit(people.trainer(home))
    offered = {box["value"] for box in browser.get(address).select("input[name=template]")}
    assert offered == {"", own.key, house.key}
    assert browser.get(f"/manage/programmes/{programme.key}").find("a", href=address)
    browser.post(address, {"template": foreign.key}, 422)
    browser.post(address, {"template": own.key})
    assert choices.chosen_for(place_of(programme)) == own.key
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.act == "credentials:template:choose_for_programme" and entry.after == {"template": own.key}
    visit(people.trainer(other)).get(address, 404)
    visit(people.person(of=home)).get(address, 404)


def test_ce1_a_partner_chooses_its_look_on_its_own_page(visit):
    home, other = people.organisation(kind="partner"), people.organisation(kind="partner")
    own, house, foreign = factory.published(home), factory.published(), factory.published(other)
    address = f"/admin/organisations/{home.id}/certificate-template"
    browser = visit(people.administrator(home, everywhere=False))
    assert browser.get(f"/admin/organisations/{home.id}").find("a", href=address)
    offered = {box["value"] for box in browser.get(address).select("input[name=template]")}
    assert offered == {"", own.key, house.key}
    browser.post(address, {"template": foreign.key}, 422)
    browser.post(address, {"template": house.key})
    course = catalogue.course(home, gives_certificate=True)
    assert credentials.certificate(of=course).template_version_id == queries.newest(house.id, PUBLISHED).id
    browser.post(address, {"template": ""})
    assert credentials.certificate(of=course).template_version_id is None
    visit(people.administrator(other, everywhere=False)).get(address, 404)
    visit(people.manager(of=home)).get(address, 404)


def test_the_place_of_an_upright_certificate_is_kept_until_its_picture_is_there(visit):
    home = people.organisation()
    who, course = people.person(of=home), catalogue.course(home, gives_certificate=True)
    credentials.certificate(who, course)
    services.choose(place_of(home), factory.published(home, Look(shape="portrait")).key, actor_id=1, at=NOW)
    upright = credentials.certificate(who, catalogue.course(home, gives_certificate=True))
    page = visit(who).get("/certificates")
    sizes = {each["src"].split("/")[-1]: (each["width"], each["height"]) for each in page.select(".paper-picture img")}
    assert sizes.pop(f"{upright.number}.png") == ("794", "1123") and list(sizes.values()) == [("1123", "794")]


# --- Retiring --------------------------------------------------------------------------------------------------


def test_ce1_retiring_says_what_follows_and_takes_two(visit):
    home = people.organisation()
    course, programme = catalogue.course(home), make.programme(home)
    made, theirs, house = factory.published(home), factory.published(home), factory.published()
    services.use_for(house.id, organisation_id=None, actor_id=1, at=NOW)
    services.choose(place_of(home), theirs.key, actor_id=1, at=NOW)
    for place in (course, programme):
        services.choose(place_of(place), made.key, actor_id=1, at=NOW)
    before = credentials.certificate(of=course)
    one, other = people.administrator(), people.administrator()
    mine, others = visit(one), visit(other)
    assert mine.post(at(made, "/retire"), {"reason": ""}, 422).find(id="reason-error")
    page = mine.post(at(made, "/retire"), {"reason": "شعار قديم"})
    assert not page.find("form", action=at(made, "/retire/agree"))
    told = set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "template_to_retire")))
    assert other.id in told and one.id not in told
    mine.post(at(made, "/retire/agree"), {"uses": ""}, 403)
    assert look_of(place_of(course)) == made.id, "a proposal changed something"
    page = others.get(at(made))
    form = page.find("form", action=at(made, "/retire/agree"))
    assert "ما يترتب على السحب" in page.words and page.words.count("قالب") >= 2
    others.post(at(made, "/retire/agree"), {"uses": form.find("input", attrs={"name": "uses"})["value"]})
    assert look_of(place_of(course)) == look_of(place_of(programme)) == theirs.id
    assert before.template_version_id == queries.newest(made.id, PUBLISHED).id, "what was issued lost its look"
    assert "سُحب القالب من الاستخدام" in others.get(at(made)).words
    assert made.key not in {card.key for card in choices.offered_to(place_of(course))}


def test_ce1_what_follows_names_the_next_look_of_each_place():
    home, bare = people.organisation(), people.organisation()
    made, theirs, house = factory.published(), factory.published(home), factory.published()
    for of, name in ((theirs, "قالب الجهة"), (house, "قالب الأكاديمية")):
        db.session.get(CertificateTemplate, of.id).name = factory.LocalizedText(name)
    services.use_for(theirs.id, organisation_id=home.id, actor_id=1, at=NOW)
    services.use_for(house.id, organisation_id=None, actor_id=1, at=NOW)
    for place in (catalogue.course(home), catalogue.course(bare), make.programme(home), bare):
        services.choose(place_of(place), made.key, actor_id=1, at=NOW)
    following = [row.next.ar for row in choices.uses_of(made.id)]
    assert following == ["قالب الجهة", "قالب الأكاديمية", "قالب الجهة", "قالب الأكاديمية"]
    assert [row.next for row in choices.uses_of(house.id)] == [None]


def test_ce1_nobody_agrees_to_what_has_changed_since_they_looked():
    made, course = factory.published(), catalogue.course()
    services.ask_to_retire(made.id, "قديم", actor_id=people.administrator().id, at=NOW)
    seen = services.uses_seen(choices.uses_of(made.id))
    services.choose(place_of(course), made.key, actor_id=1, at=NOW)
    with pytest.raises(templates.ChangedMeanwhile):
        services.agree_to_retire(made.id, seen=seen, actor_id=people.administrator().id, at=NOW)
    services.keep(made.id, actor_id=1, at=NOW)
    with pytest.raises(Conflict):
        services.agree_to_retire(made.id, seen="", actor_id=2, at=NOW)


def test_ce1_nothing_of_a_retired_template_changes_any_more(visit):
    made, home = factory.edited(factory.published(), Look(accent="#5a2a6b")), people.organisation()
    templates.save_draft(made.id, templates.Edit(factory.NAME, Look()), seen=0, actor_id=1, at=NOW)
    retired(made)
    assert queries.newest(made.id, DRAFT) is None
    acts = (
        lambda: templates.save_draft(made.id, templates.Edit(factory.NAME, Look()), seen=0, actor_id=1, at=NOW),
        lambda: services.use_for(made.id, organisation_id=home.id, actor_id=1, at=NOW),
        lambda: services.ask_to_retire(made.id, "x", actor_id=1, at=NOW),
    )
    for act in acts:
        with pytest.raises(templates.TemplateRetired):
            act()
    with pytest.raises(Invalid):
        services.choose(place_of(home), made.key, actor_id=1, at=NOW)
    browser = visit(people.administrator())
    browser.get(at(made, "/versions/2.png"))
    browser.get(at(made, "/draft"), 302)
    assert browser.response.location == at(made)
    browser.post(at(made, "/draft"), factory.form(0))
    browser.post(at(made, "/uses"), {"organisation": ""}, 422)


def test_ce1_one_of_which_nothing_is_published_needs_no_second_person(visit):
    made = factory.template()
    visit(people.administrator()).post(at(made, "/retire"), {"reason": "خطأ"})
    assert db.session.get(CertificateTemplate, made.id).retired_at


def test_ce1_only_whoever_looks_after_a_template_retires_it(visit):
    made = factory.published()
    for who in (people.trainer(), people.manager(), people.administrator(people.organisation(), everywhere=False)):
        for act in ("/retire", "/retire/agree", "/retire/keep"):
            visit(who).post(at(made, act), {"reason": "x"}, 404)
    assert made.retire_asked_at is None


def test_ce1_the_database_holds_that_a_retirement_was_asked_and_made_by_somebody():
    made = factory.published()
    for values in (
        {"retired_at": NOW},
        {"retired_at": NOW, "retired_by_id": 1},
        {"retire_asked_at": NOW - timedelta(1)},
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(CertificateTemplate).where(CertificateTemplate.id == made.id).values(**values))
