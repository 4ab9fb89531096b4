"""CM5: rating rounds: the rules, opening, who rates, filling in, reminders and the whole way through the pages."""

from collections import defaultdict
from datetime import timedelta
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.competencies import jobs, rules, services
from academy.competencies.models import Rating, RatingAnswer, RatingLine, RatingVoice
from academy.competencies.queries import ratings
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.ratings import ALL, Team, close, say, voice_of


@pytest.fixture
def team(app):
    return Team()


class TestRules:
    @given(st.lists(st.integers(0, 4), max_size=9))
    def test_peers_speak_only_together(self, levels):
        """Never below three, and the same whatever their order; the claim stays within what peers may claim."""
        found = rules.together(levels)
        assert (found is None) == (len(levels) < 3)
        if found is not None:
            assert found == rules.together(sorted(levels)) and found.low <= found.mean <= found.high
            share, supports = rules.claim_of_peers(found)
            assert 0 <= share <= 1 and 1 <= supports <= 2 and share * supports == min(found.shown, 2)

    @pytest.mark.parametrize("count", range(3, 8))
    def test_no_figure_tells_what_one_has_said(self, count):
        """CM5: whatever is shown could have come from answers that differ, so that nobody's is known even when all say the same."""
        alike = defaultdict(list)
        for said in combinations_with_replacement(range(5), count):
            found = rules.together(said)
            alike[found.shown, found.far_apart].append(set(said))
        assert all(any(len(said) > 1 for said in sets) for sets in alike.values())

    @given(st.lists(st.tuples(st.sampled_from(["self", "peer", "agreed"]), st.integers(0, 4)), max_size=6))
    def test_ratings_alone_prove_little(self, said):
        """What people say of themselves changes no score; no rating proves more than level 3."""
        claims = {"self": lambda n: (rules.claim_of_level(n)[0], 0), "agreed": rules.claim_of_level}
        claims["peer"] = lambda n: rules.claim_of_peers(rules.together([n, n, n]))
        found = []
        for number, (kind, level) in enumerate(said):
            share, supports = claims[kind](level)
            items = rules.counted_items(kind, 1)
            found.append(rules.Piece(f"rating:{number}", share, items, supports, make.LONG_AGO, kind=kind))
        result = rules.judge(found, make.LONG_AGO)
        without = rules.judge([each for each in found if each.kind != "self"], make.LONG_AGO)
        assert (result.score, result.level) == (without.score, without.level)
        assert (result.level or 0) <= 3

    @given(st.booleans(), st.booleans())
    def test_others_are_read_after_handing_in_or_closing(self, closed, handed_in):
        assert rules.reads_others(closed=closed, handed_in=handed_in) == (closed or handed_in)

    def test_reminders_come_three_days_and_one_day_before(self):
        end = make.LONG_AGO
        for hours, due in [(100, 0), (72, 1), (25, 1), (24, 2), (1, 2), (0, 0), (-5, 0)]:
            assert rules.reminders_due(end, end - timedelta(hours=hours)) == due


