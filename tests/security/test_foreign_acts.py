"""P3: nobody changes what is not theirs. Every address that takes a form, as everybody who should not, with valid tokens."""

import hashlib
import io
from datetime import date

import pytest
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.catalogue.models import CourseVersion
from academy.learning.models import Enrolment
from tests.factories import accounts as people
from tests.factories import templates
from tests.security import scene_of_discussions
from tests.security.addresses import addresses, all_rules, in_turn
from tests.security.conftest import undone
from tests.security.scene import COMMON
from tests.security.test_isolation import IDENTITIES, who_is

pytestmark = pytest.mark.doors

# What everybody does to nobody but themselves, or without being anybody.
OWN = {
    "accounts.sign_in": "whoever knows the password",
    "accounts.door": "whoever knows the password",
    "partners.ask": "answers alike for every address",
    "partners.confirm_request": "whoever holds the link",
    "assessment.prove_safe_browser": "one's own session",
    "accounts.sign_out": "ends one's own session",
    "accounts.switch_language": "one's own language",
    "accounts.forgot": "answers alike for every address",
    "accounts.accept": "whoever holds the link",
    "accounts.decline": "whoever holds the link",
    "accounts.reset": "whoever holds the link",
    "accounts.preferences": "one's own",
    "accounts.address": "one's own, with the password",
    "accounts.confirm_address": "whoever holds the link",
    "accounts.stop_address": "whoever holds the link",
    "accounts.withdraw_address": "one's own",
    "accounts.password": "one's own",
    "accounts.deputy": "one's own",
    "accounts.end_other_sessions": "one's own",
    "notices.read_all": "one's own",
    "notices.choices": "one's own",
    "learning.renew_calendar": "one's own",
    "learning.remove_calendar": "one's own",
    "notices.stop": "whoever holds the letter",
    "reports.new": "one's own report",
    "learning.decide_by_letter": "whoever holds the letter",
    "competencies.new_claim": "one's own",
    "competencies.make_plan": "one's own",
    "competencies.new_template": "one's own, of one's own organisation",
    "competencies.take_over_framework": "the file one chose oneself, of a framework that all organisations share",
}


def pair(text_) -> dict:
    return {"ar": f"{text_}", "en": f"{text_}"}


def fields(name: str, said: str) -> dict:
    """The two halves of a localized field."""
    return {f"{name}-ar": said, f"{name}-en": said}


def a_file(name: str = "people.csv", data: bytes = b"email,name_ar\nfresh@example.test,x\n"):
    return (io.BytesIO(data), name)


def a_person(house) -> dict:
    return {**fields("name", "Intruder"), "email": f"intruder-{house.letter}@example.test", "org_unit_id": ""}


def a_lesson(house) -> dict:
    return {
        **fields("title", "Intruder"),
        "minutes": "5",
        "required": "y",
        "kind": "lesson",
        "revision": "1",
        **fields("body", "x"),
    }


