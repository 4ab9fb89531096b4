"""CM5: ratings side by side: who reads what, the anonymity of peers, the level agreed on, the evidence of it all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.competencies import rules, services
from academy.competencies.models import RatingAgreement, RatingAnswer, RatingLine
from academy.competencies.queries import ratings
from academy.notices.models import Notice
from tests import concurrency
from tests.concurrency import prepared, run_together
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.ratings import Team, agreed, close, pieces, say, standing, voice_of

crowd_app = concurrency.crowd_app


@pytest.fixture
def team(app):
    return Team()


class TestAnonymity:
    def test_two_peers_are_never_shown_and_leave_no_trace(self, team):
        """TR: below the floor nothing is kept: neither a figure nor a piece of evidence."""
        found = team.open(notes_shown=True)
        for peer, level in zip(team.peers[:2], (4, 4), strict=True):
            say(found, peer, level, level, note="kenspeckle")
        say(found, team.peers[2], 1, None)
        close(found)
        first, second = ratings.lines_of(ratings.rating(found.id).rating)
        assert (first.peers.count, first.peers.total) == (3, 9) and second.peers is None
        assert ratings.handed_in(found.id, notes=True).notes == {first.id: ["kenspeckle", "kenspeckle"]}
        (piece,) = pieces(team.member, "peer")
        assert piece.by_id is None and (piece.items, piece.supports_level) == (1, 2)

    def test_figures_stay_what_they_were_at_closing(self, team):
        """Nobody subtracts two readings: nothing is shown while the round is open, and nothing moves afterwards."""
        found = team.open()
        for peer, level in zip(team.peers, (1, 2, 3, 4), strict=True):
            say(found, peer, level, level)
            assert all(line.peers is None for line in ratings.lines_of(found.rating))
        close(found)
        before = [line.peers for line in ratings.lines_of(ratings.rating(found.id).rating)]
        db.session.delete(voice_of(found, team.peers[3]).voice)
        db.session.flush()
        assert not services.close_rating(found.id, by_id=None, at=clock.now())
        assert [line.peers for line in ratings.lines_of(ratings.rating(found.id).rating)] == before
        assert before[0] == rules.Together(4, 10, 1, 4)

    def test_no_page_tells_who_said_what(self, team, visit):
        found = team.open(notes_shown=False)
        for peer, level in zip(team.peers, (1, 1, 4, 4), strict=True):
            say(found, peer, level, 2, note="kenspeckle words")
        say(found, team.member, 3, 2)
        address = f"/ratings/{found.id}"
        for who in (team.boss, team.member):
            page = visit(who).get(address)
            assert "kenspeckle" not in page.words and not page.select("td b.num")
        assert "after closing" in visit(team.boss).get(address).words
        close(found)
        page = visit(team.boss).get(address)
        assert "2.5" in page.words and "from 1 to 4" in page.words and "kenspeckle" not in page.words
        own = visit(team.member).get(address)
        assert not any(peer.name.ar in own.words for peer in team.peers)
        assert "زميل" not in visit(team.member).get("/competencies/D1.1").words

    def test_drafts_that_were_never_handed_in_are_gone_at_closing(self, team):
        found = team.open()
        say(found, team.peers[0], 4, 4, hand_in=False)
        close(found)
        assert db.session.scalars(select(RatingAnswer)).all() == []


class TestComparison:
    def test_ratings_of_others_are_read_after_ones_own(self, team, visit):
        """The learner sees the manager's rating after handing in their own; the manager theirs likewise."""
        found = team.open(voices=("self", "manager"))
        address = f"/ratings/{found.id}"
        say(found, team.boss, 4, 4, note="ملاحظة المديرة")
        own, boss = visit(team.member), visit(team.boss)
        assert "ملاحظة المديرة" not in own.get(address).words and "قائد" not in own.get(address).words
        say(found, team.member, 1, 1, hand_in=False, note="مسودة")
        assert "ملاحظة المديرة" not in own.get(address).words
        assert "مسودة" not in boss.get(address).words
        say(found, team.member, 1, 1, note="رأيي")
        assert "ملاحظة المديرة" in own.get(address).words and "قائد" in own.get(address).words
        assert "رأيي" in boss.get(address).words

    def test_who_hands_in_nothing_reads_at_closing(self, team, visit):
        found = team.open(voices=("self", "manager"))
        say(found, team.boss, 4, 4)
        close(found)
        assert "قائد" in visit(team.member).get(f"/ratings/{found.id}").words

    def test_strangers_and_peers_see_nothing(self, team, visit):
        """Wrong persons: a peer, a colleague, another manager and another organisation."""
        found = team.open()
        others = [team.peers[0], people.manager(), people.administrator(people.organisation(), everywhere=False)]
        for who in others:
            browser = visit(who)
            browser.get(f"/ratings/{found.id}", status=404)
            browser.get(f"/ratings/{found.id}/agreement", status=404)
            for act in ("close", "peers", "proposals", "answer", "agreement"):
                browser.post(f"/ratings/{found.id}/{act}", {"act": "confirm", "revision": "0"}, status=404)
            browser.get(f"/ratings/forms/{voice_of(found, team.member).voice.id}", status=404)
        member = visit(team.member)
        for act in ("close", "peers", "agreement", "proposals"):
            member.post(f"/ratings/{found.id}/{act}", {}, status=404)
        visit(team.boss).post(f"/ratings/{found.id}/answer", {"act": "confirm", "revision": "0"}, status=404)
        member.get(f"/ratings/forms/{voice_of(found, team.boss).voice.id}", status=404)
        visit(team.peers[0]).get("/ratings/new", status=403)

    def test_pages_cost_the_same_however_many_take_part(self, team, visit, statements):
        found = team.open(invited=1)
        boss, address = visit(team.boss), f"/ratings/{found.id}"

        def cost(where):
            boss.get(where)
            with statements() as seen:
                boss.get(where)
            return len(seen)

        before = cost(address), cost("/ratings")
        services.add_peers(found, team.peers[1:], at=clock.now())
        for _n in range(3):
            team.open()
        assert (cost(address), cost("/ratings")) == before
        assert before[0] <= 8 and before[1] <= 8, before


