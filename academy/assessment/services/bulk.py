"""The same act on many questions of a bank; what could not be done is told with its reason, the rest is done."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from academy.assessment.models import Question, QuestionTag, QuestionVersion
from academy.assessment.queries_of_bank import newest_number
from academy.assessment.rules.bank import MOST_TAGS, MOVES
from academy.assessment.services.categories import category_in
from academy.assessment.services.indexing import index_again
from academy.assessment.services.reviewing import take_move
from academy.base import audit
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound, Refusal
from academy.base.i18n import _, _l

MOST_AT_ONCE = 100
BULK = "assessment:question:bulk"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each question: changed (with what it was before, for undoing), or left with a reason."""

    changed: Mapping[int, str] = field(default_factory=dict)
    left: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many were changed."""
        return len(self.changed)


class _Left(Conflict):
    """The question stays as it is, for the reason given."""


Act = Callable[[Question, QuestionVersion], str]


def file_many(
    ids: Iterable[int], category_id: int | None, *, organisation_id: int, at: datetime, by_id: int
) -> Outcome:
    """Put questions under one category of their organisation (None: under none). Before: the id of the old category."""
    category = category_in(category_id, organisation_id)

    def put(question: Question, _version: QuestionVersion) -> str:
        if question.category_id == (category.id if category else None):
            raise _Left(_l("It lies there already."))
        before, question.category_id = question.category_id, category.id if category else None
        return str(before or "")

    return _each(ids, put, {"act": "move", "category": category.key if category else None}, organisation_id, at, by_id)


def tag_many(
    ids: Iterable[int], tags: Mapping[str, str], *, add: bool, organisation_id: int, at: datetime, by_id: int
) -> Outcome:
    """Give questions a tag, or take it away. One at a time, so that undoing brings back exactly what was."""
    if len(tags) != 1:
        raise Invalid(_l("Enter one tag."), field="tag")

    def mark(question: Question, version: QuestionVersion) -> str:
        has = set(db.session.scalars(select(QuestionTag.folded).where(QuestionTag.question_id == question.id)))
        touched = {folded: tag for folded, tag in tags.items() if (folded in has) != add}
        if not touched:
            raise _Left(_l("It has the tag already.") if add else _l("It does not have the tag."))
        if add and len(has) + len(touched) > MOST_TAGS:
            raise _Left(_("A question has at most %(most)s tags.", most=MOST_TAGS))
        _mark(question, touched, add=add)
        index_again(question, version.content)
        return ",".join(touched.values())

    told = {"act": "tag" if add else "untag", "tags": list(tags.values())}
    return _each(ids, mark, told, organisation_id, at, by_id)


def _mark(question: Question, tags: Mapping[str, str], *, add: bool) -> None:
    if add:
        db.session.add_all(QuestionTag(question_id=question.id, folded=key, tag=tag) for key, tag in tags.items())
    else:
        gone = delete(QuestionTag).where(QuestionTag.question_id == question.id, QuestionTag.folded.in_(tags))
        db.session.execute(gone)
    db.session.flush()


def move_many(
    ids: Iterable[int], name: str, *, organisation_id: int, at: datetime, by_id: int, note: str = ""
) -> Outcome:
    """Let questions take one of the MOVES. Before: the old state."""
    move = MOVES.get(name)
    if move is None:
        raise NotFound

    def step(question: Question, version: QuestionVersion) -> str:
        before = question.state
        if before not in move.before:
            raise _Left(_l("Its state does not allow this."))
        take_move(question, version, move, at=at, by_id=by_id, note=note)
        return before

    return _each(ids, step, {"act": name}, organisation_id, at, by_id)


def _each(
    ids: Iterable[int], act: Act, told: Mapping[str, object], organisation_id: int, at: datetime, by_id: int
) -> Outcome:
    """Do an act to each question in turn, in an order that two people at once share, and write it down once."""
    asked = list(dict.fromkeys(ids))
    if len(asked) > MOST_AT_ONCE:
        raise Invalid(_("Choose at most %(most)s questions at once.", most=MOST_AT_ONCE))
    changed: dict[int, str] = {}
    left: dict[str, list[int]] = defaultdict(list)
    for question, version in _held(asked, organisation_id):
        try:
            changed[question.id] = act(question, version)
        except Refusal as refusal:
            if refusal.field:
                raise
            left[refusal.for_reader()].append(question.id)
    if changed:
        subject = ("question", None, ", ".join(map(str, changed)))
        audit.record(
            BULK, at=at, actor_id=by_id, subject=subject, organisation_id=organisation_id,
            after={**told, "questions": len(changed)},
        )  # fmt: skip
    db.session.flush()
    return Outcome(changed, dict(left))


def _held(ids: Sequence[int], organisation_id: int) -> list[tuple[Question, QuestionVersion]]:
    mine = Question.id.in_(ids), Question.organisation_id == organisation_id
    held = select(Question).where(*mine).order_by(Question.id).with_for_update()
    db.session.scalars(held.execution_options(populate_existing=True)).all()
    outer = aliased(QuestionVersion)
    query = select(Question, outer).join(outer, outer.question_id == Question.id)
    rows = db.session.execute(query.where(*mine, outer.number == newest_number()).order_by(Question.id))
    return [(question, version) for question, version in rows]