# What a form would send that is meant to work; addresses without an entry get a bare button.
BODIES = {
    "partners.edit_partner": lambda house: {**fields("name", "Intruder"), "colour": "#111111", "service_name": "Intruder"},
    "partners.seats": lambda house: {"seats": "3"},
    "partners.new_agreement": lambda house: {"reference": "Intruder", "starts_on": "2035-01-01", "ends_on": "2036-01-01"},
    "partners.close_agreement": lambda house: {"last_day": date.today().isoformat(), "reason": "Intruder"},
    "partners.add_document": lambda house: {"file": a_file("x.pdf", b"%PDF-1.4 x")},
    "partners.edit_registration": lambda house: {"open": "y", "domains": "intruder.test"},
    "partners.refuse_request": lambda house: {"reason": "Intruder"},
    "partners.end_membership": lambda house: {"reason": "other"},
    "partners.join_partner": lambda house: {"organisation_id": "1"},
    "accreditation.apply": lambda house: {"level": "1", "words": "Intruder"},
    "accreditation.hand_in": lambda house: {"ref": "promise", "file": a_file("x.pdf", b"%PDF-1.4 x")},
    "accreditation.review": lambda house: {"outcome": "return", "reason": "Intruder"},
    "accreditation.enter_measure": lambda house: {
        "criterion": "c5", "value": "90", "as_of": date.today().isoformat(), "source": "Intruder",
    },
    "accreditation.send": lambda house: {"proposed": "0"},
    "accreditation.vote": lambda house: {"in_favour": "yes", "reason": "Intruder"},
    "accreditation.decide": lambda house: {"decision_reason": "Intruder"},
    "accreditation.propose_withdrawal": lambda house: {"reason": "Intruder"},
    "partners.sign_roster": lambda house: {"on": date.today().isoformat()},
    "administration.edit_organisation": lambda house: fields("name", "Intruder"),
    "administration.lock_settings": lambda house: {"settings": ["prayers"]},
    "administration.new_organisation": lambda house: {**fields("name", "Intruder"), "kind": "agency"},
    "administration.new_unit": lambda house: {**fields("name", "Intruder"), "parent_id": ""},
    "administration.unit": lambda house: {**fields("name", "Intruder"), "parent_id": ""},
    "credentials.recertification": lambda house: {
        "window_days": "30", "grace_days": "0", "reminders": "7", "path_course_id": "", "revision": "0", "act": "save",
    },
    "administration.edit_person": a_person,
    "administration.new_person": a_person,
    "administration.name_deputy": lambda house: {
        "deputy": house.colleague.email, "starts_on": "2031-01-01", "ends_on": "2031-01-02",
    },
    "administration.add_matrix_manager": lambda house: {"manager": house.invited.email, **fields("label", "Intruder")},
    "administration.anonymise": lambda house: {"reason": "because"},
    "administration.decline_anonymisation": lambda house: {"answer": "because"},
    "administration.hold_person": lambda house: {"reason": "because"},
    "administration.suspend_person": lambda house: {"reason": "because"},
    "administration.give_role": lambda house: {"role": "administrator", "scope": f"organisation:{house.organisation.id}"},
    "administration.import_people": lambda house: {"organisation_id": str(house.organisation.id), "file": a_file()},
    "notices.letter_rules": lambda house: {
        "quiet_from": "1:00",
        "quiet_until": "2:00",
        "manager_after": "1",
        "administrator_after": "2",
    },
    "notices.wording_of": lambda house: {
        **fields("subject", "Intruder {course}"), **fields("body", "Intruder {course}"), "version": "0", "act": "save",
    },
    "notices.restore_wording": lambda house: {"version": "0"},
    "administration.settings": lambda house: {
        **fields("name", "I"), **fields("short_name", "I"), **fields("customer_word", "I"), "colour": "#112233",
    },
    "credentials.new_template": lambda house: {**fields("name", "Intruder"), "organisation": str(house.organisation.id)},
    "credentials.template_draft": lambda house: templates.form(1),
    "credentials.preview_draft": lambda house: templates.form(1),
    "credentials.ask_approval": lambda house: {"revision": "1"},
    "credentials.publish_template": lambda house: {"revision": "1"},
    "credentials.discard_draft": lambda house: {"revision": "1"},
    "credentials.use_template": lambda house: {"organisation": str(house.organisation.id)},
    "credentials.course_template": lambda house: {"template": ""},
    "credentials.import_certificates": lambda house: {
        "organisation_id": str(house.organisation.id), "file": a_file(data=b"email,key,issued on,former number\na@b.test,x,2020-01-01,1\n"),
    },  # fmt: skip
    "credentials.issue_certificates": lambda house: {"whom": "all", "digest": "x"},
    "credentials.apply_certificate_import": lambda house: {"digest": "x"},
    "credentials.revoke": lambda house: {"reason_class": "error", "reason": "because", "meant": "y"},
    "credentials.propose_revocation": lambda house: {"reason_class": "error", "reason": "because"},
    "credentials.confirm_revocation": lambda house: {"meant": "y"},
    "credentials.correct_certificate": lambda house: {**fields("name", "Intruder"), "reason": "because"},
    "credentials.ask_correction": lambda house: {**fields("name", "Intruder"), "reason": "because"},
    "credentials.withdraw_name_request": lambda house: {},
    "credentials.refuse_name_request": lambda house: {"refusal": "because"},
    "credentials.confirm_correction": lambda house: {"meant": "y"},
    "credentials.decline_correction": lambda house: {"answer": "because"},
    "credentials.propose_key": lambda house: {"seen": "x", "reason": "because"},
    "credentials.confirm_key": lambda house: {"meant": "y"},
    "credentials.decline_key": lambda house: {"answer": "because"},
    "credentials.decline_revocation": lambda house: {"answer": "because"},
    "credentials.hold_certificate": lambda house: {"hold_class": "inquiry", "hold_reason": "because"},
    "credentials.release_certificate": lambda house: {"release_reason": "because"},
    "catalogue.new": lambda house: {**fields("title", "Intruder"), "organisation": str(house.organisation.id)},
    "catalogue.access": lambda house: {"key": "stolen", "audience": "everyone", "public": "y", "revision": "1"},
    "catalogue.trainers": lambda house: {"person": str(house.colleague.id), "act": "add"},
    "catalogue.details": lambda house: {**fields("title", "Intruder"), "level": "1", "hours": "1", "revision": "1"},
    "catalogue.add_unit": lambda house: fields("title", "Intruder"),
    "catalogue.unit": lambda house: {**fields("title", "Intruder"), "revision": "1"},
    "catalogue.add_activity": a_lesson,
    "catalogue.activity": a_lesson,
    "catalogue.images": lambda house: {"image": a_file("a.png"), "image_alt": "x"},
    "catalogue.markdown": lambda house: {"source": "**x**"},
    "catalogue.new_term": lambda house: fields("term", "Intruder"),
    "catalogue.edit_term": lambda house: {**fields("term", "Intruder"), "revision": "1"},
    "assessment.edit_rules": lambda house: {**fields("title", "Intruder"), "pass_percent": "1", "layout": "all", "navigation": "free", "counting": "best", "tries": "1"},
    "assessment.new_section": lambda house: {**fields("title", "Intruder"), "questions": []},
    "assessment.new_question": lambda house: {**fields("stem", "Intruder"), "points": "1", "difficulty": "1"},
    "assessment.edit_question": lambda house: {**fields("stem", "Intruder"), "points": "1", "difficulty": "1"},
    "assessment.banked_edit": lambda house: {**fields("stem", "Intruder"), "difficulty": "1"},
    "assessment.banked_state": lambda house: {"act": "retire"},
    "assessment.banked_comment": lambda house: {"text": "Intruder"},
    "catalogue.decide_review": lambda house: {"act": "return", "reason": "Intruder"},
    "catalogue.comment_draft": lambda house: {"text": "Intruder"},
    "assessment.banked_filing": lambda house: {"category": "0", "tags": "intruder"},
    "assessment.edit_category": lambda house: {**fields("name", "Intruder"), "category": "0"},
    "assessment.remove_category": lambda house: {"lift": "yes"},
    "assessment.bank_bulk": lambda house: {"organisation": str(house.organisation.id), "question": "1", "act": "retire"},
    "assessment.bank_undo": lambda house: {"organisation": str(house.organisation.id), "undo": "1:", "act": "retire"},
    "assessment.bank_import_apply": lambda house: {"take": "0"},
    "assessment.give_question": lambda house: {"how": "move", "category": "0"},
    "assessment.lent_question": lambda house: {"points": "9"},
    "assessment.answer": lambda house: {"seen-1": "0", "a1": "p1", "go": "save"},
    "learning.new_programme": lambda house: {
        **fields("title", "Intruder"), "organisation": str(house.organisation.id), "audience": "employee",
    },
    "learning.programme_details": lambda house: {**fields("title", "Intruder"), "revision": "1"},
    "learning.programme_entry": lambda house: {"way": "request", "answer_days": "1", "entry_revision": "1"},
    "learning.course_entry": lambda house: {"way": "assignment", "answer_days": "1", "revision": "1", "seats": "1"},
    "learning.decide_request": lambda house: {"answer": "refuse", "reason": "Intruder"},
    "learning.programme_access": lambda house: {"audience": "employee", "code": "stolen", "revision": "1"},
    "learning.add_group": lambda house: fields("title", "Intruder"),
    "learning.edit_group": lambda house: {**fields("title", "Intruder"), "revision": "1"},
    "learning.add_step": lambda house: {"kind": "project", **fields("title", "Intruder")},
    "learning.edit_step": lambda house: {"kind": "project", **fields("title", "Intruder"), "revision": "1"},
    "learning.add_prerequisite": lambda house: {"kind": "undertaking", **fields("title", "Intruder")},
    "learning.edit_prerequisite": lambda house: {"kind": "undertaking", **fields("title", "Intruder"), "revision": "1"},
    "learning.order_steps": lambda house: {"key": "s1", "move": "down"},
    "learning.order_prerequisites": lambda house: {"key": "p1", "move": "down"},
    **scene_of_discussions.BODIES,
    "learning.undertaking": lambda house: {"agreed": "y", "digest": "0" * 64},
    "learning.confirm_identity": lambda house: {"method": "seen"},
    "competencies.new_profile": lambda house: {**fields("name", "Intruder"), "key": "intruder"},
    "competencies.edit_profile": lambda house: {**fields("name", "Intruder"), "level-D1.1": "4", "revision": "0"},
    "competencies.profile_suggestions": lambda house: {"chosen": "D1.1", "revision": "0"},
    "competencies.job_profiles": lambda house: {"job": "99", "profile": "frontline"},
    "competencies.person_profiles": lambda house: {"profiles": "frontline"},
    "competencies.person_level": lambda house: {"competency": "D1.1", "level": "4", "reason": "Intruder"},
    "competencies.new_framework": lambda house: {**fields("title", "Intruder"), "key": "intruder"},
    "competencies.framework_details": lambda house: {**fields("title", "Intruder"), "label": "9"},
    "competencies.framework_scale": lambda house: fields("name1", "Intruder"),
    "competencies.import_new_framework": lambda house: {"key": "intruder", "file": a_file("a.yaml", b"format: x")},
    "competencies.import_framework": lambda house: {"file": a_file("a.yaml", b"format: x")},
    "competencies.add_domain": lambda house: {**fields("name", "Intruder"), "key": "X1"},
    "competencies.edit_domain": lambda house: fields("name", "Intruder"),
    "competencies.add_competency": lambda house: {**fields("name", "Intruder"), "key": "X1.1", "domain": "D1"},
    "competencies.edit_competency": lambda house: {**fields("name", "Intruder"), "domain": "D1"},
    "competencies.change_part": lambda house: {"retire": "D1.1"},
    "assessment.accommodations": lambda house: {"extra_percent": "50", "larger_text": "y"},
    "notices.prayer_pause": lambda house: {"kept": "y", "place": "makkah", "minutes_before": "1", "minutes_after": "2"},
    "assessment.person_dates": lambda house: {"quiz": str(house.quiz.quiz_id), "ends_at": "2031-01-01 10:00"},
    "assessment.course_dates": lambda house: {
        "email": house.colleague.email, "quiz": str(house.quiz.quiz_id), "ends_at": "2031-01-01 10:00",
    },
    "assessment.new_accommodation_group": lambda house: {
        "reach": f"organisation:{house.organisation.id}:0", "quiz": "0", "extra_percent": "50", "act": "grant",
    },
    "assessment.course_group_dates": lambda house: {
        "reach": f"organisation:{house.organisation.id}:0", "quiz": str(house.quiz.quiz_id), "ends_at": "2031-01-01 10:00",
        "act": "grant",
    },
    "assessment.hints": lambda house: {"outcome": "dismissed", "note": "Intruder"},
    "learning.working_days": lambda house: {"weekend": "5", "opens": "1:00", "closes": "2:00"},
    "learning.new_holiday": lambda house: {**fields("name", "Intruder"), "first_on": "2031-01-01"},
    "learning.new_short_hours": lambda house: {
        **fields("name", "Intruder"), "first_on": "2031-01-01", "opens": "1:00", "closes": "2:00",
    },
    "learning.calendar_entry": lambda house: {
        **fields("name", "Intruder"), "first_on": "2031-01-01", "opens": "1:00", "closes": "2:00",
    },
    "learning.ask_exemption": lambda house: {"note": "Intruder"},
    "learning.ask_step_exemption": lambda house: {"note": "Intruder"},
    "learning.propose_exemption": lambda house: {"course": house.course.key, "note": "Intruder"},
    "learning.exemption": lambda house: {"reason": "Intruder"},
    "learning.extend_due_day": lambda house: {"to_day": "2031-01-01", "reason": "Intruder"},
    "learning.new_rule_in": lambda house: {
        **fields("name", "Intruder"), "reach": "0", "thing": f"course:{house.course.id}", "match": "all",
        "due_kind": "never", "consequence": "keep",
    },
    "learning.edit_rule": lambda house: {
        **fields("name", "Intruder"), "match": "all", "due_kind": "never", "consequence": "keep",
    },
    "learning.import_holidays": lambda house: {"lines": "2031-01-01, Intruder"},
    "learning.place": lambda house: {"opened": "1"},
    "learning.time_spent": lambda house: {"seconds": "60"},
    "learning.time_spent_on_quiz": lambda house: {"seconds": "60"},
    "insights.assign": lambda house: {
        "step": "confirm", "course": str(house.course.id), "whom": "chosen", "people": str(house.learner.id), "due_on": "2030-01-01",
    },
    "mailings.new_mailing": lambda house: {
        "course": str(house.course.id), "whom": "overdue", **fields("title", "Intruder"), **fields("text", "Intruder"),
    },
    "mailings.edit_mailing": lambda house: {
        "course": str(house.course.id), "whom": "overdue", **fields("title", "Intruder"), **fields("text", "Intruder"),
    },
    "reports.name": lambda house: {"title": "Intruder"},
    "reports.columns": lambda house: {"columns": ["person"], "order_by": ""},
    "reports.groups": lambda house: {"figure_1": "count:"},
    "reports.where": lambda house: {"act": "save", "node": ["g r"]},
    "reports.share": lambda house: {"role": "manager"},
    "reports.letters": lambda house: {"rhythm": "daily"},
    "reports.export": lambda house: {"kind": "csv"},
    "reports.small_groups": lambda house: {"of": str(house.organisation.id), "threshold": "9"},
    "competencies.observe": lambda house: {"competencies": ["D1.1"]},
    "competencies.add_to_plan": lambda house: {"act": "evidence", "competency": "D1.1", "kind": "claim"},
    "competencies.remove_from_plan": lambda house: {"item": "1"},
    "competencies.move_plan": lambda house: {"act": "take_back"},
    "competencies.decide_plan": lambda house: {"act": "approve", "revision": "2", "reason": "Intruder"},
    "competencies.ask_review": lambda house: {"competency": "D1.1", "note": "Intruder"},
    "competencies.answer_review": lambda house: {"act": "decline", "reason": "Intruder"},
    "competencies.name_assessor": lambda house: {"email": house.colleague.email},
    "competencies.withdraw_review": lambda house: {},
    "competencies.add_to_template": lambda house: {
        "act": "evidence", "competency": "D1.1", "level": "2", "kind": "claim", **fields("practice", "Intruder"),
    },
    "competencies.change_template": lambda house: {"act": "retire"},
    "competencies.use_template": lambda house: {},
    "competencies.decide_claim": lambda house: {"act": "accept", "level": "2", "reason": "Intruder"},
    "competencies.new_goal": lambda house: {"title": "Intruder", "success": "Intruder", "due_on": "2027-03-01", "competency": ""},
    "competencies.edit_goal": lambda house: {"title": "Intruder", "success": "Intruder", "due_on": "2027-03-01", "competency": ""},
    "competencies.decide_goal": lambda house: {"act": "agree", "reason": "Intruder"},
    "competencies.check_in": lambda house: {"progress": "50", "note": "Intruder"},
    "competencies.self_part": lambda house: {"act": "hand_in", "self_part": "Intruder"},
    "competencies.managers_part": lambda house: {"act": "sign", "revision": "0", "manager_part": "Intruder", "talked_on": "2027-01-03"},
    "competencies.answer_appraisal": lambda house: {"act": "confirm", "revision": "0"},
    "competencies.open_cycle": lambda house: {**fields("title", "Intruder"), "unit": "o1", "opens_on": "2027-01-03", "closes_on": "2027-06-01"},
    "competencies.answer_observation": lambda house: {"act": "confirm"},
    "competencies.choose_peers": lambda house: {"email": house.colleague.email},
    "competencies.propose_peer": lambda house: {"email": house.colleague.email},
    "competencies.agree": lambda house: {"revision": "0"},
    "competencies.answer_agreement": lambda house: {"act": "object", "revision": "0", "objection": "Intruder"},
    "insights.remind": lambda house: {"enrolment": str(house.enrolment.id)},
}  # fmt: skip
TOGETHER = 75  # addresses tried between two looks at every row
ASKED = {"administration.new_person": "?organisation={}"}