class TestOpening:
    def test_everyone_is_rated_in_what_their_role_asks_for(self, team):
        found = team.open(keys=("D2.1", "D1.1", "D2.2"))
        assert [(line.key, line.target) for line in ratings.lines_of(found.rating)] == [("D1.1", 3), ("D2.1", 2)]
        assert sorted(row.voice for row in ratings.circle_of(found.id).rows) == ["manager", *["peer"] * 4, "self"]

    def test_what_cannot_be_opened_is_blamed_on_its_field(self, team):
        at = clock.now()
        for given_, field in [
            ({"keys": ()}, "competencies"), ({"keys": ("D2.2",)}, "competencies"), ({"voices": ()}, "voices"),
            ({"days": 0}, "closes_on"), ({"days": 121}, "closes_on"),
        ]:  # fmt: skip
            with pytest.raises(Invalid) as refused:
                team.open(**given_)
            assert refused.value.field == field
        said = services.Opening("x", ("D1.1",), at, at + timedelta(days=2), ("self",))
        with pytest.raises(Invalid):
            services.open_round(said, [], leads=True, by_id=team.boss.id, at=at)
        with pytest.raises(Invalid):
            services.open_round(said, [team.member, people.person()], leads=True, by_id=team.boss.id, at=at)

    def test_whoever_opens_over_a_unit_leaves_the_rating_to_line_managers(self, team):
        """An administrator's round: the line manager rates; people without a role profile are left out."""
        admin, at = people.administrator(), clock.now()
        said = services.Opening("Unit", ("D1.1",), at, at + timedelta(days=5), ("manager",))
        (row,) = services.open_round(said, [team.member, *team.peers], leads=False, by_id=admin.id, at=at)
        (voice,) = ratings.circle_of(row.id).rows
        assert (voice.voice, voice.rater_id) == ("manager", team.boss.id)
        opened = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "competencies:rating:open")).one()
        assert opened.actor_id == admin.id and opened.after["people"] == 1

    def test_peers_are_colleagues_of_the_same_organisation_once_and_no_managers(self, team):
        found, at = team.open(invited=2), clock.now()
        stranger, left = people.person(), people.person(unit=team.unit, state="suspended")
        for who in (stranger, left, team.member, team.boss, team.peers[0]):
            with pytest.raises(Invalid):
                services.add_peers(found, [who], at=at)
        many = [people.person(unit=team.unit) for _n in range(9)]
        with pytest.raises(Invalid):
            services.add_peers(found, many, at=at)
        with pytest.raises(Conflict):
            services.add_peers(team.open(voices=("self",)), [team.peers[2]], at=at)

    def test_a_proposal_rates_once_it_is_approved(self, team):
        found, at = team.open(invited=0, proposes=True), clock.now()
        services.propose_peer(found, team.peers[0], at=at)
        with pytest.raises(IntegrityError), db.session.begin_nested():
            voice_of(found, team.peers[0]).voice.submitted_at = at
            db.session.flush()
        db.session.expire_all()
        services.approve_peer(found, voice_of(found, team.peers[0]).voice.id)
        voice = voice_of(found, team.peers[0]).voice.id
        with pytest.raises(Conflict):
            services.remove_peer(found, voice, proposed=True)
        told = select(Notice.kind).where(Notice.person_id == team.boss.id)
        assert db.session.scalars(told).all() == ["peer_proposed"]


class TestRating:
    def test_a_draft_may_have_gaps_and_what_was_handed_in_may_not(self, team):
        found = team.open()
        lines = [line.id for line in ratings.lines_of(found.rating)]
        voice = voice_of(found, team.member)
        services.save_rating(voice, {lines[0]: (2, "so far")}, hand_in=False, at=clock.now())
        assert ratings.answers_of(voice.voice.id) == {lines[0]: (2, "so far")}
        with pytest.raises(Invalid) as refused:
            services.save_rating(voice, {lines[0]: (2, "")}, hand_in=True, at=clock.now())
        assert refused.value.field == f"level_{lines[1]}"
        say(found, team.member, 2, None)
        first = voice_of(found, team.member).voice.submitted_at
        say(found, team.member, 3, 1, hand_in=False, at=first + timedelta(hours=1))
        assert voice_of(found, team.member).voice.submitted_at == first
        assert ratings.answers_of(voice.voice.id) == {lines[0]: (3, ""), lines[1]: (1, "")}
        with pytest.raises(Invalid):
            services.save_rating(voice, {lines[0]: (2, "")}, hand_in=False, at=first)

    def test_nothing_is_said_before_opening_or_after_closing(self, team):
        later = clock.now() + timedelta(days=2)
        found = team.open(at=later)
        with pytest.raises(Conflict):
            say(found, team.member, 1, 1)
        say(found, team.member, 1, 1, at=later)
        with pytest.raises(Conflict):
            say(found, team.member, 1, 1, at=later + timedelta(days=15))
        close(found, later)
        with pytest.raises(Conflict):
            say(found, team.member, 1, 1, at=later)

    def test_the_database_holds_one_rating_a_rater_and_levels_in_range(self, team):
        found = team.open()
        say(found, team.member, 1, 1)
        voice, line = voice_of(found, team.member).voice, ratings.lines_of(found.rating)[0]
        other = team.open(keys=("D1.2",))
        elsewhere = ratings.lines_of(other.rating)[0]
        row = {"voice_id": voice.id, "line_id": line.id, "rating_id": found.id, "level": 1, "note": ""}
        fresh = {**row, "voice_id": voice_of(found, team.boss).voice.id}
        for wrong in (row, {**fresh, "level": 5}, {**fresh, "level": -1}, {**fresh, "line_id": elsewhere.id}):
            with pytest.raises(IntegrityError), db.session.begin_nested():
                db.session.execute(insert(RatingAnswer), [wrong])
        twice = {"rating_id": found.id, "rater_id": team.member.id, "voice": "peer", "state": "invited", "reminders": 0}
        second = {**twice, "rater_id": people.person(unit=team.unit).id, "voice": "manager"}
        for wrong in (twice, second):
            with pytest.raises(IntegrityError), db.session.begin_nested():
                db.session.execute(insert(RatingVoice), [wrong])
        with pytest.raises(IntegrityError), db.session.begin_nested():
            row = db.session.get(RatingLine, line.id)
            row.peers, row.peers_sum, row.peers_low, row.peers_high = 2, 4, 2, 2
            db.session.flush()


