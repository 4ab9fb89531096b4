"""The kinds of evidence, what each may claim, and that the order in which pieces arrive changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from academy.assessment.models import QuestionVersion
from academy.assessment.services import freeze, release, submit
from academy.base.db import db
from academy.base.errors import Conflict
from academy.base.text import LocalizedText
from academy.catalogue.services import Target
from academy.competencies import jobs, queries, rules, services
from academy.competencies.models import Competency, Evidence, Recomputation, Standing
from academy.competencies.rules import KINDS, Piece, judge
from academy.competencies.services.recomputing import moves
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning, programmes
from tests.factories import competencies as make

MOMENTS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=90 * n) for n in range(4)]
shares = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(3, 4), Fraction(1)])


@st.composite
def ledgers(draw):
    """Pieces as a ledger holds them: one row a kind and ref, several of one source and moment among them."""
    keys = draw(st.lists(st.tuples(st.sampled_from(list(KINDS)), st.integers(1, 3)), max_size=8, unique=True))
    return [
        Piece(
            draw(st.sampled_from(["quiz:1", "quiz:2", "observation:1"])), draw(shares),
            rules.counted_items(kind, draw(st.integers(0, 12))), draw(st.integers(0, 4)), draw(st.sampled_from(MOMENTS)),
            kind=kind, order=(KINDS[kind].rank, ref), until=draw(st.sampled_from([None, date(2026, 6, 1)])),
        )
        for kind, ref in keys
    ]  # fmt: skip


@given(ledgers(), st.randoms(use_true_random=False))
def test_scores_never_depend_on_the_order_in_which_evidence_arrives(found, random: Random):
    """CM2."""
    mixed = [*found]
    random.shuffle(mixed)
    before, after = judge(found, NOW), judge(mixed, NOW)
    assert (before.score, before.level, before.items) == (after.score, after.level, after.items)
    assert (before.weight, before.weighted) == (after.weight, after.weighted)


@given(ledgers())
def test_no_kind_proves_more_than_it_may(found):
    """CM6: several routes lead to one level, and each only as far as its kind reaches."""
    result = judge(found, NOW)
    if result.level:
        assert any(KINDS[each.kind].supports_at_most >= result.level for each in found)


@pytest.mark.parametrize(
    ("kind", "level"),
    [("attempt", 2), ("course", None), ("practice", 3), ("observation", 4), ("peer", None), ("prior", 3), ("certificate", 2), ("self", None)],
)  # fmt: skip
def test_how_far_one_perfect_piece_of_each_kind_reaches(kind, level):
    """CM6."""
    piece = Piece("x", Fraction(1), rules.counted_items(kind, 5), 4, NOW, kind=kind)
    assert judge([piece], NOW).level == level


def test_what_people_say_of_themselves_changes_nothing():
    """CM5."""
    seen = Piece("observation:1", Fraction(1, 2), 5, 3, NOW, kind="observation")
    own = Piece("self:1", Fraction(1), rules.counted_items("self", 9), 4, NOW, kind="self")
    assert judge([seen, own], NOW).score == judge([seen], NOW).score


def test_a_piece_counts_to_the_end_of_its_last_day_in_riyadh():
    piece = Piece("prior:1", Fraction(1), 3, 2, NOW, kind="prior", until=date(2026, 12, 1))
    assert judge([piece], datetime(2026, 12, 1, 20, 59, tzinfo=UTC)).level == 2
    over = judge([piece], datetime(2026, 12, 1, 21, 0, tzinfo=UTC))
    assert not over.enough and over.terms[0].lapsed


def test_a_regrade_counts_although_it_was_written_first(app):
    make.framework()
    who = people.person()
    competency_id = queries.competency_by_key("D1.1").id
    for kind, ref, share in (("regrade", 1, 1), ("attempt", 9, 0)):
        services.add_evidence(
            who.id, competency_id, kind=kind, ref=ref, source="quiz:1", course_id=None, title=LocalizedText(), share=Fraction(share),
            items=5, supports_level=2, observed_at=NOW,
        )  # fmt: skip
    services.recompute(who.id, [competency_id], at=NOW)
    assert db.session.scalar(select(Standing.level)) == 2


@pytest.mark.parametrize("values", [{"kind": "rumour"}, {"items": -1}, {"kind": "self"}])
def test_the_database_refuses_evidence_that_cannot_be(app, values):
    make.framework()
    make.evidence(people.person())
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(Evidence).values(**values))


def test_the_ledger_cuts_what_a_kind_may_not_claim(app):
    make.framework()
    make.evidence(people.person(), items=50, supports_level=4, kind="observation")
    make.evidence(people.person(), items=50, supports_level=4, kind="certificate")
    rows = db.session.execute(select(Evidence.items, Evidence.supports_level).order_by(Evidence.id)).all()
    assert rows == [(5, 4), (3, 2)]


def test_the_page_opens_the_sum_with_every_piece(visit, statements):
    """CM2: why 3.2?"""
    make.framework()
    who, boss = people.person(language="en"), people.person(name=people.both("نورة", "Noura"))
    for n, kind in enumerate(KINDS):
        make.evidence(who, "D1.1", kind=kind, items=4, supports_level=4, source=f"{kind}:{n}", at=NOW)
    db.session.execute(update(Evidence).where(Evidence.kind == "observation").values(by_id=boss.id))
    visitor = visit(who)
    with statements() as seen:
        words = visitor.get("/competencies/D1.1").words
    assert len(seen) <= 8
    for said in (
        "Over the last twelve months",
        "Month",
        "Observation at work",
        "Graded practice",
        "Self-assessment",
        "shown beside",
        "Noura",
        "÷",
        "cxa-2",
    ):
        assert said in words


class TestRecomputing:
    """When the model changes: first who would move, then all computed anew."""

    def outdated(self):
        make.framework()
        who = people.person(name=people.both("ليلى", "Layla"))
        make.evidence(who, "D1.1", items=10)
        make.evidence(who, "D1.2", items=10)
        first = select(Competency.id).where(Competency.key == "D1.1").scalar_subquery()
        db.session.execute(update(Standing).values(model_version="cxa-1"))
        db.session.execute(update(Standing).where(Standing.competency_id == first).values(level=1, score=1))
        return who

    def run(self, name):
        row = queries.last_recomputation()
        {"preview": jobs.preview, "apply": jobs.apply}[name](row.id)
        return row

    def test_a_preview_names_who_moves_and_changes_nothing(self, app):
        who = self.outdated()
        services.start_preview(actor_id=who.id, at=NOW)
        row = self.run("preview")
        assert row.moves["raised"] == 1 and row.people == 1 and row.state == "previewed"
        assert [(each.key, each.was, each.becomes) for each in queries.movers(row.movers)] == [("D1.1", 1, 2)]
        assert queries.standings_by_model() == [("cxa-1", 2)]

    def test_the_administrator_previews_and_applies(self, visit):
        self.outdated()
        visitor = visit(people.administrator(language="en"))
        visitor.post("/admin/scores/preview")
        self.run("preview")
        page = visitor.get("/admin/scores")
        assert "Layla" in page.words and "Levels that rise" in page.words
        visitor.post(page.select_one("form[action$='/apply']")["action"])
        self.run("apply")
        assert queries.standings_by_model() == [(rules.MODEL, 2)]
        assert "Computed anew" in visitor.get("/admin/scores").words

    def test_a_preview_cannot_be_applied_twice(self, app):
        who = self.outdated()
        row = services.start_preview(actor_id=who.id, at=NOW)
        assert services.start_preview(actor_id=who.id, at=NOW) is row
        self.run("preview")
        services.apply(row, actor_id=who.id, at=NOW)
        with pytest.raises(Conflict):
            services.apply(row, actor_id=who.id, at=NOW)

    def test_only_academy_administrators_open_it(self, visit):
        self.outdated()
        elsewhere = people.administrator(of=people.organisation(), everywhere=False)
        visit(elsewhere).get("/admin/scores", status=403)

    def test_another_model_moves_others(self, app):
        who = self.outdated()
        strict = replace(rules.CURRENT, name="cxa-strict", enough_items=11)
        found = moves([who.id], strict, NOW)
        assert {each["move"] for each in found} == {"lowered"}
        assert db.session.scalar(select(Recomputation)) is None


@pytest.mark.parametrize(
    ("tries", "kind", "type", "items", "level"),
    [(1, "attempt", "single", 12, 2), (3, "practice", "single", 10, 2), (3, "practice", "essay", 10, 3)],
)
def test_practice_is_written_as_practice_within_its_caps(app, tries, kind, type, items, level):
    """CM6: answers that may be tried again are practice; what no person marked supports no more than a test."""
    make.framework()
    course = catalogue.course(competencies=[Target("D1.1", 3)])
    quiz = assessment.draft_quiz(course, tries=tries)
    for _each in range(12):
        assessment.question(quiz, type, competency_key="D1.1")
    freeze(quiz.id, NOW)
    who = people.person()
    attempt = assessment.handed_in(quiz, who) if type == "essay" else assessment.graded(quiz, who, at=NOW)
    if type == "essay":
        marker = people.administrator()
        for item in assessment.essays(attempt):
            assessment.mark(item, marker)
        release(quiz.quiz_id, by_id=marker.id, at=NOW)
    for _time in range(2):
        services.note_attempt(attempt.id, at=NOW)
    (row,) = db.session.scalars(select(Evidence).where(Evidence.kind != "course"))
    assert (row.kind, row.items, row.supports_level, row.source) == (kind, items, level, f"quiz:{quiz.quiz_id}")


def test_an_attempt_proves_what_its_own_version_of_the_course_aims_at(app):
    """CM: a version published meanwhile, with a harder aim, lifts nobody who sits in the quiz of the one before."""
    make.framework()
    course, quiz = programmes.course_with_quiz(people.organisation(), competencies=[Target("D1.1", 1)])
    db.session.execute(update(QuestionVersion).values(competency_key="D1.1"))
    learner = people.person()
    learning.enrolment(learner, course)
    attempt = assessment.attempt(quiz, learner)
    draft = catalogue.draft(course)
    draft.competencies = [{"key": "D1.1", "level": 2}]
    catalogue.services.publish(course, actor_id=None, at=NOW)
    assessment.answer(attempt)
    submit(attempt.id, at=attempt.started_at)
    piece = db.session.scalars(select(Evidence).where(Evidence.kind == "attempt")).one()
    assert piece.supports_level == 1


def test_an_attempt_marked_late_revives_no_proof_that_has_run_out_meanwhile(app):
    """CM: a standing is what holds now, not what held when the answers were handed in."""
    make.framework()
    who, quiz = people.person(), assessment.draft_quiz()
    assessment.question(quiz, "single", competency_key="D1.1")
    freeze(quiz.id, NOW)
    competency = db.session.scalar(select(Competency).where(Competency.key == "D1.1"))
    services.add_evidence(
        who.id, competency.id, kind="certificate", ref=1, source="claim:1", course_id=None, title=LocalizedText("ش", "C"),
        share=Fraction(1), items=3, supports_level=2, observed_at=NOW - timedelta(days=90), expires_on=(NOW - timedelta(days=5)).date(),
    )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        assessment.graded(quiz, who, right=False, at=NOW - timedelta(days=20))
    standing = db.session.scalars(select(Standing)).one()
    assert (standing.items, standing.score, standing.computed_at) == (1, None, NOW)