def everything_kept() -> str:
    """A digest of every row of every table."""
    db.session.commit()
    digest = hashlib.sha256()
    for table in db.metadata.sorted_tables:
        rows = db.session.connection().exec_driver_sql(f'SELECT * FROM "{table.name}"').all()
        digest.update(f"{table.name}:{sorted(map(repr, rows))}".encode())
    return digest.hexdigest()


def send(browser, address, data, **kwargs):
    """Post as the browser would, with a valid token; what the answer is, is for the test to judge."""
    body = {**data, "csrf_token": browser.csrf_token()}
    return browser.client.post(address, data=body, **kwargs)


def is_refused(response, stranger: bool) -> bool:
    """Whether an answer is a refusal: for strangers the way to the sign-in page, for others an error."""
    if stranger and response.status_code == 302:
        return response.headers["Location"].startswith("/sign-in")
    return response.status_code in (401, 403, 404, 422)


@pytest.mark.parametrize("name", IDENTITIES)
def test_no_form_of_another_organisation_can_be_sent(name, scene, stage, entered):
    person, letter = who_is(scene, name), IDENTITIES[name][1]
    browser, wrong, tried = entered(person), [], 0
    before, since = everything_kept(), []
    for address in in_turn(addresses(stage, scene, "POST", most=2), letter, first=list(IDENTITIES).index(name)):
        if address.endpoint in OWN or (address.owner == letter and letter):
            continue
        own_rule = address.owner == "" and address.rule.arguments
        if own_rule and address.endpoint.startswith(("learning.", "discussions.")):
            continue  # courses for everyone are everyone's to take, and to talk about among one's own
        for house in (h for h in scene.houses.values() if address.owner in ("", h.letter) and h.letter != letter):
            tried += 1
            answers = attack(browser, address, house)
            wrong += [(address.path, each.status_code) for each in answers if not is_refused(each, person is None)]
        since.append(address.path)
        if len(since) == TOGETHER:
            after = everything_kept()
            wrong += [] if after == before else [("something was changed by one of", since)]
            before, since = after, []
    assert everything_kept() == before, since
    assert wrong == []
    assert tried > 100
    assert browser.client.get("/account").status_code == (302 if person is None else 200)


