"""The desk of those who keep programmes: made, changed, ordered and published in the browser; closed to everyone else."""

import pytest

from academy.accounts.models import Organisation
from academy.base.arabic import search_document
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.learning.models import IdentityConfirmation, ProgrammeStep
from academy.learning.queries import programmes as queries
from academy.learning.services import programmes as services
from tests.conftest import NOW, undone
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import programmes as make
from tests.factories.accounts import both
from tests.quick import again

BASE = "/manage/programmes"


def fields(name: str, said: str) -> dict:
    return {f"{name}-ar": said, f"{name}-en": said}


def outline(key: str) -> list[tuple[str, list[str]]]:
    version = queries.programme_desk(key).version
    return [(g.key, [s.key for s in g.steps]) for g in queries.plan_of(version.id, in_order=True).groups]


def test_a_trainer_makes_a_programme_from_nothing_and_publishes_it(app, visit):
    trainer = people.trainer(language="en")
    org = db.session.get(type(people.organisation()), trainer.organisation_id)
    course = catalogue.course(of=org, title=both("الأسس", "Foundations"), hours=3)
    desk = visit(trainer)
    assert "No programmes yet" in desk.get(BASE).words
    form = {**fields("title", "Way"), "key": "", "code": "W-1", "organisation": str(org.id), "audience": "employee"}
    page = desk.post(f"{BASE}/new", form)
    assert "Add its first group" in page.words and "No steps yet" in page.words
    assert [link["href"] for link in page.select("main .btn-primary")] == [f"{BASE}/way/groups"]
    assert "at least one required step" in desk.get(f"{BASE}/way/publish").words
    details = {
        **fields("title", "The way"),
        **fields("summary", "From start to end"),
        "hours": "12",
        "in_order": "y",
        "revision": "1",
    }
    desk.post(f"{BASE}/way/details", {**details, "validity_months": "24", "cpd_hours": "10", "reminders": "90, 30, 7"})
    desk.post(f"{BASE}/way/groups", {**fields("title", "Core")})
    assert len(desk.get(f"{BASE}/way/groups/g1/steps").select(".kind-links a")) == 7
    desk.post(f"{BASE}/way/groups/g1/steps", {"kind": "course", "course": str(course.id), "required": "y"})
    desk.post(f"{BASE}/way/groups/g1/steps", {"kind": "observation", **fields("title", "Seen at work")})
    desk.post(f"{BASE}/way/prerequisites", {"kind": "undertaking", **fields("title", "Pledge"), "renew_months": "12"})
    page = desk.get(f"{BASE}/way/publish")
    assert "Everything that is needed is there." in page.words
    assert "Version 1 has been published" in desk.post(f"{BASE}/way/publish").words
    version = queries.programme_desk("way").published
    assert (version.hours, version.validity_months, version.renewal) == (12, 24, {"cpd_hours": 10})
    steps = queries.steps_of(version.id)
    assert [(step.kind, step.required, step.hours) for step in steps] == [
        ("course", True, 3),
        ("observation", False, None),
    ]
    acts = [
        entry.act for entry in db.session.query(AuditEntry).filter_by(subject_type="programme").order_by(AuditEntry.id)
    ]
    assert acts == ["learning:programme:create", "learning:programme:publish"]


def test_a_code_is_one_programmes_in_its_organisation_and_refused_at_its_field(app, visit):
    trainer = people.trainer()
    org = db.session.get(Organisation, trainer.organisation_id)
    make.programme(of=org, code="CXP-F")
    make.programme(code="CXP-G")
    desk = visit(trainer)
    sent = {**fields("title", "Way"), "key": "", "code": "cxp-f", "organisation": str(org.id), "audience": "employee"}
    page = desk.post(f"{BASE}/new", sent, status=422)
    assert page.select_one("#code-error") and page.select_one("#code")["value"] == "cxp-f"
    desk.post(f"{BASE}/new", {**sent, "code": "CXP-G"})
    access = {"code": "CXP-F", "audience": "employee", "target_role": "", "revision": "1"}
    page = desk.post(f"{BASE}/way/access", access, status=422)
    assert page.select_one("#code-error") and page.select_one("#code")["value"] == "CXP-F"
    desk.post(f"{BASE}/way/access", {**access, "code": "CXP-H"})
    assert queries.programme_desk("way").programme.code == "CXP-H"