class TestAgreement:
    def test_levels_count_once_the_person_has_confirmed_them(self, team):
        """Nothing typed is a score: a level agreed on is one piece, of level 3 at most, beside the others."""
        found = team.open(voices=("self", "manager"))
        say(found, team.member, 4, 2)
        close(found)
        assert [(each.kind, each.items, each.supports_level) for each in pieces(team.member, "self")] == [
            ("self", 0, 0)
        ] * 2
        agreed(found, team.boss, 4, None, note="Talked on Sunday")
        assert pieces(team.member, "agreed") == []
        services.confirm_agreement(found, 1, at=clock.now())
        (piece,) = pieces(team.member, "agreed")
        assert (piece.items, piece.supports_level, piece.by_id) == (1, 3, team.boss.id)
        assert standing(team.member)["D1.1"].score is None
        with pytest.raises(Conflict):
            services.confirm_agreement(found, 1, at=clock.now())
        make.evidence(team.member, "D1.1", kind="observation", items=2, supports_level=3, at=clock.now())
        assert standing(team.member)["D1.1"].level == 3
        acts = select(AuditEntry.act).where(AuditEntry.subject_type == "rating").order_by(AuditEntry.id)
        assert db.session.scalars(acts).all() == [
            "competencies:rating:close", "competencies:rating:agree", "competencies:rating:answer",
        ]  # fmt: skip

    def test_a_correction_takes_the_place_of_what_was_agreed(self, team):
        found, at = team.open(voices=("self", "manager")), clock.now()
        close(found)
        agreed(found, team.boss, 3, 2, at=at)
        services.confirm_agreement(found, 1, at=at)
        agreed(found, team.boss, 1, None, at=at + timedelta(hours=1))
        make.evidence(team.member, "D1.1", kind="observation", items=2, supports_level=3, at=at)
        services.confirm_agreement(found, 2, at=at + timedelta(hours=2))
        assert [(each.revision, each.level) for each in self._kept(found)] == [(1, 3), (1, 2), (2, 1), (2, None)]
        found_standing = standing(team.member)
        assert found_standing["D1.1"].items == 3 and found_standing["D1.1"].level == 1
        assert found_standing["D2.1"].items == 0

    @staticmethod
    def _kept(found):
        lines = [line.id for line in ratings.lines_of(found.rating)]
        query = select(RatingAgreement).where(RatingAgreement.line_id.in_(lines))
        return db.session.scalars(query.order_by(RatingAgreement.revision, RatingAgreement.line_id)).all()

    def test_what_was_objected_to_never_counts_and_can_be_agreed_anew(self, team):
        found, at = team.open(voices=("manager",)), clock.now()
        close(found)
        with pytest.raises(Invalid):
            agreed(found, team.boss, None, None)
        agreed(found, team.boss, 1, 1)
        with pytest.raises(Invalid):
            services.object_to_agreement(found, 1, " ", at=at)
        services.object_to_agreement(found, 1, "We said two", at=at)
        assert services.settle_agreements(at + timedelta(days=30)) == 0
        assert pieces(team.member, "agreed") == []
        with pytest.raises(Conflict):
            services.confirm_agreement(found, 1, at=at)
        agreed(found, team.boss, 2, 2, at=at)
        services.settle_agreements(at + timedelta(days=6))
        assert pieces(team.member, "agreed") == []
        services.settle_agreements(at + timedelta(days=7))
        services.settle_agreements(at + timedelta(days=8))
        assert len(pieces(team.member, "agreed")) == 2
        told = select(Notice.kind).where(Notice.person_id == team.boss.id).order_by(Notice.id)
        assert db.session.scalars(told).all() == ["rating_closed", "rating_answered"]


@pytest.mark.concurrency
def test_closing_and_handing_in_at_once_never_lose_a_voice(crowd_app):
    """What peers handed in before the closing is in the figures; what came later is refused, never half of it."""
    with prepared(crowd_app):
        team = Team(colleagues=6)
        found = team.open()
        number, boss_id = found.id, team.boss.id
        voices = [voice_of(found, peer).voice.id for peer in team.peers]
        lines = [line.id for line in ratings.lines_of(found.rating)]
        for peer in team.peers[:3]:
            say(found, peer, 2, 2)

    def act(n):
        if n in (2, 5):
            return services.close_rating(number, by_id=boss_id, at=clock.now())
        voice = ratings.voice(voices[n])
        return services.save_rating(voice, {line: (4, "") for line in lines}, hand_in=True, at=clock.now())

    outcomes = run_together(6, act, app=crowd_app)
    assert sum(each is True for each in outcomes) == 1
    assert all(each is None or isinstance(each, bool | Conflict) for each in outcomes)
    with prepared(crowd_app):
        kept = db.session.scalars(select(RatingAnswer.level).where(RatingAnswer.line_id == lines[0])).all()
        first = db.session.get(RatingLine, lines[0])
        assert (first.peers, first.peers_sum) == (len(kept), sum(kept))