def attack(browser, address, house) -> list:
    """Send what a form of a foreign house would send, and what its script would; return the answers."""
    data = BODIES.get(address.endpoint, lambda _house: {})(house)
    answers = [send(browser, address.path + ASKED.get(address.endpoint, "").format(house.organisation.id), data)]
    if address.endpoint == "assessment.save":
        body = {"attempt": house.open.id, "items": [{"position": 1, "response": {"text": "x"}}]}
        body |= {"client_key": "intruder-1", "client_sequence": 1}
        headers = {"X-CSRFToken": browser.csrf_token()}
        answers.append(browser.client.post(address.path, json=body, headers=headers))
    return answers


def test_every_form_is_attacked_or_is_ones_own(scene, stage):
    known = {rule.endpoint for rule in all_rules(stage, "POST")}
    attacked = {address.endpoint for address in addresses(stage, scene, "POST")}
    assert known - attacked - set(OWN) == set()
    assert set(OWN) <= known
    assert set(BODIES) <= known, "a form that no longer exists"


# --- Foreign ids inside the form of one's own thing -----------------------------------------------------


def test_an_administrator_cannot_pull_foreign_people_units_or_roles_in(scene, stage, entered):
    mine, foreign = scene["b"], scene["a"]
    browser, person = entered(mine.administrator), f"/admin/people/{mine.learner.id}"
    record = {**fields("name", "Mine"), "email": mine.learner.email}
    tries = [
        (f"{person}/edit", record | {"org_unit_id": str(foreign.unit.id)}),
        (f"{person}/edit", record | {"org_unit_id": "", "manager": foreign.manager.email}),
        (f"{person}/roles", {"role": "administrator", "scope": "academy"}),
        (f"{person}/roles", {"role": "manager", "scope": f"unit:{foreign.unit.id}"}),
        (f"{person}/roles", {"role": "trainer", "scope": f"organisation:{foreign.organisation.id}"}),
        (f"/admin/units/{mine.unit.id}", {**fields("name", "Mine"), "parent_id": str(foreign.unit.id)}),
        (f"/admin/organisations/{mine.organisation.id}/units/new", {**fields("name", "M"), "parent_id": str(foreign.unit.id)}),
        ("/admin/people/import", {"organisation_id": str(foreign.organisation.id), "file": a_file()}),
    ]  # fmt: skip
    before = everything_kept()
    for path, data in tries:
        response = send(browser, path, data)
        assert response.status_code == 422, (path, data, response.status_code)
        assert foreign.canary.lower() not in strip_typed(response, data), path
    assert everything_kept() == before