def test_what_was_typed_is_kept_and_explained_next_to_its_field(app, visit):
    programme = make.programme(published=False, key="draft")
    desk = visit(people.administrator(language="en"))
    page = desk.post(
        f"{BASE}/draft/details", {"title-ar": "", "title-en": "", "hours": "many", "revision": "1"}, status=422
    )
    assert "Enter a title" in page.words and page.select_one("#hours")["value"] == "many"
    assert "Enter a number" in desk.post(f"{BASE}/draft/groups", {"needed": "0"}, status=422).words
    page = desk.post(f"{BASE}/draft/groups/g1/steps", {"kind": "course", "course": "999999"}, status=422)
    assert "Choose a course from the list." in page.words
    page = desk.post(
        f"{BASE}/draft/groups/g1/steps", {"kind": "project", "note-en": "kept", "min_percent": "101"}, status=422
    )
    assert page.select_one("#note-en").get_text().strip() == "kept"
    assert "Enter a title" in desk.post(f"{BASE}/draft/prerequisites", {"kind": "sponsor"}, status=422).words
    for body in ({"kind": "dance"}, {}, {"kind": "course", "course": "x"}, {"kind": "course", "course": "9" * 40}):
        assert desk.post(f"{BASE}/draft/groups/g1/steps", body, status=None if body.get("course") is None else 422)
    assert outline("draft") == [("g1", ["s1"])] and programme.key == "draft"


def test_a_course_of_another_organisation_can_be_neither_offered_nor_smuggled_in(app, visit):
    """MT1: the title of a hidden course never reaches the desk of another organisation."""
    hidden = catalogue.course(of=people.organisation(), audience="organisation", title=both("كناري", "Canary"))
    _course, quiz = make.course_with_quiz(people.organisation(), audience="organisation", title=both("كناري", "Canary"))
    mine = people.organisation()
    make.programme(mine, published=False, key="mine")
    desk = visit(people.administrator(of=mine, everywhere=False))
    assert "كناري" not in desk.get(f"{BASE}/mine/groups/g1/steps?kind=course").words
    for body in ({"kind": "course", "course": str(hidden.id)}, {"kind": "quiz", "quiz": str(quiz.quiz_id)}):
        page = desk.post(f"{BASE}/mine/groups/g1/steps", body, status=422)
        assert "كناري" not in page.words
    assert outline("mine") == [("g1", ["s1"])]


def test_steps_and_groups_move_by_keys_and_by_drag(app, visit):
    of = people.organisation()
    courses = [make.for_course(catalogue.course(of=of)) for _ in range(3)]
    make.programme(of, groups=[(None, courses[:2]), (1, courses[2:])], published=False, key="moved")
    desk = visit(people.administrator())
    desk.post(f"{BASE}/moved/steps/order", {"key": "s2", "move": "down"})
    assert outline("moved") == [("g1", ["s1"]), ("g2", ["s2", "s3"])]
    desk.post(f"{BASE}/moved/groups/order", {"key": "g2", "move": "up"})
    assert outline("moved") == [("g2", ["s2", "s3"]), ("g1", ["s1"])]
    desk.post(f"{BASE}/moved/steps/order", {"plan": "g2:s3;g1:s1,s2"})
    desk.post(f"{BASE}/moved/groups/order", {"order": "g1,g2"})
    assert outline("moved") == [("g1", ["s1", "s2"]), ("g2", ["s3"])]
    for body in ({"plan": "g1:s1"}, {"plan": "g1:s1,s2,s9;g2:s3"}, {"plan": ""}):
        desk.post(f"{BASE}/moved/steps/order", body, status=409)
    desk.post(f"{BASE}/moved/groups/order", {"order": "g1,g1"}, status=409)
    desk.post(f"{BASE}/moved/steps/order", {"key": "s9", "move": "up"}, status=404)
    assert outline("moved") == [("g1", ["s1", "s2"]), ("g2", ["s3"])]


