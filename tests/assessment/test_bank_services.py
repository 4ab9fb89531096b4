"""AS18: what happens to a question of the bank: versions, states, reviewers, comments, tags."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.models import Question, QuestionComment, QuestionTag, QuestionVersion
from academy.assessment.queries_of_bank import BankFilter, bank_rows
from academy.assessment.queries_of_banked import banked, remarks_on, states_of, versions_of
from academy.assessment.refusals_of_editing import ChangedMeanwhile
from academy.assessment.rules.bank import MOST_TAGS, fold_tag, tags_in
from academy.assessment.services import UnusableQuestion, Written
from academy.assessment.services.indexing import index_missing
from academy.base.arabic import search_terms
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound
from tests.factories import accounts as people
from tests.factories import assessment, bank, catalogue
from tests.factories.accounts import LONG_AGO, both

pytestmark = pytest.mark.usefixtures("app")
LATER = LONG_AGO + timedelta(days=1)


@pytest.fixture
def trainer(app):
    return people.trainer()


def move(question, name, by, **given):
    return services.move_state(question.id, name, at=LATER, by_id=by.id, **given).state


def edit(question, by, stem="Better?", **given):
    written = bank.written(stem=both("", stem))
    return services.keep_in_bank(question.id, written, at=LATER, by_id=by.id, **given)


def numbers(question):
    return [line.number for line in versions_of(question.id)]


def test_every_edit_is_a_version_of_its_own_and_earlier_ones_never_change(trainer):
    """AS18."""
    question = bank.question(trainer, stem=both("", "First"))
    first = banked(question.id).version
    edit(question, trainer, "Second")
    edit(question, bank.colleague(trainer), "Third")
    assert numbers(question) == [3, 2, 1]
    assert first.content["stem"]["en"] == "First" and banked(question.id).stem.en == "Third"
    assert [line.author for line in versions_of(question.id)][0] == bank.colleague(trainer).name


def test_saving_what_is_there_already_makes_no_version(trainer):
    question = bank.question(trainer, state="ready")
    now = banked(question.id)
    same = Written(now.type, now.content, now.version.competency_key, difficulty=now.version.difficulty)
    services.keep_in_bank(question.id, same, at=LATER, by_id=trainer.id, seen=now.mark)
    assert numbers(question) == [1] and question.state == "ready"


def test_an_edit_of_what_is_ready_must_be_reviewed_again_and_one_in_review_stays_there(trainer):
    ready, reviewed = bank.question(trainer, state="ready"), bank.question(trainer, state="in_review")
    edit(ready, trainer)
    edit(reviewed, trainer)
    assert (ready.state, reviewed.state) == ("draft", "in_review")
    assert states_of(ready.id)[0].after == "draft" and states_of(ready.id)[0].number == 2


def test_a_stale_edit_is_refused(trainer):
    question = bank.question(trainer)
    seen = banked(question.id).mark
    edit(question, trainer, "Mine", seen=seen)
    with pytest.raises(ChangedMeanwhile):
        edit(question, trainer, "Theirs", seen=seen)
    assert banked(question.id).stem.en == "Mine"


def test_a_retired_question_is_not_edited_until_it_is_back(trainer):
    question = bank.question(trainer, state="ready")
    assert move(question, "retire", trainer) == "retired"
    with pytest.raises(Conflict):
        edit(question, trainer)
    assert move(question, "revive", trainer) == "ready"


def test_a_question_with_problems_leaves_nothing_behind(trainer):
    bad = Written("single", {"stem": {"ar": "", "en": ""}, "options": []})
    with pytest.raises(UnusableQuestion):
        services.add_to_bank(trainer.organisation_id, bad, at=LATER, by_id=trainer.id)
    assert db.session.scalars(select(Question)).all() == []


def test_the_author_of_the_newest_version_does_not_approve_it_but_a_colleague_does(trainer):
    colleague = bank.colleague(trainer)
    question = bank.question(trainer, state="in_review")
    for name in ("approve", "return"):
        with pytest.raises(services.OwnWork):
            move(question, name, trainer, note="Well")
    edit(question, colleague)
    with pytest.raises(services.OwnWork):
        move(question, "approve", colleague)
    assert move(question, "approve", trainer) == "ready"


def test_whoever_is_alone_in_an_organisation_approves_their_own(trainer):
    people.administrator()  # of the whole academy, but of another organisation
    people.person(people.organisation())
    question = bank.question(trainer, state="in_review")
    assert move(question, "approve", trainer) == "ready"


def test_the_author_does_not_approve_as_a_member_of_another_organisation(trainer):
    """AS18: two memberships of one human being are not two people."""
    same = people.trainer(people.organisation())
    people.account(trainer, same)
    bank.colleague(trainer)
    question = bank.question(trainer, state="in_review")
    with pytest.raises(services.OwnWork):
        move(question, "approve", same)


def test_a_second_membership_of_the_author_counts_as_no_colleague(trainer):
    same = people.administrator(people.organisation(), everywhere=False)
    people.grant(same, "reviewer", bank.home(trainer))
    people.account(trainer, same)
    question = bank.question(trainer, state="in_review")
    assert move(question, "approve", trainer) == "ready"


def test_an_administrator_of_the_organisation_counts_as_a_colleague(trainer):
    people.administrator(bank.home(trainer), everywhere=False)
    question = bank.question(trainer, state="in_review")
    with pytest.raises(services.OwnWork):
        move(question, "approve", trainer)


def test_a_return_needs_a_comment_which_is_kept_with_the_version(trainer):
    question = bank.question(trainer, state="in_review")
    colleague = bank.colleague(trainer)
    with pytest.raises(Invalid) as refused:
        move(question, "return", colleague, note="  ")
    assert refused.value.field == "note" and question.state == "in_review"
    assert move(question, "return", colleague, note="Too long") == "draft"
    remark = remarks_on(question.id)[0]
    assert (remark.comment.text, remark.comment.version_number, remark.author) == ("Too long", 1, colleague.name)


@pytest.mark.parametrize(
    ("state", "name"),
    [("draft", "approve"), ("ready", "send"), ("draft", "revive"), ("retired", "retire"), ("ready", "return")],
)
def test_steps_that_a_state_does_not_know_are_refused(trainer, state, name):
    question = bank.question(trainer, state=state)
    with pytest.raises(Conflict):
        move(question, name, bank.colleague(trainer), note="x")
    assert question.state == state


def test_a_step_that_does_not_exist_is_not_found(trainer):
    with pytest.raises(NotFound):
        move(bank.question(trainer), "fly", trainer)


def test_a_review_of_another_version_than_was_seen_is_refused(trainer):
    question = bank.question(trainer, state="in_review")
    seen = banked(question.id).mark
    edit(question, trainer)
    with pytest.raises(ChangedMeanwhile):
        move(question, "approve", bank.colleague(trainer), seen=seen)
    assert question.state == "in_review"


def test_steps_stand_in_the_audit_trail(trainer):
    question = bank.question(trainer, state="ready")
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == question.id).order_by(AuditEntry.id)
    ).all()
    acts = {entry.act: entry for entry in entries if entry.subject_type == "question"}
    approved = acts["assessment:question:approve"]
    assert approved.after == {"state": "ready", "version": 1} and approved.organisation_id == trainer.organisation_id
    assert approved.actor_id != trainer.id


def test_a_comment_is_settled_and_opened_again(trainer):
    question = bank.question(trainer)
    said = services.add_comment(question.id, " Why?\x00 ", at=LONG_AGO, by_id=trainer.id)
    assert said.text == "Why?"
    for _twice in range(2):
        services.resolve_comment(said, resolved=True, at=LATER, by_id=trainer.id)
        assert said.resolved_by_id == trainer.id
    services.resolve_comment(said, resolved=False, at=LATER, by_id=trainer.id)
    assert said.resolved_at is None
    for text in ("", "x" * 2001):
        with pytest.raises(Invalid):
            services.add_comment(question.id, text, at=LATER, by_id=trainer.id)
    assert len(db.session.scalars(select(QuestionComment)).all()) == 1


def test_spellings_of_a_tag_are_one_tag():
    assert tags_in("إدارة، ادارة\nKPI, kpi ,,!") == {fold_tag("إدارة"): "إدارة", "kpi": "KPI"}


def test_a_question_has_a_limited_number_of_tags(trainer):
    question = bank.question(trainer, tags="one, two")
    many = tags_in(",".join(f"t{n}" for n in range(MOST_TAGS + 1)))
    with pytest.raises(Invalid):
        services.file_question(question.id, category_id=None, tags=many)


def test_filing_replaces_category_and_tags(trainer):
    shelf = bank.category(bank.home(trainer))
    question = bank.question(trainer, tags="قديم")
    services.file_question(question.id, category_id=shelf.id, tags=tags_in("جديد"))
    tags = db.session.scalars(select(QuestionTag.tag).where(QuestionTag.question_id == question.id)).all()
    assert (question.category_id, tags) == (shelf.id, ["جديد"])
    foreign = bank.category(people.organisation())
    with pytest.raises(NotFound):
        services.file_question(question.id, category_id=foreign.id, tags={})


def found(trainer, words):
    ask = BankFilter(trainer.organisation_id, terms=search_terms(words))
    return [row.id for row in bank_rows(bank.actor(trainer), ask)[0]]


def test_the_index_follows_edits_tags_and_the_quiz_editor(trainer):
    question = bank.question(trainer, stem=both("ما رحلة المستفيد؟", "What is a journey?"), tags="أساسيات")
    assert found(trainer, "رحله") == found(trainer, "journeys") == found(trainer, "اساسيات") == [question.id]
    edit(question, trainer, "About promises")
    assert found(trainer, "journey") == [] and found(trainer, "promise") == [question.id]
    assert found(trainer, "اساسيات") == [question.id], "tags stay through an edit"
    assert db.session.get(Question, question.id).lacking == "ar"


def test_questions_from_before_the_bank_are_indexed_by_the_job(trainer):
    course = catalogue.course(trainer=trainer)
    version = assessment.draft_quiz(course)
    item = assessment.question(version, content=assessment.content("single", stem=both("سؤال قديم", "").as_dict()))
    question = item.question_version.question
    question.search_text, question.lacking = " ", None
    db.session.flush()
    assert found(trainer, "قديم") == []
    assert index_missing(1) == 1 and index_missing() == 0
    assert found(trainer, "قديم") == [question.id] and question.lacking == "en"


def test_an_edit_from_the_bank_of_a_courses_question_keeps_its_state_and_objective(trainer):
    course = catalogue.course(trainer=trainer)
    item = assessment.question(assessment.draft_quiz(course), objective="o1")
    question = item.question_version.question
    written = bank.written(stem=both("", "New"), objective="o1")
    services.keep_in_bank(question.id, written, at=LATER, by_id=trainer.id)
    newest = db.session.scalars(
        select(QuestionVersion).where(QuestionVersion.question_id == question.id, QuestionVersion.number == 2)
    ).one()
    assert (question.state, newest.objective) == ("ready", "o1")
    assert item.question_version.number == 1, (
        "the draft of the quiz keeps what it has until somebody takes the newer one"
    )