class TestTime:
    def test_raters_are_told_once_reminded_twice_and_the_round_closes(self, team):
        found, at = team.open(invited=1, days=10), clock.now()
        peer = team.peers[0]
        for _n in range(2):
            services.tell_raters(at)
        say(found, team.boss, 1, 1)
        for hours in (24, 167, 169, 170, 217, 230):
            services.remind_raters(at + timedelta(hours=hours))
        of_peer = select(Notice.kind).where(Notice.person_id == peer.id).order_by(Notice.id)
        assert db.session.scalars(of_peer).all() == ["rating_asked", "rating_reminder", "rating_reminder"]
        of_boss = select(Notice.kind).where(Notice.person_id == team.boss.id)
        assert db.session.scalars(of_boss).all() == ["rating_asked"]
        assert services.close_over(at + timedelta(days=9)) == 0
        assert services.close_over(at + timedelta(days=10, seconds=1)) == 1
        assert db.session.get(Rating, found.id, populate_existing=True).state == "closed"
        assert ratings.voices_still_owed([voice_of(found, peer).voice.id]) == set()
        jobs.tell_raters()
        jobs.follow_rounds()

    def test_a_round_of_the_future_tells_nobody_yet(self, team):
        team.open(at=clock.now() + timedelta(days=3))
        assert services.tell_raters(clock.now()) == 0


def test_taking_a_colleague_out_does_not_tell_whether_they_have_rated(team, visit):
    """CM5: the manager gets the same answer either way, and what was handed in is gone unread."""
    found = team.open(invited=3)
    say(found, team.peers[0], 4, 4)
    boss, address = visit(team.boss), f"/ratings/{found.id}"
    form = boss.get(address).select_one(
        f"form:has(input[name=voice][value='{voice_of(found, team.peers[0]).voice.id}'])"
    )
    assert "deleted unread" in form["data-confirm"]
    answers = []
    for peer in team.peers[:2]:
        voice = voice_of(found, peer).voice.id
        answers.append(boss.post(f"{address}/peers", {"voice": str(voice), "act": "remove"}))
        boss.post(f"{address}/peers", {"voice": str(voice), "act": "remove"}, status=409)
    assert answers[0].words.count("takes part no more") == answers[1].words.count("takes part no more")
    assert not db.session.scalar(select(func.count()).select_from(RatingAnswer))