def test_steps_groups_and_prerequisites_are_changed_and_removed(app, visit):
    of = people.organisation()
    _course, quiz = make.course_with_quiz(of)
    make.programme(of, prerequisites=[make.PLEDGE, make.SPONSOR], published=False, key="kept")
    desk = visit(people.administrator(language="en"))
    desk.post(
        f"{BASE}/kept/groups/g1/steps",
        {"kind": "exam", **fields("title", "Final"), "quiz": str(quiz.quiz_id), "required": "y"},
    )
    assert "Final" in desk.get(f"{BASE}/kept").words
    desk.post(f"{BASE}/kept/steps/s2", {"kind": "exam", **fields("title", "Final exam"), "quiz": "0", "revision": "1"})
    step = db.session.query(ProgrammeStep).filter_by(key="s2").one()
    assert (step.quiz_id, step.required, step.title.en) == (None, False, "Final exam")
    stale = desk.post(
        f"{BASE}/kept/steps/s2", {"kind": "exam", **fields("title", "Older"), "revision": "1"}, status=409
    )
    assert "changed in the meantime" in stale.words
    desk.post(f"{BASE}/kept/prerequisites/order", {"key": "p2", "move": "up"})
    desk.post(f"{BASE}/kept/prerequisites/p2", {"kind": "undertaking", **fields("title", "Backed"), "revision": "1"})
    version = queries.programme_desk("kept").version
    assert [(each.key, each.kind, each.title.en) for each in queries.prerequisites_of(version.id)] == [
        ("p2", "sponsor", "Backed"), ("p1", "undertaking", "Pledge"),
    ]  # fmt: skip
    desk.post(f"{BASE}/kept/groups/g1", {**fields("title", "Any of"), "needed": "1", "revision": "1"})
    desk.post(f"{BASE}/kept/steps/s2/remove")
    desk.post(f"{BASE}/kept/prerequisites/p1/remove")
    assert outline("kept") == [("g1", ["s1"])] and queries.groups_of(version.id)[0].needed == 1
    desk.post(f"{BASE}/kept/groups/g1/remove")
    assert outline("kept") == []


def test_a_published_programme_is_edited_as_a_draft_whose_differences_are_told(app, visit):
    make.programme(prerequisites=[make.PLEDGE], key="next")
    desk = visit(people.administrator(language="en"))
    assert "never changes" in desk.get(f"{BASE}/next").words
    desk.post(f"{BASE}/next/groups", {**fields("title", "More")}, status=409)
    desk.post(f"{BASE}/next/draft")
    desk.post(f"{BASE}/next/groups", {**fields("title", "More")})
    desk.post(f"{BASE}/next/groups/g2/steps", {"kind": "project", **fields("title", "A change"), "required": "y"})
    desk.post(f"{BASE}/next/prerequisites/p1/remove")
    words = desk.get(f"{BASE}/next/publish").words
    assert "Group added" in words and "Step added" in words and "Prerequisite removed" in words
    assert "learners see it as not yet available" in words
    assert "The draft has been discarded" in desk.post(f"{BASE}/next/draft/discard").words
    assert outline("next") == [("g1", ["s1"])]
    desk.post(f"{BASE}/next/publish", status=409)


