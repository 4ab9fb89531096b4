"""Prior learning and external certificates: proof, a decision with its reason, evidence with a last day."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.competencies import queries, services
from academy.competencies.models import Claim, Evidence, Standing
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import competencies as make

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def team(app):
    make.framework()
    unit = people.org_unit()
    boss = people.manager(unit, language="en")
    return boss, people.person(unit=unit, manager=boss)


def claimed(member, *, kind="prior", level=3, until=None, issued=None) -> Claim:
    at = clock.now()
    said = services.Claimed(
        kind,
        queries.competency_by_key("D1.1").id,
        level,
        "CCXP",
        "note",
        issued or riyadh_day(at) - timedelta(days=9),
        until,
    )
    return services.claim(member, said, PDF, "proof.pdf", at=at)


def test_accepted_proof_is_evidence_until_its_last_day(team):
    """CM7."""
    (boss, member), at = team, clock.now()
    until = riyadh_day(at) + timedelta(days=100)
    row = claimed(member, until=until)
    services.accept_claim(row, 2, "Seen the papers", by_id=boss.id, at=at)
    piece = db.session.scalars(select(Evidence)).one()
    assert (piece.kind, piece.supports_level, piece.expires_on, piece.by_id) == ("prior", 2, until, boss.id)
    assert db.session.scalar(select(Standing.level)) == 2
    services.recompute(member.id, [piece.competency_id], at=at + timedelta(days=102))
    assert db.session.scalar(select(Standing.level)) is None
    kinds = db.session.execute(select(Notice.person_id, Notice.kind).order_by(Notice.id)).all()
    assert kinds == [(boss.id, "claim_made"), (member.id, "claim_accepted")]
    assert db.session.scalars(select(AuditEntry.act)).all() == ["competencies:claim:decide"]
    with pytest.raises(Conflict):
        services.refuse_claim(row, "Changed my mind", by_id=boss.id, at=at)


def test_what_cannot_be_claimed_or_decided(team):
    (boss, member), at = team, clock.now()
    today = riyadh_day(at)
    for given in ({"kind": "certificate"}, {"issued": today + timedelta(days=2)}, {"until": today}):
        with pytest.raises(Invalid):
            claimed(member, **given)
    row = claimed(member)
    with pytest.raises(Invalid):
        services.accept_claim(row, 4, "x", by_id=boss.id, at=at)
    with pytest.raises(Invalid):
        services.refuse_claim(row, " ", by_id=boss.id, at=at)
    assert row.state == "waiting"


def test_a_field_of_a_day_says_how_a_day_is_written(team, visit):
    page = visit(team[1]).get("/claims/new")
    for name in ("issued_on", "valid_until"):
        about = page.select_one(f"#{name}")["aria-describedby"]
        assert "12/9/1448" in page.select_one(f"#{about}").get_text()


def test_a_field_that_asks_is_named_by_its_question_where_something_is_wrong_with_it(team, visit):
    page = visit(team[1]).post("/claims/new", {"kind": "prior"}, status=422)
    wrong = [tag.get_text(" ", strip=True) for tag in page.select(".error-summary a")]
    assert wrong[0] == "ما اسمه؟ يُرجى إدخال الاسم." and wrong[1].startswith("الكفاية: ")


def test_the_whole_way_through_the_pages(team, visit, statements):
    """CM7: hand in, read, refuse with a reason; hand in again, accept."""
    boss, member = team
    own, manager = visit(member), visit(boss)
    body = {
        "kind": "prior",
        "title": "CCXP",
        "competency": "D1.1",
        "level": "2",
        "issued_on": "2026-10-01",
        "note": "Two years",
    }
    assert "يُرجى اختيار الملف" in own.post("/claims/new", body, status=422).words
    own.post("/claims/new", body | {"proof": (io.BytesIO(b"no pdf"), "a.pdf")}, status=422)
    for act, said in (("refuse", "Not accepted"), ("accept", "Accepted")):
        own.post("/claims/new", body | {"proof": (io.BytesIO(PDF), "a.pdf")})
        row = db.session.scalars(select(Claim).order_by(Claim.id.desc())).first()
        assert "CCXP" in manager.get("/claims").words
        manager.post(f"/claims/{row.id}/decide", {"level": "2", "act": act, "reason": ""}, status=422)
        assert manager.client.get(f"/claims/{row.id}/proof").get_data() == PDF
        assert said in manager.post(f"/claims/{row.id}/decide", {"level": "2", "act": act, "reason": "Because"}).words
        assert "Because" in own.get(f"/claims/{row.id}").words
    assert "CCXP" in own.get("/competencies/D1.1").words
    for path in ("/claims", f"/claims/{claimed(member).id}"):
        with statements() as seen:
            manager.get(path)
        assert len(seen) <= 8, path


class TestWrongPerson:
    def test_nobody_else_reads_or_decides(self, team, visit):
        boss, member = team
        row = claimed(member)
        elsewhere = people.administrator(of=people.organisation(), everywhere=False)
        for who in (people.person(), people.manager(), elsewhere):
            for path in (f"/claims/{row.id}", f"/claims/{row.id}/proof"):
                visit(who).get(path, status=404)
            visit(who).post(f"/claims/{row.id}/decide", {"act": "accept", "level": "2", "reason": "x"}, status=404)
            assert "CCXP" not in visit(who).get("/claims").words
        visit(member).post(f"/claims/{row.id}/decide", {"act": "accept", "level": "2", "reason": "x"}, status=404)
        assert row.state == "waiting"
