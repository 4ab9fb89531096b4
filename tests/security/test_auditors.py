"""P3, P12: an auditor reads what administrators read of the record, changes nothing anywhere, and leaves a trace of reading."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from academy.base.audit import AuditEntry
from academy.base.db import about_to_write, db
from academy.credentials.models import CertificateImport
from tests.factories import accounts as people
from tests.security.addresses import addresses
from tests.security.scene import CANARIES
from tests.security.test_foreign_acts import OWN, TOGETHER, attack, everything_kept
from tests.security.test_isolation import everything_in

pytestmark = pytest.mark.doors
# Everybody's own besides: what they take, ask for, and keep for themselves.
OWN_LEARNING = {"learning.enrol", "learning.join", "accounts.end_session"}


@pytest.fixture(scope="module")
def auditors(scene, stage):
    """The academy's auditor, who is of no house, and the auditor of one house."""
    about_to_write()
    everywhere = people.grant(people.person(email="auditor@example.test"), "auditor")
    of = db.session.get_one(type(scene["b"].organisation), scene["b"].organisation.id)
    local = people.grant(people.person(of=of, email="auditor.b@example.test"), "auditor", of=of)
    db.session.commit()
    for each in (everywhere, local):
        db.session.refresh(each)
        db.session.expunge(each)
    return {"everywhere": everywhere, "local": local}


def test_no_form_of_the_academy_changes_anything_for_an_auditor(scene, stage, entered, auditors):
    browser, wrong, since, tried = entered(auditors["everywhere"]), [], [], 0
    before = everything_kept()
    for address in addresses(stage, scene, "POST", most=1):
        everyones = address.owner == "" and address.rule.arguments and address.endpoint.startswith("learning.")
        if address.endpoint in OWN or address.endpoint in OWN_LEARNING or everyones:
            continue
        house = scene[address.owner or "a"]
        wrong += [
            (address.path, each.status_code)
            for each in attack(browser, address, house)
            if each.status_code not in ((403, 404) if address.endpoint != "credentials.verify_file" else (422,))
        ]
        tried, since = tried + 1, [*since, address.path]
        if len(since) == TOGETHER:
            after = everything_kept()
            wrong += [] if after == before else [("something was changed by one of", since)]
            before, since = after, []
    assert everything_kept() == before, since
    assert wrong == []
    assert tried > 200
    assert browser.client.get("/account").status_code == 200


@pytest.mark.parametrize("who", ["everywhere", "local"])
def test_auditors_read_their_doors_which_draw_nothing_that_changes(who, scene, stage, entered, auditors):
    """Every door that says so opens, shows no form, leads to no shut door, and tells nothing of a house it is not for."""
    browser, opened, links, wrong = entered(auditors[who]), set(), set(), []
    hidden = [] if who == "everywhere" else [canary.lower() for letter, canary in CANARIES.items() if letter != "b"]
    for address in addresses(stage, scene, "GET", most=1 if who == "everywhere" else 3):
        if not getattr(stage.view_functions[address.endpoint], "auditors", False):
            continue
        response = browser.client.get(address.path)
        assert response.status_code < 500, address.path
        said = everything_in(response)
        wrong += [(address.path, canary) for canary in hidden if canary in said]
        if response.status_code in (200, 302, 303):
            opened.add(address.endpoint)
        main = (
            BeautifulSoup(response.get_data(), "html.parser").select_one("main")
            if response.mimetype == "text/html"
            else None
        )
        if response.status_code == 200 and main:
            wrong += [(address.path, str(form)[:200]) for form in main.select("form[method=post]")]
            links |= {a["href"].partition("#")[0] for a in main.select("a[href^='/']")}
    shut = [link for link in sorted(links) if browser.client.get(link).status_code in (403, 404)]
    assert (wrong, shut) == ([], [])
    mine = scene["b"]
    for appeal in (
        f"/teach/{mine.course.key}/questions/learners/{mine.learner.id}",
        f"/attempts/{mine.graded.id}/log.csv",
    ):
        assert browser.client.get(appeal).status_code == 200, appeal
    opened |= {"assessment.learner_attempts", "assessment.export_log"}
    doors = {name for name, view in stage.view_functions.items() if getattr(view, "auditors", False)}
    everywhere_only = {"administration.jobs", "administration.settings", "notices.letters", "credentials.signing_keys",
                       "accreditation.applications", "administration.prove_audit"}  # fmt: skip
    assert doors - opened <= (set() if who == "everywhere" else everywhere_only)


def test_what_an_auditor_read_of_somebody_stands_in_the_trail(scene, stage, entered, auditors):
    """PR3: the one who checks is checked."""
    read = select(func.count()).where(
        AuditEntry.act == "accounts:record:audit", AuditEntry.subject_id == scene["c"].learner.id
    )
    before = db.session.scalar(read)
    entered(auditors["everywhere"]).get(f"/admin/people/{scene['c'].learner.id}")
    assert db.session.scalar(read) == before + 1
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.actor_id, entry.subject_type) == (auditors["everywhere"].id, "person")
    entered(scene.root).get(f"/admin/people/{scene['c'].learner.id}")
    assert db.session.scalar(read) == before + 1


def test_an_auditor_reads_imports_and_looks_which_they_can_neither_begin_nor_change(scene, stage, entered, auditors):
    """CE8, P12: what was imported for a house, who has which look; without a form, and never of another house."""
    imports = {letter: scene[letter].administrator.id for letter in ("b", "c")}
    pages = {
        letter: f"/admin/certificates/import/{db.session.scalar(select(CertificateImport.id).where(CertificateImport.owner_id == owner))}"
        for letter, owner in imports.items()
    }
    local = entered(auditors["local"])
    for path in (pages["b"], f"{pages['b']}/progress", f"/teach/{scene['b'].course.key}/certificate-template",
                 f"/admin/organisations/{scene['b'].organisation.id}/certificate-template", "/admin/certificates/import"):  # fmt: skip
        answer = local.client.get(path)
        assert answer.status_code == 200, path
        assert not BeautifulSoup(answer.get_data(), "html.parser").select("main form[method=post]"), path
    for path in (pages["c"], f"{pages['c']}/progress", f"/teach/{scene['c'].course.key}/certificate-template"):
        assert local.client.get(path).status_code == 404, path
    assert entered(auditors["everywhere"]).client.get(pages["c"]).status_code == 200
    assert entered(scene["b"].trainer).client.get(pages["b"]).status_code == 404
