"""P3: nobody sees what is not theirs. Every address, as everybody, with every id: no canary of another organisation.

A rule that is added is attacked by itself; one whose parts are new must be taught to `addresses.py`, or it fails here.
"""

import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from flask import render_template

from academy.web import errors
from tests.security.addresses import addresses, all_rules, in_turn
from tests.security.scene import CANARIES, COMMON, PEER
from tests.turns import turn

pytestmark = pytest.mark.doors

# May be opened by whoever holds the secret in the address; what they show is tested in their slices.
HOLDERS_ONLY = {
    "credentials.verified": "the public register answers whoever holds a certificate's number",
    "credentials.verified_transcript": "the public register answers whoever holds a transcript's number",
    "credentials.achievement": "wallets read what a badge is for, which names nobody",
    "credentials.older_class": "wallets read what a badge is for, which names nobody",
    "credentials.older_assertion": "a hosted badge answers whoever holds its certificate's number",
    "partners.verify_roster": "the public register answers whoever holds a roster's number, without names",
    "accreditation.verified": "the public register answers whoever holds an accreditation's number",
    "partners.may_serve": "machines at a door ask by a certificate's number and learn nothing of its holder",
    "accounts.door": "a partner's sign-in page shows its own name to whoever has the address",
    "accounts.door_theme": "and its colour",
    "partners.ask": "strangers see a partner's name and units where they ask to join it",
    "partners.asked": "and its name afterwards",
    "partners.confirmed": "and its name afterwards",
    "accounts.accept": "the link of an invitation greets the person it was sent to",
    "accounts.confirm_address": "the link in the new mailbox shows its address",
    "accounts.stop_address": "the link in the former mailbox shows that address",
    "accounts.reset": "the link for a new password names the person it was sent to",
}
# The peer is the learner's matrix manager: where one chooses whom to write to, a learner may read that name.
NAMES_LEADERS = {"messages.choose", "messages.begin"}
IDENTITIES = {
    "a stranger": (None, ""),
    "a learner of A": ("a.learner", "a"),
    "a manager of A": ("a.manager", "a"),
    "a trainer of A": ("a.trainer", "a"),
    "an administrator of B": ("b.administrator", "b"),
    "a learner of B": ("b.learner", "b"),
}
# Opened with the frame, which is the same on every page.
WHOLE = ("/", "/courses", "/account", "/notices", "/team", "/teach", "/marking", "/admin/people")
# What may be asked for behind the question mark: words that all houses share, and the ids of foreign houses.
WORDS = {
    "learning.catalogue", "catalogue.teach", "learning.roster", "learning.export_roster", "insights.team", "insights.export",
    "insights.assign", "insights.late", "administration.people", "administration.audit", "administration.export_audit",
    "credentials.administration", "learning.participants", "catalogue.glossary", "assessment.bank", "assessment.take_questions",
    "discussions.threads",
}  # fmt: skip
FILTERS = {
    "insights.team": "scope=u{unit}",
    "insights.export": "scope=u{unit}",
    "insights.competency_map": "scope=u{unit}",
    "insights.export_map": "scope=u{unit}",
    "insights.month_places": "scope=u{unit}",
    "insights.readiness_people": "scope=u{unit}",
    "insights.compliance": "unit=u{unit}",
    "insights.compliance_duties": "unit=u{unit}&course={course_id}&place={unit}",
    "insights.export_compliance": "unit=u{unit}",
    "insights.assign": "course={course}&people={learner}&people={colleague}&scope=u{unit}",
    "insights.late": "organisation={organisation}",
    "administration.people": "organisation={organisation}&unit={unit}",
    "administration.new_person": "organisation={organisation}",
    "credentials.administration": "organisation={organisation}",
    "assessment.bank": "organisation={organisation}",
    "assessment.bank_categories": "organisation={organisation}",
    "assessment.bank_export": "organisation={organisation}",
    "assessment.bank_import": "organisation={organisation}",
    "assessment.new_category": "organisation={organisation}",
    "assessment.item_results": "quiz={quiz}",
    "assessment.export_results": "quiz={quiz}",
    "assessment.survey_results": "survey={quiz}",
    "assessment.export_survey": "survey={quiz}",
}