def test_a_foreign_address_takes_nothing_from_its_owner(scene, stage, entered):
    """ID11: it is written down as any other; the sign-in stays its owner's, and so does everything of theirs."""
    mine, foreign = scene["b"], scene["a"]
    with undone(stage):
        people.account(db.session.get(Person, foreign.learner.id))
        people.account(db.session.get(Person, mine.learner.id))
        record = {**fields("name", "Mine"), "email": foreign.learner.email, "org_unit_id": ""}
        response = send(entered(mine.administrator), f"/admin/people/{mine.learner.id}/edit", record)
        theirs, ours = (db.session.get_one(Person, each.learner.id, populate_existing=True) for each in (foreign, mine))
        assert response.status_code == 302 and ours.email == theirs.email == theirs.account.email != ours.account.email
        assert foreign.canary in theirs.name.en


def strip_typed(response, data) -> str:
    """What a page says besides what was typed into it."""
    said = response.get_data(as_text=True).lower()
    for typed in data.values():
        if isinstance(typed, str) and len(typed) > 3:
            said = said.replace(typed.lower(), "")
    return said


def test_an_import_cannot_touch_or_describe_people_of_another_organisation(scene, stage, entered):
    """R35: what a row would do to somebody else's person is refused, and nothing of that person is shown."""
    mine, foreign = scene["b"], scene["a"]
    rows = f"email,name_ar,manager\n{foreign.learner.email},مسروق,\nfresh@example.test,جديد,{foreign.manager.email}\n"
    with undone(stage):
        browser = entered(mine.administrator)
        data = {"organisation_id": str(mine.organisation.id), "file": a_file(data=rows.encode())}
        page = browser.get(send(browser, "/admin/people/import", data).headers["Location"])
        shown = page.words.lower().replace(foreign.learner.email, "").replace(foreign.manager.email, "")
        assert foreign.canary.lower() not in shown
        digest = page.select_one("[name=digest]")
        if digest is not None:
            send(browser, page.select_one("form[action$=apply]")["action"], {"digest": digest["value"]})
        assert db.session.get_one(Person, foreign.learner.id).name.ar == f"{COMMON} learner {foreign.canary}"