def test_whom_it_is_for_takes_effect_at_once_and_leaves_a_trace(app, visit):
    make.programme(key="open", audience="employee")
    desk = visit(people.administrator(language="en"))
    desk.post(f"{BASE}/open/access", {"audience": "any", "code": "N-1", "target_role": "", "revision": "1"})
    entry = db.session.query(AuditEntry).filter_by(act="learning:programme:edit").one()
    assert (entry.before["audience"], entry.after["audience"]) == ("employee", "any")
    desk.post(f"{BASE}/open/access", {"audience": "world", "revision": "2"}, status=422)
    desk.post(f"{BASE}/open/retire")
    assert "Bring the programme back" in desk.get(f"{BASE}/open/access").words
    desk.post(f"{BASE}/open/retire", {"act": "bring-back"})
    assert queries.programme_desk("open").programme.retired_at is None


# --- Participants ----------------------------------------------------------------------------


@pytest.fixture
def shared(app):
    """An agency's programme for all, with people of the agency and of two partners in it."""
    agency, partner, other = people.organisation(), people.organisation("partner"), people.organisation("partner")
    programme = make.programme(agency, audience="any", prerequisites=[make.IDENTITY], key="shared")
    names = {agency: "كناري-أ", partner: "كناري-ب", other: "كناري-ج"}
    learners = {
        of: people.person(of=of, name=both(name, name), search_text=search_document(name)) for of, name in names.items()
    }
    for learner in learners.values():
        make.place(programme, learner)
    return agency, partner, other, learners


def test_participants_are_seen_organisation_by_organisation(shared, visit):
    """MT1: a partner's administrator sees the partner's people, never those of another."""
    agency, partner, other, _learners = shared
    seen = {
        "root": (people.administrator(), "أبج"),
        "agency": (people.administrator(of=agency, everywhere=False), "أ"),
        "trainer": (people.trainer(of=agency), "أ"),
        "partner": (people.administrator(of=partner, everywhere=False), "ب"),
        "other": (people.administrator(of=other, everywhere=False), "ج"),
    }
    for name, (who, letters) in seen.items():
        visitor = visit(who)
        for query in ("", "?q=كناري", "?state=pending"):
            words = visitor.get(f"{BASE}/shared/participants{query}").words
            assert {letter for letter in "أبج" if f"كناري-{letter}" in words} == set(letters), (name, query)
    for who in (people.person(of=agency), people.trainer(of=partner), people.manager(people.org_unit(agency))):
        visit(who).get(f"{BASE}/shared/participants", status=404)


def test_participants_stand_among_the_tabs_of_their_programme_for_whoever_keeps_it(shared, visit):
    agency, partner, *_rest = shared
    page = visit(people.administrator(of=agency, everywhere=False)).get(f"{BASE}/shared/participants")
    assert page.select_one(".tabs a[aria-current]")["href"] == f"{BASE}/shared/participants"
    assert f"{BASE}/shared/details" in [link["href"] for link in page.select(".tabs a")]
    partners = visit(people.administrator(of=partner, everywhere=False)).get(f"{BASE}/shared/participants")
    assert not partners.select(".tabs")


def test_an_identity_is_confirmed_by_its_own_administrator_only(shared, visit):
    agency, partner, other, learners = shared
    learner = learners[partner]
    path = f"{BASE}/shared/participants/{learner.id}/identity"
    for wrong in (
        people.administrator(of=agency, everywhere=False),
        people.administrator(of=other, everywhere=False),
        learner,
    ):
        visit(wrong).get(path, status=404)
        visit(wrong).post(path, {"method": "x"}, status=404)
        visit(wrong).post(f"{path}/withdraw", status=404)
    desk = visit(people.administrator(of=partner, everywhere=False, language="en"))
    assert "Say how the identity was verified" in desk.post(path, {"method": " "}, status=422).words
    page = desk.post(path, {"method": "بطاقة الهوية"})
    assert "Confirmed" in page.words and "In progress" in page.words
    assert db.session.query(IdentityConfirmation).one().person_id == learner.id
    assert "taken back" in desk.post(f"{path}/withdraw").words
    desk.post(f"{path}/withdraw", status=404)