def who_is(scene, name):
    """The person behind an identity."""
    path, _letter = IDENTITIES[name]
    return getattr(scene[path[0]], path[2:]) if path else None


def everything_in(response) -> str:
    """All text that an answer carries: its headers and its body, spreadsheets unpacked."""
    data = response.get_data()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"\n".join(book.read(name) for name in book.namelist())
    text = data.decode("utf-8", "replace")
    return f"{unquote(str(response.headers))}\n{text}".lower()


def main_of(response) -> str:
    """What an answer says, without what differs from request to request."""
    body = response.get_data(as_text=True)
    found = re.search(r"<main.*?</main>", body, re.DOTALL)
    return found.group() if found else re.sub(r'"reference": ?"[^"]*"', "", body)


def with_questions(scene, address, letter):
    """The address itself, then as a search for what all share, and with the ids of foreign houses as filters."""
    yield address.path
    if address.endpoint in WORDS:
        yield f"{address.path}?q={COMMON}"
    if address.endpoint in FILTERS and address.owner in ("", letter):
        for house in scene.houses.values():
            if house.letter != letter:
                ids = {"organisation": house.organisation.id, "unit": house.unit.id, "course": house.course.key}
                ids |= {"course_id": house.course.id}
                ids |= {"learner": house.learner.id, "colleague": house.colleague.id, "quiz": house.quiz.id}
                yield f"{address.path}?{FILTERS[address.endpoint].format(**ids)}"


@pytest.mark.parametrize("name", IDENTITIES)
def test_nothing_of_another_organisation_can_be_seen_or_told_from_what_does_not_exist(
    name, scene, stage, entered, frameless
):
    """Every page, file, export and search, in HTML and JSON. ASVS 8.4.1: foreign ids behave as not existing."""
    letter = IDENTITIES[name][1]
    visit, leaks, told, opened = Crawl(entered(who_is(scene, name)), letter), [], [], 0
    # Doors tell nobody apart by what they accept, so that in JSON one foreign house stands for all: not that of HTML.
    # Every other door is tried by the one, the rest by the next.
    in_json = in_turn(addresses(stage, scene, "GET", most=1), letter, first=1)
    for address in turn(in_json, list(IDENTITIES).index(name), 2):
        if address.endpoint not in HOLDERS_ONLY:
            response = visit.get(address.path, "application/json")
            said = everything_in(response)
            leaks += [(address.path, canary) for canary in visit.unseen_on(address) if canary in said]
            if address.owner not in ("", letter):
                told += visit.compare(address, "application/json")
    for address in in_turn(addresses(stage, scene, "GET"), letter):
        if address.endpoint in HOLDERS_ONLY:
            continue
        for path in with_questions(scene, address, letter):
            response = visit.get(path)
            opened += response.status_code == 200
            said = everything_in(response)
            leaks += [(path, canary) for canary in visit.unseen_on(address) if canary in said]
        if address.owner not in ("", letter):
            told += visit.compare(address, "text/html")
    assert (leaks, told) == ([], [])
    assert opened > (25 if letter else 5)
    assert visit.client.get("/account").status_code == (200 if letter else 302), (
        "the session did not last through the crawl"
    )