def test_a_manager_cannot_assign_to_or_remind_people_of_others(scene, stage, entered):
    mine, foreign = scene["a"], scene["b"]
    browser, due = entered(mine.manager), date(2030, 1, 1).isoformat()
    form = {"step": "confirm", "course": str(scene.shared.id), "due_on": due, "note": ""}
    before = everything_kept()
    for data in (
        form | {"whom": "chosen", "people": str(foreign.learner.id)},
        form | {"whom": "chosen", "people": [str(mine.learner.id), str(foreign.learner.id)]},
        form | {"whom": "group", "scope": f"u{foreign.unit.id}"},
        form | {"whom": "chosen", "people": str(mine.learner.id), "course": str(foreign.course.id)},
    ):
        assert send(browser, "/team/assign", data).status_code in (404, 422), data
        assert send(browser, "/team/assign", data | {"step": "preview"}).status_code in (404, 422), data
    assert send(browser, "/team/remind", {"overdue": "1", "scope": f"u{foreign.unit.id}"}).status_code == 404
    elsewhere = select(Enrolment.id).where(Enrolment.learner_id == foreign.colleague.id)
    for number in db.session.scalars(elsewhere).all():
        assert send(browser, "/team/remind", {"enrolment": str(number)}).status_code == 404
    assert everything_kept() == before


