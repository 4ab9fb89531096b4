"""Evidence becomes standing; the pages say why, and to whom."""

from datetime import datetime, time, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from academy.assessment import services as marking
from academy.base.dates import RIYADH, riyadh_day
from academy.base.db import db
from academy.competencies import queries, services
from academy.competencies.models import Evidence, Standing
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment
from tests.factories import competencies as make
from tests.factories.accounts import LONG_AGO


def by_key(standing):
    return {each.key: each for domain in standing.domains for each in domain.competencies}


def test_evidence_counts_towards_the_role(app):
    make.framework()
    who = people.person()
    services.set_profile(who.id, "frontline", at=NOW)
    make.evidence(who, "D1.1", share=1, items=10)
    standing = queries.standing_of(who.id)
    assert (standing.met, standing.asked) == (1, 3)
    assert by_key(standing)["D1.1"].level == 2
    assert by_key(standing)["D2.1"].level is None


def test_the_same_piece_twice_is_one_piece(app):
    make.framework()
    who = people.person()
    competency_id = queries.competency_by_key("D1.1").id
    for _ in range(2):
        services.add_evidence(
            who.id,
            competency_id,
            kind="attempt",
            ref=7,
            source="quiz:1",
            course_id=None,
            title=people.both("أ", "a"),
            share=Fraction(1, 3),
            items=3,
            supports_level=2,
            observed_at=NOW,
        )
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_a_domain_pools_what_is_thin_in_each_competency(app):
    make.framework()
    who = people.person()
    make.evidence(who, "D1.1", items=2)
    make.evidence(who, "D1.2", items=2)
    standing = queries.standing_of(who.id)
    assert not by_key(standing)["D1.1"].enough
    assert standing.domains[0].score is not None and standing.domains[1].score is None


def test_loading_the_framework_again_changes_nothing(app):
    assert make.framework().id == make.framework().id


def test_heat_and_readiness_of_a_team_cost_three_statements(app, statements):
    make.framework()
    team = [people.person() for _ in range(12)]
    for who in team:
        services.set_profile(who.id, "frontline", at=NOW)
        make.evidence(who, "D1.2", items=9)
    ids = [who.id for who in team]
    with statements() as seen:
        cells, ready = queries.heat(ids), queries.readiness(ids)
    assert len(seen) == 3
    assert all(cells[i] == {"D1": 2} and ready[i] == (1, 3) for i in ids)


def test_gaps_come_largest_first(app):
    make.framework({"D1.1": 1, "D2.1": 3})
    who = people.person()
    services.set_profile(who.id, "frontline", at=NOW)
    assert [(gap.key, gap.size) for gap in queries.gaps(who.id)] == [("D2.1", 3), ("D1.1", 1)]


def test_my_page_says_what_is_proven_and_what_is_too_thin(visit):
    make.framework()
    who = people.person()
    services.set_profile(who.id, "frontline", at=NOW)
    make.evidence(who, "D1.1", items=10)
    make.evidence(who, "D1.2", items=1)
    page = visit(who).get("/competencies")
    assert "مُطبِّق" in page.words and page.h1.get_text(strip=True) == "كفاياتي"
    assert "الأدلة غير كافية" in page.words
    bar = page.select_one(".standing-list a[href$='D1.1']").parent.select_one(".level-steps")
    steps = [
        step.get("class", []) for step in bar.select("i")
    ]  # the level, not the score: who has reached a target stands at its mark
    assert [n for n, css in enumerate(steps, 1) if "proven" in css] == [1, 2]
    assert [n for n, css in enumerate(steps, 1) if "target" in css] == [2]


def test_the_page_costs_at_most_eight_statements(visit, statements):
    make.framework()
    who = people.person()
    visitor = visit(who)
    visitor.get("/competencies")
    with statements() as seen:
        visitor.get("/competencies")
    assert len(seen) <= 8