class Crawl:
    """One identity's way through the academy."""

    def __init__(self, browser, letter: str) -> None:
        self.client, self.answers = browser.client, {}
        self.forbidden = [canary.lower() for other, canary in CANARIES.items() if other != letter]
        if letter and browser.person.email.startswith("learner"):
            self.forbidden.append(PEER.lower())

    def unseen_on(self, address) -> list[str]:
        """The canaries that this identity may not receive on a page."""
        named = {PEER.lower()} if address.endpoint in NAMES_LEADERS else set()
        return [canary for canary in self.forbidden if canary not in named]

    def get(self, path, accept="text/html"):
        """Open an address; a failure of the server is never an answer."""
        if (path, accept) not in self.answers:
            response = self.client.get(path, headers={"Accept": accept})
            assert response.status_code < 500, path
            self.answers[path, accept] = response
            if response.status_code == 200 and not response.is_json:
                self.answers[path, "text/html"] = response  # who asks for HTML is given this same page
        return self.answers[path, accept]

    def compare(self, address, accept) -> list:
        """Say if an address can be told apart from the same one with an id that does not exist."""
        for _again in range(2):  # a message of a page before is shown once, on whichever comes next
            foreign, missing = self.get(address.path, accept), self.get(address.nowhere, accept)
            if same(foreign, missing):
                return []
            del self.answers[address.path, accept]
            self.answers.pop((address.nowhere, accept), None)
        return [(address.path, accept, foreign.status_code, missing.status_code)]


def same(foreign, missing) -> bool:
    """Whether two answers cannot be told apart; a redirect to the sign-in page names the page that was asked for."""
    if foreign.status_code != missing.status_code:
        return False
    if foreign.status_code in (301, 302):
        return all(answer.headers["Location"].startswith("/sign-in?next=") for answer in (foreign, missing))
    return main_of(foreign) == main_of(missing)


def test_the_frame_of_a_page_and_of_a_refusal_tells_nothing_either(scene, stage, entered, monkeypatch):
    """The attacks above read pages and refusals without their frame; here are some with it, for everybody."""
    monkeypatch.setattr(errors, "render_template", render_template)
    for name, (_path, letter) in IDENTITIES.items():
        visit = Crawl(entered(who_is(scene, name)), letter)
        course, person = scene["c"].course.key, scene["c"].learner.id
        for path in (f"/admin/people/{person}", f"/courses/{course}", f"/teach/{course}", "/no-such-page"):
            response = visit.get(path)
            said = everything_in(response)
            assert response.status_code == 404 or response.location.startswith("/sign-in"), (name, path)
            assert "csrf-token" in said or response.location, (name, path)
            assert [canary for canary in visit.forbidden if canary in said] == [], (name, path)
        for path in WHOLE:
            response = visit.get(path)
            said = everything_in(response)
            assert "mainnav" in said or response.status_code != 200, (name, path)
            assert [canary for canary in visit.forbidden if canary in said] == [], (name, path)
        assert visit.get("/courses").status_code == 200, name


def test_the_academys_administrator_sees_every_organisation(scene, stage, entered):
    browser, seen = entered(scene.root), ""
    for path in (
        "/admin/people",
        "/admin/organisations",
        "/admin/audit.csv",
        "/admin/certificates",
        "/admin/letters",
        "/teach",
    ):
        response = browser.client.get(path)
        assert response.status_code == 200, path
        seen += everything_in(response)
    assert [letter for letter, canary in CANARIES.items() if canary.lower() not in seen] == []


def test_every_rule_is_attacked(scene, stage):
    """A rule that nobody can fill raises; one that has no row in the scene would be attacked by nothing."""
    attacked = {(method, each.endpoint) for method in ("GET", "POST") for each in addresses(stage, scene, method)}
    known = {(method, rule.endpoint) for method in ("GET", "POST") for rule in all_rules(stage, method)}
    assert known - attacked == set()
    assert {("GET", endpoint) for endpoint in HOLDERS_ONLY} <= known


def test_the_public_register_says_nothing_but_what_stands_on_the_paper(scene, stage, entered):
    browser, house = entered(None), scene["b"]
    for accept in ("text/html", "application/json"):
        text = everything_in(browser.client.get(f"/verify/{house.certificate.number}", headers={"Accept": accept}))
        for private in (
            house.learner.email,
            house.learner.employee_number,
            f"إدارة {house.canary}",
            f"وظيفة {house.canary}",
        ):
            assert private.lower() not in text