def test_a_course_cannot_get_foreign_trainers_or_hidden_prerequisites(scene, stage, entered):
    mine, foreign = scene["b"], scene["a"]
    browser, path = entered(mine.administrator), f"/teach/{mine.course.key}"
    before = everything_kept()
    send(browser, f"{path}/trainers", {"person": str(foreign.trainer.id), "act": "add"})
    version = db.session.scalar(select(CourseVersion).filter_by(course_id=mine.course.id, state="draft"))
    details = {**fields("title", "Mine"), "level": "1", "hours": "1", "revision": str(version.revision)}
    response = send(browser, f"{path}/details", details | {"prerequisites": str(foreign.course.id)})
    assert response.status_code == 422
    assert everything_kept() == before


def test_one_learner_cannot_walk_in_anothers_enrolment_by_mixing_ids(scene, stage, entered):
    """Own enrolment with a foreign activity, foreign enrolment with an own activity."""
    mine, foreign = scene["b"], scene["a"]
    browser = entered(mine.learner)
    before = everything_kept()
    for address in addresses(stage, scene, "POST"):
        if set(address.rule.arguments) == {"enrolment_id", "activity_key"} and address.owner == "a":
            mixed = address.path.replace(address.path.split("/")[2], str(foreign.enrolment.id))
            assert send(browser, mixed, {}).status_code == 404
            own = address.path.replace(address.path.split("/")[2], str(mine.enrolment.id))
            assert send(browser, own.replace(address.path.split("/")[3], "no-such-activity"), {}).status_code == 404
    assert everything_kept() == before