def test_a_round_from_opening_to_evidence_through_the_pages(team, visit):
    """CM5, I18: the whole way, the person in Arabic: opened, proposed, rated, closed, agreed, confirmed, evidence."""
    boss, own = visit(team.boss), visit(team.member)
    page = boss.get(f"/people/{team.member.id}/competencies")
    opening = page.find("a", string=lambda text: text and "rating round" in text)["href"]
    assert boss.get(opening).select_one(f"input[name=people][value='{team.member.id}']").has_attr("checked")
    body = {
        "title": "تقييم الربع", "people": [str(team.member.id)], "competencies": ["D1.1", "D2.1"], "voices": list(ALL),
        "proposes": "y", "notes_shown": "y", "opens_on": "2020-01-01", "closes_on": "2019-01-01",
    }  # fmt: skip
    page = boss.post("/ratings/new", body, status=422)
    assert page.select_one("input[name=title]")["value"] == "تقييم الربع" and "closing day" in page.words
    boss.post("/ratings/new", {**body, "closes_on": "not a day"}, status=422)
    boss.post("/ratings/new", {**body, "closes_on": (clock.now() + timedelta(days=9)).date().isoformat()})
    found = ratings.rating(db.session.scalars(select(Rating.id)).one())
    address = f"/ratings/{found.id}"
    page = own.post(f"{address}/proposals", {"email": "nobody@example.test"}, status=422)
    assert "البريد" in page.words and page.select_one("input[name=email]")["value"] == "nobody@example.test"
    own.post(f"{address}/proposals", {"email": team.peers[0].email})
    voice = voice_of(found, team.peers[0]).voice.id
    visit(team.peers[0]).get(f"/ratings/forms/{voice}", status=404)
    boss.post(f"{address}/peers", {"voice": str(voice), "act": "approve"})
    boss.post(f"{address}/peers", {"colleagues": [str(peer.id) for peer in team.peers[1:3]], "email": ""})
    boss.post(f"{address}/peers", {"voice": "x"}, status=404)
    lines = [line.id for line in ratings.lines_of(found.rating)]
    for peer in team.peers[:3]:
        number = voice_of(found, peer).voice.id
        answers = {f"level_{line}": "2" for line in lines} | {f"note_{lines[0]}": "Listens well", "act": "hand_in"}
        visit(peer).post(f"/ratings/forms/{number}", answers)
    mine = f"/ratings/forms/{voice_of(found, team.member).voice.id}"
    page = own.get(mine)
    assert "يفعل 3" in page.words and "خالد" not in page.select_one("h1").get_text()
    page = own.post(mine, {f"level_{lines[0]}": "3", f"note_{lines[0]}": "أعمل عليها", "act": "hand_in"}, status=422)
    assert page.select_one(f"[name=note_{lines[0]}]").get_text().strip() == "أعمل عليها"
    assert own.post(mine, {f"level_{lines[0]}": "9", "act": "save"}, status=422)
    own.post(mine, {f"level_{lines[0]}": "3", f"level_{lines[1]}": "none", "act": "hand_in"})
    assert mine in str(own.get("/ratings")) and "تقييم الربع" in own.get("/ratings").words
    boss.get(f"{address}/agreement", status=302)
    assert "Listens well" not in boss.get(address).words
    boss.post(f"{address}/close")
    boss.post(f"{address}/close", status=409)
    assert "Listens well" in boss.get(address).words
    levels = {f"level_{lines[0]}": "2", f"note_{lines[0]}": "اتفقنا يوم الأحد", f"level_{lines[1]}": "none"}
    boss.post(f"{address}/agreement", {**levels, f"level_{lines[1]}": "", "revision": "0"}, status=422)
    none = {name: "none" for name in levels if name.startswith("level_")}
    refused = boss.post(f"{address}/agreement", {**levels, **none, "revision": "0"}, status=422)
    assert refused.select_one(f"#level_{lines[0]}-error")
    boss.post(f"{address}/agreement", {**levels, "revision": "0"})
    assert boss.post(f"{address}/agreement", {**levels, "revision": "0"}, status=409)
    assert "اتفقنا يوم الأحد" in own.get(address).words
    own.post(f"{address}/answer", {"act": "object", "objection": "", "revision": "1"}, status=422)
    own.post(f"{address}/answer", {"act": "confirm", "revision": "1"})
    page = own.get("/competencies/D1.1")
    assert page.words.count("تقييم الربع") == 3 and "نورة" in page.words
