"""CE1, P6, R20, R21: two people see every look, what was issued keeps its own, and the nearest choice holds."""

from dataclasses import replace

import pytest
import time_machine
from sqlalchemy import func, select, update

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.base.text import LocalizedText
from academy.credentials import papers
from academy.credentials import queries_of_templates as queries
from academy.credentials import services_of_choosing as choosing
from academy.credentials import services_of_templates as services
from academy.credentials.drawing import draw as draw_built_in
from academy.credentials.models import (
    Certificate,
    CertificateIsFrozen,
    TemplatePicture,
    TemplateUse,
    TemplateVersion,
)
from academy.credentials.models_of_templates import DRAFT, PUBLISHED, TemplateIsFrozen
from academy.credentials.queries_of_choices import place_of
from academy.credentials.rules import CertificateFacts
from academy.credentials.rules_of_looks import Look
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories import templates as factory

VIOLET = Look(accent="#5a2a6b")
UPRIGHT = Look(shape="portrait", pattern="frame")


@pytest.fixture(autouse=True)
def today(app):
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def choose(made, *, course=None, of=None):
    if course:
        choosing.choose(place_of(course), made.key, actor_id=1, at=NOW)
    else:
        choosing.use_for(made.id, organisation_id=of.id if of else None, actor_id=1, at=NOW)
    return made


def home_of(course):
    return db.session.get(people.Organisation, course.organisation_id)


def version_of(row: Certificate) -> TemplateVersion | None:
    return db.session.get(TemplateVersion, row.template_version_id) if row.template_version_id else None


def drawn(row: Certificate) -> bytes:
    return papers.paper(CertificateFacts.from_json(row.facts), "pdf", queries.design_of(row.template_version_id))


# --- Which look ------------------------------------------------------------------------------------------


def test_ce1_without_any_template_the_usual_look_stands():
    row = credentials.certificate()
    assert row.template_version_id is None
    assert drawn(row) == draw_built_in(CertificateFacts.from_json(row.facts))


def test_ce1_the_course_comes_before_its_organisation_and_that_before_the_academy():
    course = catalogue.course(gives_certificate=True)
    house, own, mine = factory.published(), factory.published(), factory.published()
    found = []
    for act in (lambda: choose(house), lambda: choose(own, of=home_of(course)), lambda: choose(mine, course=course)):
        act()
        found.append(version_of(credentials.certificate(of=course)).template_id)
    assert found == [house.id, own.id, mine.id]
    choosing.choose(place_of(course), "", actor_id=1, at=NOW)
    assert version_of(credentials.certificate(of=course)).template_id == own.id


def test_ce1_a_template_of_one_organisation_is_never_used_for_another():
    home, other = people.organisation(), people.organisation(kind="partner")
    made, course = factory.published(home), catalogue.course(other)
    for of in (other.id, None):
        with pytest.raises(Invalid):
            choosing.use_for(made.id, organisation_id=of, actor_id=1, at=NOW)
    with pytest.raises(Invalid):
        choosing.choose(place_of(course), made.key, actor_id=1, at=NOW)
    choose(made, of=home)
    assert credentials.certificate(of=course).template_version_id is None


def test_ce1_a_draft_alone_cannot_be_used():
    made, course = factory.template(), catalogue.course()
    with pytest.raises(Conflict):
        choose(made)
    with pytest.raises(Invalid):
        choose(made, course=course)


# --- What was issued keeps its look ------------------------------------------------------------------------


def test_ce1_what_was_issued_keeps_its_look_byte_for_byte():
    course = catalogue.course()
    before = credentials.certificate(of=course)
    first_bytes = drawn(before)
    made = choose(factory.published(look=VIOLET, seal=factory.picture()), course=course)
    old = credentials.certificate(of=course)
    old_bytes = drawn(old)
    factory.edited(made, UPRIGHT, seal=factory.picture(colour="#aa0000"))
    new = credentials.certificate(of=course)
    assert [version_of(row) and version_of(row).number for row in (before, old, new)] == [None, 1, 2]
    papers.press_of_looks.cache_clear()
    assert drawn(before) == first_bytes and drawn(old) == old_bytes and drawn(new) not in (old_bytes, first_bytes)
    choosing.choose(place_of(course), "", actor_id=1, at=NOW)
    assert drawn(old) == old_bytes


def test_ce1_a_certificate_never_moves_to_another_version():
    made = choose(factory.published())
    row = credentials.certificate()
    factory.edited(made, VIOLET)
    row.template_version_id = queries.newest(made.id, PUBLISHED).id
    with pytest.raises(CertificateIsFrozen):
        db.session.flush()


@pytest.mark.parametrize(
    "change",
    [
        lambda version: setattr(version, "look", VIOLET.as_json()),
        lambda version: setattr(version, "state", DRAFT),
        lambda version: setattr(version, "published_by_id", 5),
        lambda version: db.session.add(
            TemplatePicture(version_id=version.id, place="logo", media_type="image/png", width=1, height=1, data=b"x")
        ),
        lambda version: db.session.delete(queries.pictures_of(version.id)[0]),
    ],
)
def test_ce1_a_published_version_never_changes(change):
    version = queries.newest(factory.published(seal=factory.picture()).id, PUBLISHED)
    change(version)
    with pytest.raises(TemplateIsFrozen):
        db.session.flush()
    db.session.rollback()


