"""MT1, R22: a partner's machine asks with a token of its own whether a person may serve, and learns nothing of anybody else's."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.base import clock, throttle
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid
from academy.partners import services
from academy.partners.models import PartnerToken
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import credentials, partners
from tests.factories.accounts import both


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def of(app):
    """A partner with an agreement and one person who may serve, employee 1042."""
    made, course = partners.partner(name=both("جسور", "Jusoor")), partners.required_course()
    partners.agreement(made, course)
    who = partners.member(made, employee_number="1042", email="salma@jusoor.test", name=both("سلمى", "Salma"))
    partners.certified(who, course)
    return made


def secret_of(of, name="البوابة") -> str:
    return services.make_token(of, name, actor_id=None, at=clock.now())[1]


def ask(browser, secret, status=200, **about):
    db.session.commit()  # a refusal rolls back
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    response = browser.client.get("/api/serving", query_string=about, headers=headers)
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.headers["Cache-Control"] == "no-store"
    return response.get_json()


def test_a_machine_learns_whether_and_until_when_by_any_of_three(browser, of):
    secret = secret_of(of)
    paper = db.session.scalars(select(credentials.Certificate)).one()
    said = ask(browser, secret, employee_number=" 1042 ")
    assert said == {"may_serve": "serve", "until": said["until"], "as_of": "2026-11-23"} and said["until"]
    assert ask(browser, secret, email="Salma@Jusoor.test") == said
    assert ask(browser, secret, certificate=paper.number.replace("-", "").lower()) == said
    partners.member(of, days=3, employee_number="7")
    assert ask(browser, secret, employee_number="7")["may_serve"] == "accompanied"
    credentials.revoked(paper, at=clock.now())
    assert ask(browser, secret, employee_number="1042") == {"may_serve": "not", "until": None, "as_of": "2026-11-23"}


def test_people_of_others_are_not_there(browser, of):
    """P3: the answer about somebody of another house is that about nobody."""
    other = partners.partner()
    secret = secret_of(other)
    nobody = ask(browser, secret, 404, employee_number="nobody")
    for about in ({"employee_number": "1042"}, {"email": "salma@jusoor.test"}):
        assert ask(browser, secret, 404, **about) == nobody
    number = db.session.scalars(select(credentials.Certificate.number)).one()
    assert ask(browser, secret, 404, certificate=number) == nobody


@pytest.mark.parametrize(
    "about", [{}, {"employee_number": "1", "email": "a@b.test"}, {"employee_number": " \u202e"}, {"name": "x"}]
)
def test_a_question_that_cannot_be_read_is_said_to_be_one(browser, of, about):
    assert ask(browser, secret_of(of), 400, **about)["status"] == 400


def test_odd_values_are_nobody(browser, of):
    secret = secret_of(of)
    for about in ({"employee_number": "'; --"}, {"email": "x" * 9000}, {"certificate": "٪"}):
        ask(browser, secret, 404, **about)


def test_without_a_live_token_nothing_is_told_and_guessing_is_slowed(browser, of):
    secret = secret_of(of)
    row = db.session.scalars(select(PartnerToken)).one()
    ask(browser, "", 401, employee_number="1042")
    ask(browser, secret[:-1], 401, employee_number="1042")
    services.revoke_token(row.id, actor_id=None, at=clock.now())
    ask(browser, secret, 401, employee_number="1042")
    again = secret_of(of)
    accounts.deactivate_organisation(of, at=clock.now(), actor_id=None)
    ask(browser, again, 401, employee_number="1042")
    accounts.reactivate_organisation(of, at=clock.now(), actor_id=None)
    ask(browser, again, employee_number="1042")
    for _ in range(30):
        throttle.note(db.session, "serving:127.0.0.1", at=clock.now())
    ask(browser, again, 429, employee_number="1042")


def test_a_token_asks_at_most_so_often_and_says_when_it_was_used(browser, of):
    secret = secret_of(of)
    row = db.session.scalars(select(PartnerToken)).one()
    assert row.last_used_at is None
    ask(browser, secret, employee_number="1042")
    db.session.expire_all()
    assert row.last_used_at == NOW
    for _ in range(119):
        throttle.note(db.session, f"serving:{row.id}", at=clock.now())
    ask(browser, secret, 429, employee_number="1042")
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        ask(browser, secret, employee_number="1042")


def test_it_is_shown_once_kept_as_a_digest_and_told_to_the_trail(visit, of):
    mine, here = visit(people.administrator(of, everywhere=False)), f"/admin/partners/{of.id}/tokens"
    assert mine.get(f"/admin/partners/{of.id}").find("a", href=here)
    assert "لا يملك أي جهاز" in mine.get(here).words
    assert mine.post(here, {"name": " "}, 422).find(id="name-error")
    page = mine.post(here, {"name": "بوابة القاعة"})
    secret = page.select_one(".copy-text").get_text()
    row = db.session.scalars(select(PartnerToken)).one()
    assert secret.startswith("cxs_") and secret not in str(mine.get(here)) and secret not in str(vars(row))
    assert mine.post(here, {"name": "بوابة القاعة"}, 422).find(id="name-error"), "sending the form again made another"
    mine.post(f"/admin/partners/tokens/{row.id}/revoke")
    assert "مُلغى" in mine.get(here).words
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act.like("partners:token:%"))).all()
    assert [each.act.rsplit(":", 1)[1] for each in entries] == ["make", "revoke"] and secret not in str(
        entries[0].after
    )
    mine.post(here, {"name": "بوابة القاعة"})


def test_only_those_who_look_after_the_partner_make_and_revoke_them(visit, of):
    secret_of(of)
    row, here = db.session.scalars(select(PartnerToken)).one(), f"/admin/partners/{of.id}/tokens"
    rival = people.administrator(partners.partner(), everywhere=False)
    for who in (rival, people.manager(of=of), people.trainer(of)):
        visit(who).get(here, 404)
        visit(who).post(here, {"name": "x"}, 404)
        visit(who).post(f"/admin/partners/tokens/{row.id}/revoke", {}, 404)
    db.session.expire_all()
    assert row.revoked_at is None
    visit(people.administrator()).post(f"/admin/partners/tokens/{row.id}/revoke")
    db.session.expire_all()
    assert row.revoked_at is not None


def test_a_partner_has_a_bounded_number_of_tokens(of):
    for number in range(20):
        secret_of(of, f"جهاز {number}")
    with pytest.raises(Invalid):
        secret_of(of, "آخر")