def test_the_evidence_page_opens_the_sum(visit):
    make.framework()
    who = people.person()
    make.evidence(who, "D1.1", share=Fraction(1, 2), items=6)
    words = visit(who).get("/competencies/D1.1").words
    assert "اختبار الأسس" in words and "50" in words and "cxa-2" in words


def test_an_unknown_competency_is_not_found(visit):
    make.framework()
    visit(people.person()).get("/competencies/D9.9", status=404)


def test_the_framework_can_be_read_in_both_languages(visit):
    make.framework()
    assert "مجال 1" in visit(people.person()).get("/framework").words
    assert "Domain 1" in visit(people.person(language="en")).get("/framework").words


class TestWrongPerson:
    def test_a_manager_sees_the_team_and_nobody_else(self, visit):
        make.framework()
        unit = people.org_unit()
        boss, member, stranger = people.manager(unit), people.person(unit=unit), people.person()
        make.evidence(member, "D1.1", items=10)
        visitor = visit(boss)
        assert member.name.ar in visitor.get(f"/people/{member.id}/competencies").words
        visitor.get(f"/people/{member.id}/competencies/D1.1")
        visitor.get(f"/people/{stranger.id}/competencies", status=404)
        visitor.get(f"/people/{stranger.id}/competencies/D1.1", status=404)

    def test_a_colleague_sees_nothing(self, visit):
        make.framework()
        unit = people.org_unit()
        visit(people.person(unit=unit)).get(f"/people/{people.person(unit=unit).id}/competencies", status=404)

    def test_an_administrator_of_another_organisation_sees_nothing(self, visit):
        make.framework()
        elsewhere = people.administrator(of=people.organisation(), everywhere=False)
        visit(elsewhere).get(f"/people/{people.person().id}/competencies", status=404)


def test_accepted_proof_stops_to_count_when_its_last_day_is_over(app):
    """CM5: the heat map must not go on showing a level that the evidence page says has lapsed. The last day counts whole."""
    who, last = people.person(), riyadh_day(NOW) + timedelta(days=2)
    make.framework()
    services.add_evidence(
        who.id, queries.competency_by_key("D1.1").id, kind="certificate", ref=1, source="claim:1", course_id=None,
        title=people.both("شهادة", "Certificate"), share=Fraction(1), items=3, supports_level=2, observed_at=NOW, expires_on=last,
    )  # fmt: skip
    services.recompute(who.id, [queries.competency_by_key("D1.1").id], at=NOW)
    found = db.session.query(Standing).filter_by(person_id=who.id)
    midnight = datetime.combine(last + timedelta(days=1), time(), RIYADH)
    assert services.refresh_old(midnight - timedelta(seconds=1)) == 0 and found.one().level == 2
    assert services.refresh_old(midnight) == 1
    assert (found.one().level, found.one().items) == (None, 0)
    assert services.refresh_old(midnight + timedelta(hours=6)) == 0


@pytest.mark.concurrency
@pytest.mark.parametrize("known", [False, True])
def test_what_is_proven_at_the_same_moment_all_counts(crowd_app, known):  # noqa: F811
    """R13, R14: several attempts of one learner end together, as by the clock; none fails and none is missed."""
    with prepared(crowd_app):
        make.framework()
        who, ids = people.person(), []
        for _each in range(8):
            quiz = assessment.draft_quiz()
            assessment.question(quiz, "single", competency_key="D1.1")
            marking.freeze(quiz.id, LONG_AGO)
            attempt = assessment.attempt(quiz, who)
            assessment.answer(attempt)
            ids.append(attempt.id)
        if known:
            marking.submit(ids[0], at=LONG_AGO)
    outcomes = run_together(8, lambda n: marking.submit(ids[n], at=NOW).id, app=crowd_app)
    assert winners(outcomes) == ids
    with prepared(crowd_app):
        assert [(row.pieces, row.items) for row in db.session.query(Standing)] == [(8, 8)]