def test_nobody_confirms_themself_and_nobody_who_is_not_in_the_programme_is_confirmed(shared, visit):
    agency, *_rest = shared
    admin = people.administrator(of=agency, everywhere=False)
    services.join_programme(admin.id, queries.programme_by_key("shared").id, at=NOW)
    desk = visit(admin)
    for person in (admin, people.person(of=agency)):
        desk.post(f"{BASE}/shared/participants/{person.id}/identity", {"method": "x"}, status=404)
    assert db.session.query(IdentityConfirmation).count() == 0


# --- Measures and wrong people ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def big(the_app):
    """An organisation with a programme of eight steps and twelve places, beside twelve others."""
    with undone(the_app):
        of = people.organisation()
        steps = [make.for_course(catalogue.course(of=of)) for _ in range(8)]
        programme = make.programme(
            of, groups=[(None, steps[:4]), (2, steps[4:])], prerequisites=[make.PLEDGE, make.IDENTITY], key="big"
        )
        for _ in range(12):
            make.place(programme, people.person(of=of))
            make.programme(of)
        services.programme_draft(programme, at=NOW)
        db.session.commit()
        yield of


@pytest.mark.parametrize(
    "path", ["", "/big", "/big/details", "/big/access", "/big/publish", "/big/participants", "/big/steps/s1"]
)
def test_the_desk_needs_eight_statements_however_much_there_is(big, visit, statements, path):
    visitor = visit(people.administrator(of=again(big), everywhere=False))
    with statements() as seen:
        visitor.get(f"{BASE}{path}")
    assert len(seen) <= 8, "\n".join(seen)


def test_every_door_of_a_desk_is_closed_to_the_wrong_people(app, visit):
    agency, partner = people.organisation(), people.organisation("partner")
    make.programme(
        agency,
        prerequisites=[make.PLEDGE],
        title=both("كناري-أ", "Canary"),
        published=False,
        key="closed",
        audience="any",
    )
    parts = {"programme_key": "closed", "group_key": "g1", "step_key": "s1", "prerequisite_key": "p1", "person_id": 1}
    doors = [
        (rule, rule.methods)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{BASE}/<programme_key>") and "participants/<" not in rule.rule
    ]
    assert len(doors) > 18
    before = outline("closed")
    wrong = (
        people.person(of=agency), people.manager(people.org_unit(agency)), people.trainer(of=partner), people.trainer(),
        people.administrator(of=partner, everywhere=False),
    )  # fmt: skip
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        paths = [(urls.build(rule.endpoint, {n: parts[n] for n in rule.arguments}), methods) for rule, methods in doors]
    for person in wrong:
        visitor = visit(person)
        for path, methods in paths:
            if "GET" in methods:
                assert "كناري-أ" not in visitor.get(path, status=404).words
            if "POST" in methods:
                visitor.post(path, {**fields("title", "تخريب"), "move": "up", "key": "s1"}, status=404)
    visit(people.person()).get(BASE, status=403)
    visit(people.person()).get(f"{BASE}/new", status=403)
    assert outline("closed") == before


def test_a_programme_is_made_in_ones_own_organisation_only(app, visit):
    mine, foreign = people.organisation(), people.organisation()
    desk = visit(people.administrator(of=mine, everywhere=False))
    form = {**fields("title", "Stolen"), "organisation": str(foreign.id), "audience": "employee"}
    desk.post(f"{BASE}/new", form, status=422)
    assert queries.programme_by_key("stolen") is None
    partner = people.organisation("partner")
    desk = visit(people.administrator(of=partner, everywhere=False, language="en"))
    page = desk.post(f"{BASE}/new", {**form, "organisation": str(partner.id), "audience": "any"}, status=422)
    assert "for its own people" in page.words
