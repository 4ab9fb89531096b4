"""Observation forms: at the counter, signed by both, evidence once they count."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.competencies import jobs, queries, services
from academy.competencies.models import Evidence, Observation
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import competencies as make


@pytest.fixture
def team(app):
    make.framework()
    unit = people.org_unit()
    boss, member = people.manager(unit, name=people.both("نورة", "Noura"), language="en"), people.person(unit=unit)
    services.set_profile(member.id, "frontline", at=clock.now())
    return boss, member


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


def draft(boss, member, levels=None) -> Observation:
    ids = queries.competency_ids(["D1.1", "D2.1"])
    at = clock.now()
    chosen = {ids[key]: level for key, level in (levels or {"D1.1": 3, "D2.1": 2}).items()}
    return services.start_observation(member.id, boss.id, chosen, observed_on=at.date(), at=at)


def sent(boss, member, marks=("always", None), cases=4) -> Observation:
    row, at = draft(boss, member), clock.now()
    lines = queries.observation_lines(row.id)
    seen = {line.id: (line.level, mark) for line, mark in zip(lines, marks, strict=True)}
    services.save_observation(row, services.Seen(at.date(), "Counter 3", cases, "Calm and clear", seen), at=at)
    services.send_observation(row, at=at)
    return row


def pieces(person):
    return db.session.scalars(select(Evidence).where(Evidence.person_id == person.id)).all()


def test_what_was_seen_counts_once_both_have_signed(team):
    """CM2, CM6: an observation proves a level that no test can prove."""
    boss, member = team
    row = sent(boss, member)
    assert pieces(member) == []
    services.confirm_observation(row, at=clock.now())
    (piece,) = pieces(member)
    assert (piece.kind, piece.items, piece.supports_level, piece.by_id) == ("observation", 4, 3, boss.id)
    found = {each.key: each.level for domain in queries.standing_of(member.id).domains for each in domain.competencies}
    assert found["D1.1"] == 3 and found["D2.1"] is None
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject_type == "observation").order_by(AuditEntry.id)
    ).all()
    assert acts == ["competencies:observation:send", "competencies:observation:answer"]
    kinds = db.session.execute(select(Notice.person_id, Notice.kind).order_by(Notice.id)).all()
    assert kinds == [(member.id, "observation_sent"), (boss.id, "observation_answered")]


def test_what_was_objected_to_never_counts(team):
    boss, member = team
    row = sent(boss, member)
    with pytest.raises(Invalid):
        services.object_to_observation(row, "  ", at=clock.now())
    services.object_to_observation(row, "It was my colleague", at=clock.now())
    services.settle_observations(clock.now() + timedelta(days=30))
    assert pieces(member) == [] and row.state == "objected"
    with pytest.raises(Conflict):
        services.confirm_observation(row, at=clock.now())


def test_silence_of_a_week_lets_it_count_once(team):
    boss, member = team
    row = sent(boss, member)
    services.settle_observations(row.sent_at + timedelta(days=7) - timedelta(seconds=1))
    assert row.state == "sent"
    services.settle_observations(row.sent_at + timedelta(days=7))
    services.settle_observations(row.sent_at + timedelta(days=8))
    assert row.state == "settled" and len(pieces(member)) == 1
    jobs.settle()


def test_nothing_is_signed_that_marks_nothing_or_lies_ahead(team):
    boss, member = team
    row, at = draft(boss, member, {"D2.1": 2, "D1.1": 3}), clock.now()
    with pytest.raises(Invalid) as refused:
        services.send_observation(row, at=at)
    assert refused.value.field == f"mark_{queries.observation_lines(row.id)[0].id}"
    with pytest.raises(Invalid):
        services.save_observation(row, services.Seen(at.date() + timedelta(days=3), "", 1, "", {}), at=at)
    with pytest.raises(Invalid):
        services.keep_photo(row, b"%PDF-1.4 x", "a.pdf", at=at)
    with pytest.raises(Invalid):
        services.start_observation(member.id, boss.id, {}, observed_on=at.date(), at=at)


def test_the_whole_way_through_the_pages(team, visit):
    """CM2: a manager watches, saves, adds a photograph and signs; the person confirms; the sum shows it."""
    boss, member = team
    manager = visit(boss)
    assert "Observe at work" in manager.get(f"/people/{member.id}/competencies").words
    page = manager.get(f"/people/{member.id}/observe")
    assert page.select_one("input[name=competencies]")["value"] == "D1.1"
    manager.post(f"/people/{member.id}/observe", {}, status=422)
    page = manager.post(f"/people/{member.id}/observe", {"competencies": ["D1.1", "D1.2"]})
    (row,) = db.session.scalars(select(Observation)).all()
    lines = [line.id for line in queries.observation_lines(row.id)]
    address = f"/observations/{row.id}/draft"
    body = {"observed_on": "2026-11-22", "place": "Counter 3", "cases": "3", "note": "Calm", f"level_{lines[0]}": "3"}
    body |= {f"level_{lines[1]}": "1", f"mark_{lines[0]}": "always", f"mark_{lines[1]}": ""}
    assert "Enter a day such as" in manager.post(address, body | {"observed_on": "soon"}, status=422).words
    assert "Does 3" in manager.post(address, body | {"photo": (io.BytesIO(picture()), "a.png")}).words
    assert visit(member).get(f"/observations/{row.id}", status=404)
    unmarked = manager.post(address, body | {f"mark_{lines[0]}": "", "act": "sign"}, status=422)
    assert unmarked.select_one(f"#mark_{lines[0]}-error") and not unmarked.select_one("#observed_on-error")
    manager.post(address, body | {"act": "sign"})
    manager.post(address, body, status=404)
    own = visit(member)
    assert "نورة" in own.get("/observations").words
    page = own.get(f"/observations/{row.id}")
    assert page.select_one("img.observation-photo") and "Calm" in page.words
    assert own.client.get(f"/observations/{row.id}/photo").mimetype == "image/png"
    own.post(f"/observations/{row.id}/answer", {"act": "object", "reason": ""}, status=422)
    own.post(f"/observations/{row.id}/answer", {"act": "confirm"})
    assert "ملاحظة أداء في العمل" in own.get("/competencies/D1.1").words
    assert "Confirmed" in manager.get(f"/observations/{row.id}").words


def test_a_draft_can_be_thrown_away(team, visit):
    boss, member = team
    row = draft(boss, member)
    visit(boss).post(f"/observations/{row.id}/discard")
    assert db.session.scalar(select(func.count()).select_from(Observation)) == 0


def test_a_list_costs_the_same_however_long(team, visit, statements):
    boss, member = team
    visitor = visit(member)
    sent(boss, member)
    visitor.get("/observations")
    costs = []
    for _ in range(2):
        with statements() as seen:
            visitor.get("/observations")
        costs.append(len(seen))
        for _more in range(5):
            sent(boss, member)
    assert costs[0] == costs[1] <= 8


class TestWrongPerson:
    def test_only_those_who_lead_somebody_observe_them(self, team, visit):
        boss, member = team
        colleague, elsewhere = people.person(), people.administrator(of=people.organisation(), everywhere=False)
        for who in (member, colleague, elsewhere, people.manager()):
            visit(who).get(f"/people/{member.id}/observe", status=404)
        visit(boss).get(f"/people/{boss.id}/observe", status=404)

    def test_nobody_else_reads_writes_or_answers(self, team, visit):
        boss, member = team
        row, stranger = sent(boss, member), people.manager()
        for who in (stranger, people.person()):
            visit(who).get(f"/observations/{row.id}", status=404)
            visit(who).get(f"/observations/{row.id}/photo", status=404)
            visit(who).post(f"/observations/{row.id}/answer", {"act": "confirm"}, status=404)
        visit(boss).post(f"/observations/{row.id}/answer", {"act": "confirm"}, status=404)
        assert row.state == "sent"

    def test_who_leads_no_more_cannot_sign(self, team, visit):
        boss, member = team
        row = draft(boss, member)
        member.org_unit_id = people.org_unit().id
        visit(boss).get(f"/observations/{row.id}/draft", status=404)