def test_ce1_editing_begins_the_next_draft_with_what_is_published():
    made = factory.published(look=VIOLET, seal=factory.picture())
    design, revision = services.start_of(made.id)
    assert (design.look, revision, set(design.pictures)) == (VIOLET, 0, {"seal"})
    edit = services.Edit(factory.NAME, UPRIGHT, {"logo": (factory.picture(), "x.png")}, {"seal"})
    draft = services.save_draft(made.id, edit, seen=0, actor_id=1, at=NOW)
    assert (draft.number, draft.state) == (2, DRAFT)
    assert {row.place for row in queries.pictures_of(draft.id)} == {"logo"}
    services.discard(made.id, seen=1, actor_id=1, at=NOW)
    assert queries.newest(made.id, DRAFT) is None and services.start_of(made.id)[0].look == VIOLET


# --- Two people --------------------------------------------------------------------------------------------


def test_ce1_whoever_edited_last_cannot_approve_and_anybody_else_can():
    one, other = people.administrator(), people.administrator()
    made = factory.template(by=one.id)
    services.save_draft(made.id, services.Edit(factory.NAME, VIOLET), seen=1, actor_id=other.id, at=NOW)
    services.ask(made.id, seen=2, actor_id=one.id, at=NOW)
    with pytest.raises(services.SamePerson):
        services.publish(made.id, seen=2, actor_id=other.id, at=NOW)
    assert queries.newest(made.id, PUBLISHED) is None
    services.publish(made.id, seen=2, actor_id=one.id, at=NOW)
    act, after = db.session.execute(
        select(AuditEntry.act, AuditEntry.after).order_by(AuditEntry.id.desc()).limit(1)
    ).one()
    assert act == "credentials:template:publish" and after["version"] == 1


def test_ce1_a_second_membership_of_one_human_being_is_no_second_person():
    """CE1: who edited, or asked to retire, is not another person as a member of another organisation."""
    one, same, other = people.administrator(), people.administrator(people.organisation()), people.administrator()
    people.account(one, same)
    made = factory.template(by=one.id)
    assert queries.approvers(made, but=one.id) == [other.id]
    services.ask(made.id, seen=1, actor_id=one.id, at=NOW)
    with pytest.raises(services.SamePerson):
        services.publish(made.id, seen=1, actor_id=same.id, at=NOW)
    services.publish(made.id, seen=1, actor_id=other.id, at=NOW)
    choosing.ask_to_retire(made.id, "x", actor_id=one.id, at=NOW)
    with pytest.raises(choosing.SameHand):
        choosing.agree_to_retire(made.id, seen="", actor_id=same.id, at=NOW)
    choosing.agree_to_retire(made.id, seen="", actor_id=other.id, at=NOW)


def test_ce1_not_even_the_database_lets_one_person_do_both():
    made = factory.template(by=7)
    done = {"state": PUBLISHED, "published_at": NOW, "published_by_id": 7}
    with pytest.raises(Exception, match="two_people"):
        db.session.execute(update(TemplateVersion).where(TemplateVersion.template_id == made.id).values(**done))
    db.session.rollback()


def test_ce1_nobody_approves_what_they_have_not_seen():
    one, other = people.administrator(), people.administrator()
    made = factory.template(by=one.id)
    services.ask(made.id, seen=1, actor_id=one.id, at=NOW)
    services.save_draft(made.id, services.Edit(factory.NAME, VIOLET), seen=1, actor_id=one.id, at=NOW)
    with pytest.raises(services.ChangedMeanwhile):
        services.publish(made.id, seen=1, actor_id=other.id, at=NOW)
    with pytest.raises(Conflict):  # an edit takes the question back
        services.publish(made.id, seen=2, actor_id=other.id, at=NOW)
    with pytest.raises(services.ChangedMeanwhile):
        services.save_draft(made.id, services.Edit(factory.NAME, UPRIGHT), seen=1, actor_id=other.id, at=NOW)


def test_ce1_those_who_may_approve_are_told_and_the_editor_and_strangers_are_not():
    home, other = people.organisation(), people.organisation()
    editor, colleague = (people.administrator(home, everywhere=False) for _ in range(2))
    root, stranger = people.administrator(), people.administrator(other, everywhere=False)
    made = factory.template(home, by=editor.id)
    assert services.ask(made.id, seen=1, actor_id=editor.id, at=NOW) == 2
    told = set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "template_to_approve")))
    assert told == {colleague.id, root.id} and stranger.id not in told


def test_ce1_a_signature_says_whose_it_is():
    made = factory.template()
    edit = services.Edit(factory.NAME, Look(), {"signature_2": (factory.picture(), "x.png")})
    with pytest.raises(Invalid) as refusal:
        services.save_draft(made.id, edit, seen=1, actor_id=1, at=NOW)
    assert refusal.value.field == "signer_2_name"


@pytest.mark.parametrize("name", [LocalizedText(), LocalizedText("م" * 121)])
def test_ce1_a_template_has_a_name_that_fits(name):
    with pytest.raises(Invalid):
        services.create(name, organisation_id=None, actor_id=1, at=NOW)


def test_ce1_a_choice_is_one_for_each_place_and_can_be_taken_back():
    one, other = factory.published(), factory.published()
    choose(one)
    choose(other)
    (row,) = db.session.scalars(select(TemplateUse)).all()
    assert row.template_id == other.id
    choosing.stop_using(other.id, row.id, actor_id=1, at=NOW)
    assert db.session.scalar(select(func.count()).select_from(TemplateUse)) == 0


def test_ce1_the_paper_of_a_bad_certificate_stops_nobody_elses(monkeypatch):
    """R19: facts that cannot be drawn fail alone in a designed look too."""
    choose(factory.published(look=VIOLET))
    good, bad = credentials.certificate(), credentials.certificate()
    facts = CertificateFacts.from_json(bad.facts)
    with pytest.raises(papers.drawing.CannotDraw):
        papers.paper(
            replace(facts, verify_url="https://x.example/" + "x" * 4000),
            "pdf",
            queries.design_of(bad.template_version_id),
        )
    assert drawn(good).startswith(b"%PDF")
